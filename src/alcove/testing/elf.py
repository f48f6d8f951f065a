"""Shared libraries made to measure: ELF files with a dynamic section and nothing that could run."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["shared_library"]

_ADDRESS = 0x10000  # where the one segment is loaded; not its offset, so that readers must map it


def shared_library(
    *,
    needed: Sequence[str] = (),
    runpath: str = "",
    rpath: str = "",
    soname: str = "",
    bits: int = 64,
    order: str = "<",
) -> bytes:
    """Return an ELF file that needs and provides what is said; `order`: "<" little-endian or ">"."""
    strings = b"\0"
    tags: list[tuple[int, int]] = []

    def add(tag: int, text: str) -> None:
        nonlocal strings
        tags.append((tag, len(strings)))
        strings += text.encode() + b"\0"

    for name in needed:
        add(1, name)
    for tag, text in ((14, soname), (15, rpath), (29, runpath)):
        if text:
            add(tag, text)
    wide = bits == 64
    head_size, program_size, entry_size = (64, 56, 16) if wide else (52, 32, 8)
    place = head_size + 2 * program_size
    table = place + entry_size * (len(tags) + 3)
    tags += [(5, _ADDRESS + table), (10, len(strings)), (0, 0)]
    dynamic = b"".join(struct.pack(order + ("qQ" if wide else "iI"), *tag) for tag in tags)
    total = table + len(strings)
    programs = b""
    for kind, offset, size in ((1, 0, total), (2, place, len(dynamic))):
        address = _ADDRESS + offset
        if wide:
            fields = (kind, 5, offset, address, address, size, size, 8)
            programs += struct.pack(order + "IIQQQQQQ", *fields)
        else:
            fields = (kind, offset, address, address, size, size, 5, 4)
            programs += struct.pack(order + "IIIIIIII", *fields)
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + b"\0" * 9
    form = order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH")
    rest = (3, 62 if wide else 3, 1, 0, head_size, 0, 0, head_size, program_size, 2, 64, 0, 0)
    return ident + struct.pack(form, *rest) + programs + dynamic + strings
