"""Why the system lets nothing be written at a place: it is not this user's, read-only, or full.

Rule: to ask writes nothing. A full disk is seen by who writes to it, unless it has no room at all.
"""

from __future__ import annotations

import errno
import os

__all__ = ["DENIED", "FULL", "REFUSED", "first", "foreseen"]

DENIED = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
REFUSED = DENIED | FULL


def foreseen(path: str) -> OSError | None:
    """Return what a write to `path` (absolute) would be refused with, or None.

    Of a directory, that of something in it; of what is not there, that of making it.
    """
    while not os.path.lexists(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    wanted = os.W_OK | os.X_OK if os.path.isdir(path) else os.W_OK
    if os.access(path, wanted):
        return None
    code = errno.EACCES
    if hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY:
        code = errno.EROFS
    return OSError(code, os.strerror(code), path)


def first(*paths: str) -> OSError | None:
    """Return what a write to the first of `paths` (absolute) that takes none would be refused with, or None."""
    for path in paths:
        refused = foreseen(path)
        if refused is not None:
            return refused
    return None
