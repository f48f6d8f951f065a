"""What to do where the system lets nothing be written into the store."""

from __future__ import annotations

import errno

from alcove import limits
from alcove.files.refusals import DENIED, FULL

__all__ = ["hint"]

_NO_LINKS = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)  # exFAT's, and others'; vfat says EPERM


def hint(error: OSError) -> str | None:
    """Return what to do about the refusal `error`, or None where it is something else."""
    first = ""
    if error.errno in FULL:
        first = "free some space"
    elif error.errno in DENIED:
        first = "have its owner let you write there"
    elif error.errno in _NO_LINKS:
        first = "its file system has no symbolic links, which a store needs"
    other = "choose another store with ALCOVE_HOME, or one of the environment's own with alcove create --private"
    return f"{first}, {other}" if first else limits.advice(error) or None
