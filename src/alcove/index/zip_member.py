"""One member of a ZIP archive, read with as few bytes of the archive as possible, from disk or over ranges.

Rule: for metadata before a download only. The archive is hostile and not verified yet: whatever does not fit
raises Unreadable, and the caller takes the whole file, which is checked against its hash.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Bytes", "Member", "Unreadable", "find", "read_member"]

_END = struct.Struct("<4s4H2LH")  # PKWARE APPNOTE 4.3.16: end of central directory record
_CENTRAL = struct.Struct("<4s6H3L5H2L")  # 4.3.12: central directory file header
_LOCAL = struct.Struct("<4s5H3L2H")  # 4.3.7: local file header
_LONGEST_COMMENT = 0xFFFF
_LARGEST_DIRECTORY = 64 << 20  # bytes
_ENCRYPTED = 0x1


class Unreadable(Exception):
    """The archive is broken, or of a kind that this reader does not know."""


class Bytes(Protocol):
    """Random access to an archive of `size` bytes."""

    size: int

    def read(self, start: int, end: int) -> bytes:
        """Return exactly the bytes from `start` to `end` (not included)."""

    def tail(self) -> bytes:
        """Return what is at hand of the archive's end."""


class Member(NamedTuple):
    """A line of the central directory; `until`: where the next thing in the archive begins."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int
    until: int


def members(archive: Bytes) -> list[Member]:
    """Return what the central directory lists; raises Unreadable."""
    tail = archive.tail()
    place = tail.rfind(b"PK\5\6", 0, len(tail) - _END.size + 4)
    if place < 0:
        raise Unreadable("no end of central directory")
    _, disk, start_disk, here, total, size, offset, comment = _END.unpack_from(tail, place)
    end = archive.size - len(tail) + place
    if disk or start_disk or here != total or place + _END.size + comment != len(tail):
        raise Unreadable("of several parts, or followed by something")
    if 0xFFFFFFFF in (size, offset) or total == 0xFFFF or offset + size != end:
        raise Unreadable("in the ZIP64 form, or with something in front")
    if size > _LARGEST_DIRECTORY:
        raise Unreadable("its directory is too large")
    return _directory(archive.read(offset, end), total, offset)


def read_member(archive: Bytes, member: Member, *, limit: int) -> bytes:
    """Return the content of a member, at most `limit` bytes, checked by its CRC; raises Unreadable."""
    if member.size > limit or member.packed > limit or member.flags & _ENCRYPTED:
        raise Unreadable("the member is too large, or encrypted")
    end = member.until
    if end - member.offset > member.packed + (1 << 18):
        end = member.offset + member.packed + (1 << 18)  # more than any name and extra field
    data = archive.read(member.offset, end)
    if len(data) < _LOCAL.size or not data.startswith(b"PK\3\4"):
        raise Unreadable("no local header")
    head = _LOCAL.unpack_from(data)
    start = _LOCAL.size + head[9] + head[10]
    packed = data[start : start + member.packed]
    if len(packed) != member.packed:
        raise Unreadable("the member ends early")
    content = _unpack(member, packed)
    if len(content) != member.size or zlib.crc32(content) != member.crc:
        raise Unreadable("the member is damaged")
    return content


def find(archive: Bytes, wanted: Callable[[str], bool]) -> list[Member]:
    """Return the members whose names `wanted` takes."""
    return [member for member in members(archive) if wanted(member.name)]


def _unpack(member: Member, packed: bytes) -> bytes:
    if member.method == 0:
        return packed
    if member.method != 8:
        raise Unreadable(f"packed by method {member.method}")
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size + 1)
    except zlib.error as error:
        raise Unreadable(str(error)) from error


def _directory(data: bytes, total: int, directory: int) -> list[Member]:
    found = []
    place = 0
    for _ in range(total):
        if len(data) - place < _CENTRAL.size or data[place : place + 4] != b"PK\1\2":
            raise Unreadable("its directory is damaged")
        line = _CENTRAL.unpack_from(data, place)
        flags, method, crc, packed, size = line[3], line[4], line[7], line[8], line[9]
        name_length, extra, comment, offset = line[10], line[11], line[12], line[16]
        start = place + _CENTRAL.size
        name = data[start : start + name_length].decode(errors="replace")
        found.append((name, method, flags, crc, packed, size, offset))
        place = start + name_length + extra + comment
    if place != len(data):
        raise Unreadable("its directory is longer than it says")
    offsets = sorted({line[6] for line in found} | {directory})
    after = dict(pairwise(offsets))
    if any(line[6] not in after for line in found):
        raise Unreadable("a member begins behind the directory")
    return [Member(*line, until=after[line[6]]) for line in found]
