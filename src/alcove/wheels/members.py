"""The members of a ZIP archive, read so that no two readers could see two archives in it.

Rules: members lie end to end from the first byte, the central directory follows and the one end record closes
the file; local headers say what the central directory says; a name stands once. (CVE-2025-54368)
"""

from __future__ import annotations

import os
import struct
import zlib

from alcove.errors import InvalidWheel
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["Member", "chunks", "content", "read_members"]

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_KNOWN_FLAGS = 0x6 | _DESCRIPTOR | _UTF8
_MAX32, _MAX16 = 0xFFFFFFFF, 0xFFFF
_MOST_MEMBERS = 400_000
_LARGEST_DIRECTORY = 256 << 20  # bytes
_CHUNK = 1 << 20  # bytes


class Member(NamedTuple):
    """One member: its name, where its bytes are in the archive, its sizes in bytes, its Unix mode or 0."""

    name: str
    offset: int  # of its local header
    start: int  # of its data
    method: int
    crc: int
    compressed: int
    size: int
    mode: int

    @property
    def is_directory(self) -> bool:
        """Say whether the member only names a directory."""
        return self.name.endswith("/")


def read_members(stream: BinaryIO, where: str) -> list[Member]:
    """Return the members of the archive `stream`, in the order of their bytes; `where` is for errors.

    InvalidWheel for anything that two readers could read in two ways.
    """
    try:
        length = os.fstat(stream.fileno()).st_size
        directory, start, count = _central_directory(stream, length, where)
        found = list(_entries(directory, count, where))
        found.sort(key=lambda member: member.offset)
        return _located(stream, found, start, where)
    except (struct.error, UnicodeDecodeError, OverflowError) as error:
        raise InvalidWheel(f"{where} is damaged: {error}") from error


def content(stream: BinaryIO, member: Member, where: str) -> bytes:
    """Return a member's bytes, whole; InvalidWheel where they are not what the headers say."""
    if max(member.size, member.compressed) > _CHUNK:
        return b"".join(chunks(stream, member, where))
    stream.seek(member.start)
    raw = stream.read(member.compressed)
    if member.method != _STORED:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            found = inflate.decompress(raw, member.size + 1)  # more than it says is no end
        except zlib.error as error:
            raise InvalidWheel(f"{where} is damaged: {member.name}: {error}") from error
        whole = inflate.eof and not inflate.unused_data
    else:
        found, whole = raw, True
    if not whole or len(found) != member.size or zlib.crc32(found) != member.crc:
        raise _damaged(member, where)
    return found


def _damaged(member: Member, where: str) -> InvalidWheel:
    return InvalidWheel(f"{where} is damaged: {member.name} is not what the archive says it is")


def chunks(stream: BinaryIO, member: Member, where: str) -> Iterator[bytes]:
    """Yield a member's bytes in pieces of at most about a MiB; InvalidWheel where size or CRC is wrong."""
    stream.seek(member.start)
    pieces = _stored(stream, member) if member.method == _STORED else _inflated(stream, member)
    crc = size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > member.size:
                break
            crc = zlib.crc32(piece, crc)
            yield piece
    except zlib.error as error:
        raise InvalidWheel(f"{where} is damaged: {member.name}: {error}") from error
    if size != member.size or crc != member.crc:
        raise _damaged(member, where)


def _stored(stream: BinaryIO, member: Member) -> Iterator[bytes]:
    left = member.compressed
    while left and (piece := stream.read(min(left, _CHUNK))):
        left -= len(piece)
        yield piece


def _inflated(stream: BinaryIO, member: Member) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left = member.compressed
    while left and (raw := stream.read(min(left, _CHUNK))):
        left -= len(raw)
        while raw and not inflate.eof:
            yield inflate.decompress(raw, _CHUNK)
            raw = inflate.unconsumed_tail
    while not inflate.eof and (piece := inflate.decompress(b"", _CHUNK)):
        yield piece
    if left or not inflate.eof or inflate.unused_data:
        raise zlib.error("its compressed data ends before or after its place")


def _central_directory(stream: BinaryIO, length: int, where: str) -> tuple[bytes, int, int]:
    """Return the central directory, its offset and the count of its members; everything must fit exactly."""
    if length < _END.size:
        raise InvalidWheel(f"{where} is no ZIP archive, or is cut off")
    stream.seek(length - _END.size)
    signature, disk, disks, here, count, size, offset, comment = _END.unpack(stream.read(_END.size))
    if signature != b"PK\5\6" or comment:
        raise InvalidWheel(
            f"{where} is no ZIP archive, is cut off, or something follows its end record"
        )
    end = length - _END.size
    if _MAX16 in {here, count} or _MAX32 in {size, offset}:
        here, count, size, offset, end = _end64(stream, end, where)
    if disk or disks or here != count or count > _MOST_MEMBERS or size > _LARGEST_DIRECTORY:
        raise InvalidWheel(f"{where}: its end record cannot be right")
    if offset + size != end:
        raise InvalidWheel(f"{where}: something stands between its directory and its end record")
    stream.seek(offset)
    directory = stream.read(size)
    if len(directory) != size:
        raise InvalidWheel(f"{where} is cut off")
    return directory, offset, count


def _end64(stream: BinaryIO, end: int, where: str) -> tuple[int, int, int, int, int]:
    place = end - _LOCATOR64.size - _END64.size
    if place < 0:
        raise InvalidWheel(f"{where}: its end record cannot be right")
    stream.seek(place)
    signature, length, _, _, disk, disks, here, count, size, offset = _END64.unpack(
        stream.read(_END64.size)
    )
    mark, other, at, total = _LOCATOR64.unpack(stream.read(_LOCATOR64.size))
    if (signature, mark, length, at) != (b"PK\6\6", b"PK\6\7", _END64.size - 12, place) or (
        disk or disks or other or total != 1
    ):
        raise InvalidWheel(f"{where}: its end record cannot be right")
    return here, count, size, offset, place


def _entries(directory: bytes, count: int, where: str) -> Iterator[Member]:
    position = 0
    names = set()
    for _ in range(count):
        fields = _CENTRAL.unpack_from(directory, position)
        signature, _, _, flags, method, _, _, crc, packed, size = fields[:10]
        name_length, extra_length, comment_length, disk, _, attributes, offset = fields[10:]
        start = position + _CENTRAL.size
        position = start + name_length + extra_length + comment_length
        raw = directory[start : start + name_length]
        if signature != b"PK\1\2" or position > len(directory) or disk not in {0, _MAX16}:
            raise InvalidWheel(f"{where}: its directory cannot be read")
        name = _name(raw, flags, where)
        if name in names:
            raise InvalidWheel(f"{where}: {name!r} stands in it twice")
        names.add(name)
        extra = directory[start + name_length : start + name_length + extra_length]
        size, packed, offset = _wide(extra, (size, packed, offset), name, where)
        if method not in {_STORED, _DEFLATED} or flags & ~_KNOWN_FLAGS:
            raise InvalidWheel(
                f"{where}: {name!r} is encrypted or compressed in a way that wheels do not use"
            )
        # Some archives say "made on DOS" and carry a Unix mode all the same; pip takes it too.
        yield Member(name, offset, flags, method, crc, packed, size, attributes >> 16)
    if position != len(directory):
        raise InvalidWheel(f"{where}: its directory has more in it than its end record says")


def _name(raw: bytes, flags: int, where: str) -> str:
    if not raw or b"\0" in raw:
        raise InvalidWheel(f"{where}: a member's name is empty or holds a NUL: {raw[:60]!r}")
    if not raw.isascii() and not flags & _UTF8:
        # One reader would take code page 437, another UTF-8.
        raise InvalidWheel(f"{where}: the name {raw!r} is not marked as UTF-8")
    return raw.decode()


def _wide(
    extra: bytes, values: tuple[int, int, int], name: str, where: str
) -> tuple[int, int, int]:
    """Return (size, compressed size, offset) with what a ZIP64 field says in place of 0xFFFFFFFF."""
    result = list(values)
    for kind, body in _extras(extra, name, where):
        if kind == 0x0001:
            position = 0
            for index, value in enumerate(values):
                if value == _MAX32:
                    (result[index],) = struct.unpack_from("<Q", body, position)
                    position += 8
        elif kind == 0x7075 and body[5:] != name.encode():
            # The Unicode path field gives a member a second name, which some readers prefer.
            raise InvalidWheel(f"{where}: {name!r} carries a second name")
    return result[0], result[1], result[2]


def _extras(extra: bytes, name: str, where: str) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        body = extra[position + 4 : position + 4 + length]
        if len(body) != length:
            raise InvalidWheel(f"{where}: an extra field of {name!r} is cut off")
        yield kind, body
        position += 4 + length


def _located(stream: BinaryIO, found: list[Member], end: int, where: str) -> list[Member]:
    """Return the members with the places of their data, each local header compared with the directory."""
    position = 0
    located = []
    for member in found:
        if member.offset != position:
            raise InvalidWheel(f"{where}: {member.name!r} does not follow the member before it")
        flags = member.start  # carried here until the place of the data is known
        stream.seek(position)
        header = stream.read(_LOCAL.size)
        signature, _, local, method, _, _, crc, packed, size, name_length, extra_length = (
            _LOCAL.unpack(header)
        )
        raw = stream.read(name_length)
        extra = stream.read(extra_length)
        start = position + _LOCAL.size + name_length + extra_length
        position = start + member.compressed
        later = bool(local & _DESCRIPTOR)
        size, packed, _ = _wide(extra, (size, packed, 0), member.name, where)
        same = (crc, packed, size) == (member.crc, member.compressed, member.size)
        if (
            signature != b"PK\3\4"
            or (local, method) != (flags, member.method)
            or raw != member.name.encode()
            or not (same or (later and crc == 0 and packed in {0, _MAX32}))
        ):
            raise InvalidWheel(f"{where}: {member.name!r} has two headers that differ")
        if later:
            stream.seek(position)
            position += _descriptor(stream.read(24), member, where)
        if position > end:
            raise InvalidWheel(f"{where}: {member.name!r} does not fit into it")
        located.append(member._replace(start=start))
    if position != end:
        raise InvalidWheel(f"{where}: something stands between its members and its directory")
    return located


def _descriptor(raw: bytes, member: Member, where: str) -> int:
    """Return the length of a data descriptor, which may be signed or not, and 32 or 64 bits wide."""
    facts = (member.crc, member.compressed, member.size)
    for form in ("<4sLLL", "<4sLQQ"):
        if len(raw) >= struct.calcsize(form) and struct.unpack_from(form, raw) == (
            b"PK\7\10",
            *facts,
        ):
            return struct.calcsize(form)
    for form in ("<LLL", "<LQQ"):
        if len(raw) >= struct.calcsize(form) and struct.unpack_from(form, raw) == facts:
            return struct.calcsize(form)
    raise InvalidWheel(f"{where}: {member.name!r} has two headers that differ")
