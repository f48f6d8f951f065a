"""A creation that was killed while it installed what the environment is to hold: the next creation there takes it back.

Rule: the mark lies in the new environment from before that has its place until all is in it. Its maker holds a lock on
the directory, so a mark in one that can be locked is of a maker who is gone.
"""

from __future__ import annotations

import os

from alcove.errors import AlcoveError
from alcove.files import atomic, ops, reading
from alcove.files.locking import Busy, DirectoryLock

__all__ = ["COMING", "HERE", "MARK", "exchange", "take_back"]

MARK = ".alcove/filling"  # "N OTHER": whole from generation N on; OTHER is where the one before lies, HERE, or nothing
COMING = ".alcove/pyvenv.cfg"  # renamed to `pyvenv.cfg` last: where it stands somebody is at work, or was killed
HERE = "here"  # it was made in an empty directory, which stays


def take_back(path: str) -> None:
    """Let `path` (absolute) be as it was before a creation that was killed; AlcoveError where that is still at work."""
    root = os.path.realpath(path)
    if not os.path.exists(f"{root}/{MARK}"):
        return
    try:
        lock = DirectoryLock(root).acquire()
    except Busy:
        raise AlcoveError(
            f"{path} is being made by another process", hint="look at it when that is done"
        ) from None
    except (FileNotFoundError, NotADirectoryError):
        return  # somebody took it back
    with lock:
        try:  # only now: its maker may have ended, or been taken back, in between
            text = reading.content(f"{root}/{MARK}", limit=4096).decode("utf-8", "replace")
        except FileNotFoundError:
            return
        until, _, other = text.strip().partition(" ")
        if not until.isdecimal() or _highest(root) >= int(until):
            ops.unlink(f"{root}/{MARK}")  # all is in it, or others have used it since
        elif other == HERE:
            ops.rename(f"{root}/pyvenv.cfg", f"{root}/{COMING}")
        else:
            _give_way(root, other)


def _highest(root: str) -> int:
    names = [name.removesuffix(".json") for name in os.listdir(f"{root}/.alcove/generations")]
    return max((int(name) for name in names if name.isdecimal()), default=0)


def _give_way(root: str, other: str) -> None:
    """Give the place to the environment that was there before, or to nobody; what leaves it is rubbish to be swept."""
    parent, name = os.path.split(root)
    before = f"{parent}/{other}"
    mine = other.startswith(f".{name}.") and other.endswith(".tmp") and "/" not in other
    if mine and os.path.isdir(before):
        exchange(before, root)
    else:
        ops.rename(root, atomic.aside(root))


def exchange(staged: str, path: str) -> None:
    """Let the directories `staged` and `path` (absolute) trade places, in one step where the platform can do that."""
    if ops.exchange(staged, path):
        return
    between = f"{staged}.before"
    ops.rename(path, between)
    try:
        ops.rename(staged, path)
    except OSError:
        ops.rename(between, path)
        raise
    ops.rename(between, staged)
