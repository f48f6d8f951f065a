"""An environment's lock that somebody else holds, waited for: who is told, how long, and what became of the environment.

Rule: the lock that was waited for is still that of the environment at that path; who held it may have deleted or moved it.
Nor is it still being made by another process, which may have to put back what was there before.
"""

from __future__ import annotations

import os
import time

from alcove.environments.layout import open_layout
from alcove.environments.unfinished import is_filled
from alcove.errors import EnvironmentBusy, NotAnEnvironment
from alcove.events import Step
from alcove.files.locking import Busy, Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["take", "there_now", "turn"]

_POLL = 0.02  # seconds


def take(lock: Lock, root: str, *, wait: float, reporter: Reporter, shared: bool = False) -> None:
    """Take the lock of the environment at `root` (absolute), for which `wait` seconds may go by; the reporter is told for whom.

    EnvironmentBusy where it is kept longer, NotAnEnvironment where the environment is gone by then; OSError as of `Lock`.
    """
    end = time.monotonic() + wait
    told = False
    try:
        while (holder := _tried(lock, root, shared=shared)) is not None:
            if time.monotonic() >= end:
                raise EnvironmentBusy(_said(root, holder), hint="try again when it is done")
            if not told:
                reporter.emit(Step("waiting", _said(root, holder)))
                told = True
            time.sleep(_POLL)
    except FileNotFoundError:
        if os.path.isdir(os.path.dirname(lock.path)):
            raise  # a link to nowhere
        raise NotAnEnvironment(
            f"{root} was deleted or moved by another process",
            hint="alcove envs lists the environments",
        ) from None


def _tried(lock: Lock, root: str, *, shared: bool) -> str | None:
    """Take the lock, or say who has it; None where it is taken."""
    while True:
        try:
            lock.acquire(shared=shared)
        except Busy as busy:
            return busy.holder
        if lock.stands():
            break
        lock.release()  # its file went meanwhile: what is at that path now?
    if not is_filled(root):
        return None
    lock.release()
    return "another process, which makes it"


def there_now(layout: Layout) -> Layout:
    """Return the layout of what lies there now: another environment may have got the place, that of another Python."""
    try:
        found = open_layout(layout.root)
    except NotAnEnvironment:  # it is damaged, which others say
        return layout
    return layout._replace(library=found.library)


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


def _said(root: str, holder: str) -> str:
    return f"{root} is being changed by {holder or 'another process'}"
