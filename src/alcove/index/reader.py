"""From an answer of an index to rows, by what the answer says it is, checked against what it is.

Rule: a page that is not what its Content-Type says is refused with that reason; nothing is guessed.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any, NamedTuple

from alcove.errors import FetchError
from alcove.files.data import DataError
from alcove.index import html_page, json_page
from alcove.index.urls import join, redact, scheme

if TYPE_CHECKING:
    from alcove.index.fetch import Answer

__all__ = ["ACCEPT", "PAGE_LIMIT", "Rows", "read_rows"]

ACCEPT = (
    "application/vnd.pypi.simple.v1+json, "
    "application/vnd.pypi.simple.v1+html; q=0.1, "
    "text/html; q=0.01"
)
PAGE_LIMIT = 64 << 20
"""Bytes of the largest page that is read, after decoding; the largest of the public index has about 20 MB."""

_JSON = {"application/vnd.pypi.simple.v1+json", "application/json"}
_HTML = {"application/vnd.pypi.simple.v1+html", "text/html", "application/xhtml+xml"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# codecs of Python that are no charset of a page; some take time by the square of the length
_NOT_OF_PAGES = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
_HINT = "check that the address is that of an index (PEP 503): it usually ends in /simple"


class Rows(NamedTuple):
    """A page taken apart: `form` "html" or "json", `base` for relative addresses, rows of (file name, known)."""

    form: str
    base: str
    rows: list[tuple[str, Any]]


def read_rows(answer: Answer) -> Rows:
    """Return what a page lists; raises FetchError where it is no page of an index."""
    where = redact(answer.url)
    kind, charset = _content_type(answer)
    marked = _by_mark(answer.body)
    if kind in _JSON:
        # RFC 8259: it is UTF-8; with a byte order mark it is read all the same, as pip does
        data = answer.body.decode(marked, errors="replace").encode() if marked else answer.body
        if data.lstrip().startswith(b"<"):
            raise FetchError(f"{where}: says that it is JSON, and is HTML", hint=_HINT)
        try:
            page = json_page.parse(data)
        except DataError as error:
            raise FetchError(f"{where}: no index page in JSON: {error}", hint=_HINT) from None
        _check_api(page.api, where)
        return Rows("json", answer.url, page.rows)
    if kind not in _HTML:
        shown = kind or "no content type"
        raise FetchError(f"{where}: answered with {shown}, which is no index page", hint=_HINT)
    text = answer.body.decode(marked or _codec(charset), errors="replace")
    if text.lstrip().startswith(("{", "[")):
        raise FetchError(f"{where}: says that it is HTML, and is JSON", hint=_HINT)
    if "\0" in text[:1024]:
        told = f"in {charset}, and is binary data or of another charset"
        raise FetchError(f"{where}: says that it is HTML {told}", hint=_HINT)
    found = html_page.parse(text)
    _check_api(found.api, where)
    base = join(answer.url, found.base) if found.base else answer.url
    good = scheme(base) in {"http", "https"} or scheme(answer.url) == "file"
    return Rows("html", base if good else answer.url, found.rows)


def _by_mark(body: bytes) -> str:
    """Return the codec that a byte order mark names, or "": it counts more than what the answer says, as in browsers."""
    return next((codec for mark, codec in _MARKS if body.startswith(mark)), "")


def _codec(charset: str) -> str:
    """Return the codec of a charset of text; "utf-8" for one that is unknown, or that is none of text."""
    try:
        found = codecs.lookup(charset)
        b"a".decode(charset, errors="replace")  # refuses what decodes to bytes
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if found.name in _NOT_OF_PAGES else found.name


def _content_type(answer: Answer) -> tuple[str, str]:
    """Return (media type in lower case, charset); a file of ours, which has none, is told by its name."""
    if scheme(answer.url) == "file":
        is_json = answer.body.lstrip()[:1] == b"{" and answer.url.endswith(".json")
        return ("application/json" if is_json else "text/html"), "utf-8"
    kind, _, parameters = answer.headers.get("content-type", "").partition(";")
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip(" \"'")
    return kind.strip().lower(), charset or "utf-8"


def _check_api(version: str, where: str) -> None:
    # PEP 629: a client must fail where the major version is one that it does not know
    major = version.partition(".")[0].strip()
    if major and major != "1":
        raise FetchError(
            f"{where}: speaks version {version[:20]} of the index protocol; alcove knows version 1",
            hint="a newer alcove may know it",
        )
