"""Files read for what they hold: the one way to what lies in an environment, in the store and in the cache.

Rule: only a regular file is read. A pipe in its place would be waited for, and a device need not end.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import NotAFile

__all__ = ["content", "opened"]

_CHUNK = 1 << 16  # bytes
_MOST = 1 << 24  # in one call: what a file says of its size need not be so
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # without it, to open a pipe nobody writes into takes for ever
)
_KIND, _REGULAR = 0o170000, 0o100000  # of `stat`, which a short command need not import
_KINDS = {
    0o010000: "a pipe",
    0o020000: "a device",
    0o040000: "a directory",
    0o060000: "a device",
    0o140000: "a socket",
}


def opened(path: str, *, flags: int = 0) -> int:
    """Return a descriptor that reads the file `path` (absolute); OSError, of which NotAFile is one.

    Whoever calls closes it. `flags`: of `os.open`, those of writing, where it is done to the same file, too.
    """
    return _opened(path, flags)[0]


def _opened(path: str, flags: int) -> tuple[int, int]:
    """Return what `opened` does, and how large the file is (bytes)."""
    try:
        descriptor = os.open(path, _FLAGS | flags, 0o666)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.EISDIR):  # a socket; a directory, to be written
            raise _refusal(path, os.stat(path).st_mode) from None
        raise
    there = os.fstat(descriptor)
    if there.st_mode & _KIND != _REGULAR:
        os.close(descriptor)
        raise _refusal(path, there.st_mode)
    return descriptor, there.st_size


def content(path: str, *, limit: int = -1) -> bytes:
    """Return what the file `path` (absolute) holds, at most its first `limit` bytes; OSError, of which NotAFile is one."""
    # Without a stream object, which asks the system four times more than it takes to read a small file.
    descriptor, size = _opened(path, 0)
    # All at once, where it is as large as it says: each piece of a larger whole costs memory that is touched once.
    size = min(size + 1, _MOST) if size >= _CHUNK else _CHUNK
    if limit >= 0:
        size = min(limit, size)
    try:
        found = os.read(descriptor, size)
        while found and not 0 <= limit <= len(found) and (more := os.read(descriptor, size)):
            found += more
    finally:
        os.close(descriptor)
    return found if limit < 0 else found[:limit]


def _refusal(path: str, mode: int) -> NotAFile:
    from alcove.pasting import repair_of  # noqa: PLC0415  where something is wrong only

    kind = _KINDS.get(mode & _KIND, "something else")
    error = NotAFile(
        f"{path} is {kind}, and no file that can be read", hint=repair_of(path) or None
    )
    # The number of a directory, for the same holds of the others, and who can do without the file knows that one.
    error.errno, error.strerror, error.filename = errno.EISDIR, f"it is {kind}", path
    return error
