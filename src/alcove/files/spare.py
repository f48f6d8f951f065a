"""What stands in for a cache that cannot be written: a directory of this process alone, below the system's temporary one.

Rule: whoever makes one removes it; the user is told that there is no cache, in the same words wherever that is noticed.
"""

from __future__ import annotations

import errno
import os

from alcove import limits
from alcove.errors import AlcoveError
from alcove.events import Warned
from alcove.files import ops, refusals

__all__ = ["directory", "refused", "without"]

_LEAST = 1 << 16  # bytes of free space below which a file system counts as full


def refused(cache: str) -> OSError | None:
    """Return why nothing can be kept in the cache at `cache` (absolute, need not exist), or None; nothing is written."""
    here = cache
    while not os.path.lexists(here) and os.path.dirname(here) != here:
        here = os.path.dirname(here)
    if not os.path.isdir(here):
        return OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), here)
    found = refusals.foreseen(here)
    if found is None and hasattr(os, "statvfs"):
        facts = os.statvfs(here)
        if 0 <= facts.f_bavail * facts.f_frsize < _LEAST and facts.f_blocks:
            return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), here)
    return found


def directory() -> str:
    """Make a directory that nobody else uses and return its path (absolute); AlcoveError where there is no place for one."""
    import tempfile  # noqa: PLC0415  only where there is no cache

    try:
        path = f"{tempfile.gettempdir()}/alcove-{os.getpid()}-{os.urandom(4).hex()}"
        ops.mkdir(path, 0o700)
    except OSError as error:
        raise AlcoveError(
            f"neither the cache nor a temporary directory can be written: {error.strerror or error}",
            hint=limits.advice(error) or "name places that can: export ALCOVE_CACHE=DIR TMPDIR=DIR",
        ) from error
    return path


def without(cache: str, error: OSError) -> Warned:
    """Return what the user is told where the cache at `cache` (absolute) refused a write with `error`."""
    return Warned(
        f"the cache {cache} cannot be written, so that nothing is kept there: {error.strerror or error}",
        limits.advice(error)
        or "give permission or make room there, or name another place: export ALCOVE_CACHE=DIR",
    )
