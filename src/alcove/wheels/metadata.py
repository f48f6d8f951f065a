"""METADATA and WHEEL, read quickly: header lines up to the first blank one, without the `email` package.

Rule: only line feeds end lines (as for the index that served the file), so no form feed or Unicode
separator in a summary can smuggle in a header.
"""

from __future__ import annotations

from alcove.errors import InvalidWheel
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NamedTuple
else:
    from alcove.records import NamedTuple

__all__ = ["Metadata", "headers", "parse"]

_SINGLE = frozenset(("name", "version", "requires-python", "metadata-version"))


class Metadata(NamedTuple):
    """What a resolver and a view need to know; all values as written, without surrounding blanks."""

    metadata_version: str
    name: str
    version: str
    requires_python: str
    requires: tuple[str, ...]
    extras: tuple[str, ...]
    dynamic: tuple[str, ...]  # field names in lower case (PEP 643)


def headers(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (field name in lower case, value) of each header; continuation lines are joined by a newline.

    The encoding is UTF-8 (core metadata specification); what is not is read as Latin-1, as old wheels meant it.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    name, value = "", ""
    for raw in data.split(b"\n"):
        line = raw.rstrip(b"\r")
        if not line:
            break
        text = _text(line)
        if text[0] in " \t":
            value += "\n" + text.strip()
            continue
        if name:
            yield name, value
        name, separator, value = text.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not separator:
            name = ""
    if name:
        yield name, value


def parse(data: bytes, where: str) -> Metadata:
    """Return what the METADATA or PKG-INFO file `data` says; `where` is for errors (InvalidWheel)."""
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {"requires-dist": [], "provides-extra": [], "dynamic": []}
    for name, value in headers(data):
        if name in several:
            several[name].append(value)
        elif name in _SINGLE and single.setdefault(name, value) != value:
            raise InvalidWheel(f"{where}: two lines {name.title()!r} that differ")
    for name in ("name", "version"):
        if not single.get(name):
            raise InvalidWheel(f"{where}: no line {name.title()!r}")
    return Metadata(
        single.get("metadata-version", ""),
        single["name"],
        single["version"],
        single.get("requires-python", ""),
        # Long requirements of old metadata go over several lines.
        tuple(value.replace("\n", " ") for value in several["requires-dist"]),
        tuple(several["provides-extra"]),
        tuple(value.lower() for value in several["dynamic"]),
    )


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
