"""Directories for work that is thrown away: below the cache, or where that takes nothing, below the system's temporary one.

Rule: whoever asks for one removes it. What a killed process left goes when nobody works there any more: each holds a
shared lock on the folder, which the kernel forgets with its holder.
"""

from __future__ import annotations

import os
import time

from alcove.events import Silent
from alcove.files import ops, trees
from alcove.files.locking import Busy, DirectoryLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter

__all__ = ["room"]

_HEX = frozenset("0123456789abcdef")
_LONGEST = 60.0  # seconds that somebody may take to remove what was left
_POLL = 0.02  # seconds

_entered: dict[str, DirectoryLock] = {}


def room(cache: str, folder: str, reporter: Reporter | None = None) -> str:
    """Make a directory that nobody else uses in `folder` of the cache (absolute), and return its path.

    Elsewhere where the cache can take nothing, which is told. AlcoveError where there is no other place, too.
    """
    from alcove.files import spare

    error = spare.refused(cache)
    if error is None:
        path = f"{cache}/{folder}/{os.getpid()}-{os.urandom(4).hex()}"
        try:
            trees.make_directories(f"{cache}/{folder}")
            _enter(f"{cache}/{folder}")
            ops.mkdir(path)
        except OSError as refused:
            error = refused
        else:
            return path
    (reporter or Silent()).emit(spare.without(cache, error))
    return spare.directory()


def _enter(folder: str) -> None:
    """Tell others, until this process ends, that it works in `folder` (absolute); what is left there by nobody goes before."""
    if os.name == "nt":  # no locks on directories there
        return
    known = _entered.get(folder)
    if known is not None and known.stands():
        return
    _entered.pop(folder, None)  # the cache was removed, and has a folder of that name again
    _sweep(folder)
    lock, deadline = DirectoryLock(folder), time.monotonic() + _LONGEST
    while folder not in _entered and time.monotonic() < deadline:
        try:
            _entered[folder] = lock.acquire(shared=True)
        except Busy:  # somebody sweeps
            time.sleep(_POLL)
        except OSError:  # a file system without locks: nobody sweeps there
            return


def _sweep(folder: str) -> None:
    """Remove what killed processes left in `folder` (absolute), unless somebody is at work there."""
    try:
        with DirectoryLock(folder).acquire():
            for name in filter(_is_room, os.listdir(folder)):
                _remove(f"{folder}/{name}")
    except (Busy, OSError):
        return


def _is_room(name: str) -> bool:
    """Tell whether `room` could have given a directory that name."""
    number, _, mark = name.partition("-")
    return number.isdecimal() and len(mark) == 8 and _HEX.issuperset(mark)


def _remove(path: str) -> None:
    try:
        trees.remove_all(path)
    except OSError:
        return  # another user's
