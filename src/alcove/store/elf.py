"""The dynamic section of ELF files: which libraries a file needs, where it looks for them, what it is called.

Tolerant of anything: a file that is no ELF, has no dynamic section, or is garbage gives None. Mach-O files
(`@loader_path`) are not read.
"""

from __future__ import annotations

import os
import struct

from alcove.files import reading
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAGIC", "Dynamic", "read"]

MAGIC = b"\x7fELF"
_LOAD, _DYNAMIC = 1, 2  # types of program headers
_NULL, _NEEDED, _STRTAB, _SONAME, _RPATH, _RUNPATH = 0, 1, 5, 14, 15, 29  # tags
_MOST_HEADERS = 512
_LARGEST_SECTION = 1 << 20  # bytes
_LONGEST_STRING = 4096


class Dynamic(NamedTuple):
    """What the dynamic linker is told: libraries by name, directories as written ("$ORIGIN/../x"), its own name."""

    needed: tuple[str, ...]
    paths: tuple[str, ...]
    soname: str


class _Segment(NamedTuple):
    kind: int
    offset: int
    address: int
    size: int


def read(path: str) -> Dynamic | None:
    """Return the dynamic section of the file `path` (absolute), or None where there is none to be read."""
    descriptor = reading.opened(path)
    try:
        return _read(descriptor)
    except (struct.error, OverflowError, ValueError, OSError):
        return None
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> Dynamic | None:
    head = os.pread(descriptor, 64, 0)
    if len(head) < 52 or head[:4] != MAGIC or head[4] not in {1, 2} or head[5] not in {1, 2}:
        return None
    wide = head[4] == 2
    order = "<" if head[5] == 1 else ">"
    segments = list(_segments(descriptor, head, wide=wide, order=order))
    section = next((one for one in segments if one.kind == _DYNAMIC), None)
    if section is None or section.size > _LARGEST_SECTION:
        return None
    raw = os.pread(descriptor, section.size, section.offset)
    entry = struct.Struct(order + ("qQ" if wide else "iI"))
    tags: list[tuple[int, int]] = []
    for tag, value in entry.iter_unpack(raw[: len(raw) // entry.size * entry.size]):
        if tag == _NULL:
            break
        tags.append((tag, value))
    table = next((value for tag, value in tags if tag == _STRTAB), None)
    if table is None:
        return None
    start = _offset(segments, table)

    def strings(*wanted: int) -> list[str]:
        return [_string(descriptor, start + value) for tag, value in tags if tag in wanted]

    # RPATH counts only where there is no RUNPATH (ELF gABI); reading both errs on the side of a real directory.
    paths = [part for text in strings(_RPATH, _RUNPATH) for part in text.split(":") if part]
    return Dynamic(
        tuple(strings(_NEEDED)), tuple(dict.fromkeys(paths)), next(iter(strings(_SONAME)), "")
    )


def _segments(descriptor: int, head: bytes, *, wide: bool, order: str) -> Iterator[_Segment]:
    if wide:
        (offset,) = struct.unpack_from(order + "Q", head, 32)
        size, count = struct.unpack_from(order + "HH", head, 54)
    else:
        (offset,) = struct.unpack_from(order + "I", head, 28)
        size, count = struct.unpack_from(order + "HH", head, 42)
    if count > _MOST_HEADERS:
        raise ValueError("more program headers than any real file has")
    raw = os.pread(descriptor, size * count, offset)
    for index in range(count):
        if wide:
            kind, _, place, address, _, length = struct.unpack_from(
                order + "IIQQQQ", raw, index * size
            )
        else:
            kind, place, address, _, length = struct.unpack_from(order + "IIIII", raw, index * size)
        yield _Segment(kind, place, address, length)


def _offset(segments: list[_Segment], address: int) -> int:
    for one in segments:
        if one.kind == _LOAD and one.address <= address < one.address + one.size:
            return address - one.address + one.offset
    raise ValueError("an address that no segment holds")


def _string(descriptor: int, offset: int) -> str:
    raw = os.pread(descriptor, _LONGEST_STRING, offset)
    text, end, _ = raw.partition(b"\0")
    if not end:
        raise ValueError("a string without end")
    return text.decode("utf-8", "replace")
