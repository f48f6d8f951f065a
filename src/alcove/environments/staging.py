"""Directories built aside under a name of their own, and what is left of those whose maker was killed.

Rule: whoever makes or removes a directory aside holds a lock on it, which the kernel forgets with its holder; so
one that can be locked is rubbish, unless it is to be put back in the place of a creation that was killed (`unfinished`).
"""

from __future__ import annotations

import os

from alcove.environments.unfinished import is_awaited
from alcove.errors import AlcoveError
from alcove.files import atomic, ops, trees
from alcove.files.locking import Busy, DirectoryLock, Lock

__all__ = ["discard", "make", "sweep", "sweep_all", "sweep_environments", "take_away"]


def make(path: str) -> tuple[str, DirectoryLock]:
    """Make a directory beside `path` (absolute), locked; return its path and the lock."""
    while True:
        staged = atomic.aside(path)
        ops.mkdir(staged)
        try:
            lock = DirectoryLock(staged).acquire()
        except (Busy, FileNotFoundError):
            continue  # somebody swept it before it was locked
        if os.path.isdir(staged):
            return staged, lock
        lock.release()


def take_away(path: str) -> tuple[str, DirectoryLock]:
    """Give the directory `path` (absolute) a name of rubbish beside it, locked; return that path and the lock.

    AlcoveError where another process is filling it.
    """
    try:
        lock = DirectoryLock(path).acquire()
    except Busy:
        raise AlcoveError(
            f"{path} is being made or removed by another process",
            hint="look again when that is done",
        ) from None
    try:
        rubbish = atomic.aside(path)
        ops.rename(path, rubbish)
    except OSError:
        lock.release()
        raise
    return rubbish, lock


def discard(rubbish: str) -> None:
    """Remove what `take_away` gave a name of rubbish; `.alcove` last, by which `gc` knows what somebody killed here left."""
    _empty(rubbish)
    trees.remove_all(rubbish)


def sweep(path: str) -> None:
    """Remove what killed processes left beside `path` (absolute)."""
    parent, name = os.path.split(path)
    _sweep(parent, f".{name}.")


def sweep_all(directory: str) -> None:
    """Remove what killed processes left in `directory` (absolute), of whatever name it was to have."""
    _sweep(directory, ".")


def sweep_environments(directory: str) -> int:
    """Remove the environments that killed processes left aside in `directory` (absolute), and return how many."""
    try:
        names = os.listdir(directory)
    except OSError:
        return 0
    count = 0
    for found in names:
        rubbish = f"{directory}/{found}"
        if not atomic.is_aside(found) or not os.path.isdir(f"{rubbish}/.alcove"):
            continue
        try:
            with DirectoryLock(rubbish).acquire():
                if is_awaited(rubbish):
                    continue
                # Its lock is held where `create --clear` may yet put it back.
                Lock(f"{rubbish}/.alcove/lock").acquire().release()
                discard(rubbish)
        except (Busy, OSError):
            continue  # not rubbish, or not this user's to remove
        count += 1
    return count


def _empty(rubbish: str) -> None:
    """Remove what is in a directory but `.alcove`, as far as its modes let us."""
    try:
        for name in os.listdir(rubbish):
            if name != ".alcove":
                trees.remove(f"{rubbish}/{name}")
    except (FileNotFoundError, PermissionError):
        return  # all has gone; or `trees.remove_all` knows what to do about it


def _sweep(parent: str, start: str) -> None:
    try:
        names = os.listdir(parent)
    except OSError:
        return
    for found in names:
        if found.startswith(start) and atomic.is_aside(found):
            rubbish = f"{parent}/{found}"
            try:
                with DirectoryLock(rubbish).acquire():
                    if not is_awaited(rubbish):
                        trees.remove(rubbish)
            except (Busy, FileNotFoundError, NotADirectoryError, PermissionError):
                continue  # not rubbish, or not this user's to remove
