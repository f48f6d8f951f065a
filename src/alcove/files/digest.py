"""sha256 without `hashlib`, whose import loads OpenSSL: the interpreter's own module where it has one."""

from __future__ import annotations

import os
import sys

from alcove.files.reading import opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from hashlib import sha256
else:
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:  # PyPy and others
        from hashlib import sha256

__all__ = ["is_among", "sha256", "sha256_of", "text_digest"]

_CHUNK = 1 << 20  # bytes


def sha256_of(path: str) -> str:
    """Return the sha256, in hex, of the file `path` (absolute)."""
    total = sha256()
    descriptor = opened(path)
    try:
        while chunk := os.read(descriptor, _CHUNK):
            total.update(chunk)
    finally:
        os.close(descriptor)
    return total.hexdigest()


def is_among(path: str, sha256: str, allowed: Collection[str]) -> bool:
    """Tell whether one of the hashes `allowed` ("ALGORITHM:HEX") is that of the file `path` (absolute), whose sha256 is known."""
    if f"sha256:{sha256}" in allowed:
        return True
    kinds = {one.partition(":")[0] for one in allowed} - {"sha256"}
    if not kinds:
        return False
    import hashlib  # noqa: PLC0415  rare: nearly all hashes are sha256

    for kind in sorted(kinds):
        with open(opened(path), "rb") as stream:
            if f"{kind}:{hashlib.file_digest(stream, kind).hexdigest()}" in allowed:
                return True
    return False


def text_digest(*parts: str) -> str:
    """Return 32 hex digits that stand for the texts `parts`, in their order."""
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
