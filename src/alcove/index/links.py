"""From what a page says of one file to a `File`: attributes in HTML (PEP 503, 592, 658), keys in JSON (PEP 691).

Rule: a value of the wrong form counts as not given; only a link without a usable address is no file.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from alcove.index.file import File, Hashes
from alcove.index.html_page import attributes
from alcove.index.urls import basename, join, scheme, without_credentials, without_fragment

__all__ = ["egg_of", "from_html", "from_json"]

_ALGORITHMS = {"sha256", "sha384", "sha512", "sha3_256", "sha224", "sha1", "md5", "blake2b"}
_SCHEMES = {"http", "https", "file"}


def from_html(raw: str, *, base: str, project: str, version: str) -> File | None:
    """Return the file of an anchor; `raw` holds its attributes, `base` is the page's URL or `<base>`."""
    found = attributes(raw)
    url = _address(base, found.get("href", ""))
    if not url:
        return None
    _, _, fragment = url.partition("#")
    metadata = found.get("data-core-metadata", found.get("data-dist-info-metadata"))
    return File(
        project=project,
        version=version,
        filename=basename(url),
        url=without_fragment(url),
        kind=_kind(basename(url)),
        hashes=_pairs(fragment),
        requires_python=found.get("data-requires-python", "").strip(),
        yanked=found.get("data-yanked"),
        size=None,
        upload_time=found.get("data-upload-time", ""),
        metadata=_offered(metadata),
    )


def egg_of(raw: str) -> str:
    """Return what `#egg=` says in the address of an anchor, whose attributes `raw` holds; "" where it says nothing."""
    fragment = attributes(raw).get("href", "").partition("#")[2]
    words = (word.partition("=") for word in fragment.split("&"))
    return next((unquote(value) for name, _, value in words if name == "egg"), "")


def from_json(
    filename: str, known: dict[str, Any], *, base: str, project: str, version: str
) -> File | None:
    """Return the file of an item of `files`."""
    url = _address(base, _text(known.get("url")))
    if not url:
        return None
    size = known.get("size")
    yanked = known.get("yanked")
    # PEP 714: core-metadata counts where both keys are there
    metadata = known.get("core-metadata", known.get("dist-info-metadata"))
    return File(
        project=project,
        version=version,
        filename=filename,
        url=without_fragment(url),
        kind=_kind(filename),
        hashes=_table(known.get("hashes")),
        requires_python=_text(known.get("requires-python")).strip(),
        yanked=_text(yanked) if yanked else None,
        size=size if type(size) is int and size >= 0 else None,
        upload_time=_text(known.get("upload-time")),
        metadata=_table(metadata)
        if isinstance(metadata, dict)
        else ()
        if metadata is True
        else None,
    )


def _address(base: str, reference: str) -> str:
    url = without_credentials(join(base, reference)) if reference else ""
    kind = scheme(url)
    if kind not in _SCHEMES:
        return ""
    if kind == "file" and scheme(base) != "file":
        return ""  # a page from the network does not send us to this disk
    return url


def _kind(filename: str) -> str:
    return "wheel" if filename.endswith(".whl") else "sdist"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _pairs(fragment: str) -> Hashes:
    """Return the hashes in `sha256=...&egg=...`."""
    words = [word.partition("=") for word in fragment.split("&")]
    return tuple((name, value.lower()) for name, _, value in words if name in _ALGORITHMS and value)


def _table(value: object) -> Hashes:
    if not isinstance(value, dict):
        return ()
    return tuple(
        (name, digest.lower())
        for name, digest in value.items()
        if name in _ALGORITHMS and isinstance(digest, str) and digest
    )


def _offered(value: str | None) -> Hashes | None:
    # PEP 658: the value is "true" or HASHNAME=HASHVALUE
    if not value or value == "false":
        return None
    return _pairs(value)
