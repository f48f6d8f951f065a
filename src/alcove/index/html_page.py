"""Pages in HTML (PEP 503): every anchor's file name and its attributes as they stand, in one pass.

Rule: tolerant as browsers are, and linear: no input makes it slow. Attributes are taken apart only for the
files that somebody asks for. (`html.parser` takes six times as long on a page of 4,300 links.)
"""

from __future__ import annotations

import re
from html import unescape

from alcove.index.urls import basename, without_credentials

__all__ = ["HtmlPage", "attributes", "parse"]

# An attribute's value may hold `>` where it is quoted. Possessive, and without an end that must match: a quote
# that is never closed ends the match where it stands, so no text is walked twice.
# The inner group is the path of a `href` that stands first, the form of nearly every page.
_ANCHOR = re.compile(
    r"""<[aA][\s/]((?:href="([^"#?]*+)[^"]*+")?(?:[^>"']++|"[^"]*+"|'[^']*+')*+)>?"""
)
_ODD = re.compile(r"[&%@\s\\]")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?""")
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|textarea)\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_HAS_HIDDEN = re.compile(r"<!--|<(?:script|style|template|textarea)\b", re.IGNORECASE)
_TAG = r"""<{}[\s/]((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>"""
_BASE = re.compile(_TAG.format("base"), re.IGNORECASE)
_META = re.compile(_TAG.format("meta"), re.IGNORECASE)
_BLANKS = str.maketrans("\t\n\r", "   ")


class HtmlPage:
    """What a page says: `base` (a `<base href>` or ""), `api` (PEP 629 version or ""), `rows`.

    A row is (file name, attributes of the anchor, still escaped, without line breaks).
    """

    __slots__ = ("api", "base", "rows")

    def __init__(self, base: str, api: str, rows: list[tuple[str, str]]) -> None:
        self.base = base
        self.api = api
        self.rows = rows


def parse(text: str) -> HtmlPage:
    """Return the links of a page; a text without any gives no rows."""
    if _HAS_HIDDEN.search(text):
        text = _HIDDEN.sub(" ", text)
    rows = []
    for raw, path in _ANCHOR.findall(text):
        if path and not _ODD.search(path) and "\n" not in raw:
            filename = path[path.rfind("/") + 1 :]
        else:
            href = attributes(raw).get("href", "").strip()
            filename = basename(href)
            raw = _one_line(raw, href)  # noqa: PLW2901  one loop for both forms: it is the hot one
        if filename:
            rows.append((filename, raw))
    # HTML: only the first <base> counts, and it stands in the head
    return HtmlPage(_first(_BASE, text), _api(text), rows)


def attributes(raw: str) -> dict[str, str]:
    """Return an anchor's attributes: names in lower case, values unescaped; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def _one_line(raw: str, href: str) -> str:
    """Return attributes that can stand in a line of the cache: no breaks, and no credentials."""
    if "\n" in raw or "\t" in raw or "\r" in raw:
        raw = raw.translate(_BLANKS)
    bare = without_credentials(href) if "@" in href else href
    if bare != href:
        kept = {**attributes(raw), "href": bare}
        return " ".join(f'{name}="{_escaped(value)}"' for name, value in kept.items())
    return raw


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").translate(_BLANKS)


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text, 0, 1 << 14)
    return attributes(match[1]).get("href", "").strip() if match else ""


def _api(text: str) -> str:
    for match in _META.finditer(text, 0, 1 << 14):
        found = attributes(match[1])
        if found.get("name", "").lower() == "pypi:repository-version":
            return found.get("content", "")
    return ""
