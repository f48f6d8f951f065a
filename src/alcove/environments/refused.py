"""Why the system lets no environment be made at a place, as an error that says what to do; before it is tried, too."""

from __future__ import annotations

import errno
import os

from alcove import limits
from alcove.environments.reach import has_no_links
from alcove.errors import AlcoveError
from alcove.pasting import subject

__all__ = ["lacks_links", "refusal"]

_LACKING = "its file system has no symbolic links"
_OF_LINKS = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP)  # of vfat, of FUSE, of others
_NO_LINKS = "choose a path on a file system that has symbolic links, which an environment needs"


def refusal(error: OSError, path: str) -> AlcoveError:
    """Return the error that says why nothing can be made at `path`."""
    if error.errno in _OF_LINKS and lacks_links(path):
        return AlcoveError(f"{path} could not be made: {_LACKING}", hint=_NO_LINKS)
    hint = {
        errno.ENOSPC: "make room, and try again",
        errno.EDQUOT: "make room, and try again",
        errno.EACCES: "choose a directory in which you may write",
        errno.EPERM: "choose a directory in which you may write",
        errno.EROFS: "choose a directory in which you may write",
        errno.EBUSY: "it is a mount point, or in use as one: choose another path",
        errno.ENOSYS: _NO_LINKS,
        errno.EOPNOTSUPP: _NO_LINKS,
        errno.ENAMETOOLONG: "choose a shorter path",
    }.get(error.errno or 0)
    hint = hint or limits.advice(error) or "mend the cause, and try again; nothing was left there"
    where = subject(error)
    other = f": {where}" if where and not where.startswith(os.path.dirname(path)) else ""
    return AlcoveError(f"{path} could not be made: {error.strerror or error}{other}", hint=hint)


def lacks_links(path: str) -> bool:
    """Tell whether an environment at `path` (absolute, there or not) would lie where there are no symbolic links."""
    here = os.path.realpath(path)
    while not os.path.lexists(here):
        here = os.path.dirname(here)
    return has_no_links(here)
