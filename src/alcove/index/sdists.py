"""PKG-INFO out of an sdist, without unpacking it: what a resolution may use where PEP 643 says so.

Rule: read as a stream, never extracted; an archive that unpacks to too much, or that is broken, has no static
metadata, and the build will say what is wrong with it.
"""

from __future__ import annotations

import tarfile
from typing import IO, Self, cast

from alcove.files import packed
from alcove.index.core_metadata import METADATA_LIMIT
from alcove.index.ranges import LocalBytes
from alcove.index.zip_member import Unreadable, find, read_member

__all__ = ["package_info"]

_MOST = 1 << 30  # bytes unpacked before PKG-INFO is given up
_MOST_MEMBERS = 200_000


def package_info(path: str) -> bytes | None:
    """Return the PKG-INFO at the top of the sdist `path` (absolute); None where there is none to be read."""
    try:
        return _from_zip(path) if path.endswith(".zip") else _from_tar(path)
    except packed.damage(OSError, Unreadable):
        return None


def _is_top(name: str) -> bool:
    top, slash, rest = name.removeprefix("./").partition("/")
    return bool(slash) and rest == "PKG-INFO" and top not in {"", "..", "."}


def _from_zip(path: str) -> bytes | None:
    archive = LocalBytes(path)
    try:
        found = find(archive, _is_top)
        return read_member(archive, found[0], limit=METADATA_LIMIT) if len(found) == 1 else None
    finally:
        archive.close()


def _from_tar(path: str) -> bytes | None:
    with open(path, "rb") as raw, _Counted(packed.unpacked(raw)) as counted:
        stream = cast("IO[bytes]", counted)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for number, member in enumerate(archive):
                if number > _MOST_MEMBERS:
                    return None
                if member.isreg() and _is_top(member.name) and member.size <= METADATA_LIMIT:
                    content = archive.extractfile(member)
                    return content.read() if content else None
    return None


class _Counted:
    """A stream that ends with an error after so many bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = _MOST

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("the archive unpacks to too much")
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
