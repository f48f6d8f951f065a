"""sha256 without `hashlib`, whose import loads OpenSSL: the interpreter's own module where it has one."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # CPython 3.12 and later
    except ImportError:
        try:
            from _sha256 import sha256  # CPython 3.11
        except ImportError:
            from hashlib import sha256

__all__ = ["hex_of", "sha256", "sha256_of", "text_digest"]

_CHUNK = 1 << 20  # bytes


def sha256_of(path: str) -> str:
    """Return the sha256, in hex, of the file `path` (absolute)."""
    total = sha256()
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        while chunk := os.read(descriptor, _CHUNK):
            total.update(chunk)
    finally:
        os.close(descriptor)
    return total.hexdigest()


def hex_of(path: str, algorithm: str) -> str:
    """Return a digest, in hex, of the file `path` (absolute) by any algorithm of `hashlib`."""
    import hashlib  # noqa: PLC0415  rare: nearly all hashes are sha256

    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def text_digest(*parts: str) -> str:
    """Return 32 hex digits that stand for the texts `parts`, in their order."""
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
