"""Compressed files as streams, by what they begin with, and what reading a damaged archive raises.

Rule: what reads a kind is imported where a file is of that kind, since many Pythons are built without one or another.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

__all__ = ["damage", "module", "unpacked"]

_KINDS = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "lzma"),
    (b"\x5d\0\0", "lzma"),
    (b"\x28\xb5\x2f\xfd", "compression.zstd"),  # in the library from Python 3.14 on
)
_WORDS = {"gzip": "gzip", "bz2": "bzip2", "lzma": "xz", "compression.zstd": "Zstandard"}
_RAISED = (
    ("tarfile", "TarError"),
    ("zipfile", "BadZipFile"),
    ("zlib", "error"),
    ("lzma", "LZMAError"),
    ("compression.zstd", "ZstdError"),
)


def unpacked(stream: IO[bytes]) -> IO[bytes]:
    """Return what is packed in the file `stream`, which is at its start, as a stream; that itself where it is not packed.

    NotImplementedError where this Python has nothing that reads it. Closing the result leaves a packed file open.
    """
    start = stream.read(6)
    stream.seek(0)
    for head, kind in _KINDS:
        if start.startswith(head):
            plain: IO[bytes] = module(kind).open(stream, "rb")
            return plain
    return stream


def module(kind: str) -> Any:
    """Return the module of the library that reads and writes a kind; NotImplementedError where this Python has none."""
    try:
        return __import__(kind, fromlist=("open",))
    except ImportError:
        raise NotImplementedError(
            f"it is packed by {_WORDS[kind]}, which this Python cannot read"
        ) from None


def damage(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what reading a damaged archive raises, and `others`, for an `except`.

    gzip and bzip2 raise an OSError without a number, too.
    """
    # NotImplementedError: a compression that this Python has not. RuntimeError: an encrypted member.
    always = (EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError)
    known = sys.modules  # whose error it is, that was imported
    return (
        *others,
        *always,
        *(getattr(known[name], error) for name, error in _RAISED if known.get(name)),
    )
