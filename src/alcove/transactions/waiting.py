"""An environment's lock that somebody else holds, waited for: who is told, how long, and what became of the environment.

Rule: the lock that was waited for is still that of the environment at that path; who held it may have deleted or moved it.
"""

from __future__ import annotations

import os

from alcove.errors import EnvironmentBusy, NotAnEnvironment
from alcove.events import Step
from alcove.files.locking import Busy, Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter

__all__ = ["take", "turn"]

_AT_ONCE = 1e-9  # seconds


def take(lock: Lock, root: str, *, wait: float, reporter: Reporter) -> None:
    """Take the lock of the environment at `root` (absolute), for which `wait` seconds may go by; the reporter is told for whom.

    EnvironmentBusy where it is kept longer, NotAnEnvironment where the environment is gone by then; OSError as of `Lock`.
    """
    try:
        try:
            lock.acquire()
        except Busy as busy:
            if wait:
                reporter.emit(Step("waiting", _said(root, busy)))
            lock.acquire(timeout=wait or _AT_ONCE)
        while not lock.stands():  # its file went while it was waited for: what is at that path now?
            lock.release()
            lock.acquire(timeout=wait or _AT_ONCE)
    except Busy as still:
        raise EnvironmentBusy(_said(root, still), hint="try again when it is done") from None
    except FileNotFoundError:
        if os.path.isdir(os.path.dirname(lock.path)):
            raise  # a link to nowhere
        raise NotAnEnvironment(
            f"{root} was deleted or moved by another process",
            hint="alcove envs lists the environments",
        ) from None


def turn(path: str, *, wait: float, reporter: Reporter) -> Lock:
    """Return the lock of the environment at `path` (absolute), as `take` takes it, for who removes or replaces it whole.

    Not held where it has none, and where that is broken: this keeps nobody from removing it.
    """
    lock = Lock(f"{path}/.alcove/lock")
    if not os.path.isdir(f"{path}/.alcove"):
        return lock
    try:
        take(lock, path, wait=wait, reporter=reporter)
    except OSError:  # it is no file, or not for us: what removes the rest says so
        return lock
    if os.name == "nt":  # there an open file keeps its directory from being renamed
        lock.release()
    else:
        lock.sign(f"process {os.getpid()}")
    return lock


def _said(root: str, busy: Busy) -> str:
    return f"{root} is being changed by {busy.holder or 'another process'}"
