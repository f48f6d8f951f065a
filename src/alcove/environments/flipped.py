"""One bit that a disk or a memory changed in the text of a generation, found by the checksum and put back.

Rule: what is returned fits its checksum; anything more than one bit is left as it is, and what says that it is of a later
format: one bit makes a 3 of a 2, and so does a newer alcove.
"""

from __future__ import annotations

import zlib

from alcove.files.checksums import BEGIN, START, checked, is_newer

__all__ = ["righted"]

_POLYNOMIAL = 0xEDB88320  # of CRC-32, its bits in reverse, as zlib has it


def righted(text: bytes) -> bytes:
    """Return `text` (what `encode` made, but for one bit) as it was; b"" where it is not that.

    >>> from alcove.environments.generation import Generation, encode
    >>> text = encode(Generation(0, -1, 0, "", (), "view", "/x", False, ()))
    >>> righted(text.replace(b"/x", b"/y")) == text
    True
    """
    if len(text) <= BEGIN or is_newer(text):
        return b""
    right = checked(text[BEGIN:])
    if _differ_by_a_bit(text, right):  # in front of what the checksum is of, or in the checksum
        return right
    try:
        wrong = zlib.crc32(text[BEGIN:]) ^ int(text[len(START) : BEGIN - 2], 16)
    except ValueError:
        return b""
    at = _distance(wrong, (len(text) - BEGIN) * 8)
    if at < 0:
        return b""
    found = bytearray(text)
    found[-1 - at // 8] ^= 0x80 >> at % 8
    put_back = bytes(found)
    return put_back if put_back == checked(put_back[BEGIN:]) else b""


def _differ_by_a_bit(one: bytes, other: bytes) -> bool:
    unlike = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return len(one) == len(other) and unlike.bit_count() == 1


def _distance(wrong: int, size: int) -> int:
    """Return how many bits before the last of `size` the one lies whose change makes `wrong` of the checksum; else -1.

    A checksum is linear: what one bit does to it depends on nothing but the number of bits behind it.
    """
    effect = _POLYNOMIAL
    for at in range(size):
        if effect == wrong:
            return at
        effect = (effect >> 1) ^ (_POLYNOMIAL if effect & 1 else 0)
    return -1
