"""JSON texts with a checksum (CRC-32) in front of all that it is of: what a disk changed is not taken for what was written.

Rule: format 1 of a file had no checksum, format 2 has this one; nothing here knows what the rest of a text says.
"""

from __future__ import annotations

__all__ = ["BEGIN", "FORMAT", "START", "checked", "is_newer", "refuse_unlike"]

FORMAT = 2
"""Of every kind of file that has the checksum: it is the second one of each."""

START = b'{"format":%d,"crc32":"' % FORMAT
"""What stands in front of the checksum."""

BEGIN = len(START) + 8 + 2
"""Where that begins which the checksum is of: behind its eight digits and `",`."""

_AT = slice(len(START), BEGIN - 2)


def checked(rest: bytes) -> bytes:
    """Return the whole text of which `rest` is all behind the checksum.

    >>> checked(b'"x":1}')
    b'{"format":2,"crc32":"f92aa350","x":1}'
    """
    return b"".join((START, _checksum(rest), b'",', rest))


def refuse_unlike(text: bytes) -> bool:
    """Tell whether a text begins with a checksum; ValueError where that is not the one of what stands behind it."""
    if not text.startswith(START):
        return False
    if text[_AT] != _checksum(memoryview(text)[BEGIN:]):
        raise ValueError("its content does not fit its checksum")
    return True


def is_newer(text: bytes) -> bool:
    """Tell whether a text says that it is of a later format than the one known here: that begins alike, whatever follows.

    >>> is_newer(b'{"format":3,"x":1}'), is_newer(checked(b'"x":1}'))
    (True, False)
    """
    start, _, rest = text.partition(b":")
    said = rest[:8].partition(b",")[0]
    return start == b'{"format"' and said.isdigit() and int(said) > FORMAT


def _checksum(text: bytes | memoryview) -> bytes:
    """Return the eight digits (CRC-32, lower case) of a text."""
    import zlib  # noqa: PLC0415  a shared object to be loaded, and most commands read no such text

    return b"%08x" % zlib.crc32(text)
