"""Limits of the system that any process can meet, and what lifts them.

Rule: such an error says nothing of the file or the program at which it was met, so nobody remembers it of one.
"""

from __future__ import annotations

import errno

__all__ = ["advice"]

_FILES = "let a process open more files, and try again: ulimit -n 256"
_ADVICE = {
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.EFBIG: "let a process write larger files, and try again: ulimit -f unlimited",
    errno.EAGAIN: "end some processes of this user, or allow more (ulimit -u), and try again",
    errno.ENOMEM: "end other programs, or let a process have more memory (ulimit -v), and try again",
}


def advice(error: BaseException) -> str:
    """Return what to do where `error` says that a limit was met, else "".

    >>> advice(OSError(errno.EMFILE, "Too many open files"))
    'let a process open more files, and try again: ulimit -n 256'
    """
    if isinstance(error, MemoryError):
        return _ADVICE[errno.ENOMEM]
    number = error.errno if isinstance(error, OSError) else None
    return _ADVICE.get(number, "") if number else ""
