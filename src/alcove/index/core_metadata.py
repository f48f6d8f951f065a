"""The head of METADATA and PKG-INFO, read as far as trust in it needs: name, version, what is dynamic.

The full reader of metadata lives with the wheels; this one answers whether the bytes belong to the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.errors import InvalidWheel
from alcove.index.filenames import normalised, version_of

if TYPE_CHECKING:
    from alcove.index.file import File

__all__ = ["METADATA_LIMIT", "check", "fields", "is_static"]

METADATA_LIMIT = 16 << 20
"""Bytes of the largest metadata that is read."""

_NEEDED = {"requires-dist", "requires-python", "provides-extra"}


def fields(data: bytes) -> list[tuple[str, str]]:
    r"""Return (name in lower case, value) of the head: all up to the first empty line, folded lines joined.

    >>> fields(b"Name: six\nSummary: a\n  b\n\nbody: no")
    [('name', 'six'), ('summary', 'a b')]
    """
    found: list[tuple[str, str]] = []
    for line in data.decode(errors="replace").split("\n"):
        bare = line.rstrip("\r")
        if not bare:
            break
        if bare[0] in " \t" and found:
            name, value = found[-1]
            found[-1] = name, f"{value} {bare.strip()}"
        else:
            name, _, value = bare.partition(":")
            found.append((name.strip().lower(), value.strip()))
    return found


def check(file: File, data: bytes) -> bytes:
    """Return `data` if it is metadata of `file`'s project and version; raises InvalidWheel."""
    known = dict(reversed(fields(data)))
    name, version = known.get("name", ""), known.get("version", "")
    if "metadata-version" not in known or not name or not version:
        raise InvalidWheel(f"{file.filename}: its metadata has no name or version")
    if normalised(name) != file.project:
        raise InvalidWheel(f"{file.filename}: its metadata is that of {name[:80]!r}")
    if version_of(version) != version_of(file.version):
        raise InvalidWheel(f"{file.filename}: its metadata says version {version[:80]!r}")
    return data


def is_static(data: bytes) -> bool:
    """Say whether the metadata of an sdist will be that of its wheels, as far as a resolution needs (PEP 643)."""
    found = fields(data)
    numbers = dict(reversed(found)).get("metadata-version", "").split(".")
    if len(numbers) != 2 or not all(part.isascii() and part.isdigit() for part in numbers):
        return False
    # PEP 643: only from 2.2 on does a field that is not Dynamic hold for every wheel
    if (int(numbers[0]), int(numbers[1])) < (2, 2):
        return False
    return not any(name == "dynamic" and value.lower() in _NEEDED for name, value in found)
