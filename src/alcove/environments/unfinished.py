"""A creation that was killed while it installed what the environment is to hold: the next creation there takes it back.

Rule: the mark lies in the new environment from before that has its place until all is in it. Its maker holds a lock on
the directory, so a mark in one that can be locked is of a maker who is gone. While he is at work nobody else changes the
environment: it may yet have to give its place to the one that was there before.
"""

from __future__ import annotations

import errno
import os
import time

from alcove.environments import generation
from alcove.environments.layout import BIN, FILLING, SLOTS
from alcove.errors import AlcoveError, EnvironmentBusy, PlaceTaken
from alcove.events import Silent, Step
from alcove.files import atomic, ops, reading, trees
from alcove.files.locking import Busy, DirectoryLock, Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = [
    "COMING",
    "HERE",
    "MARK",
    "at_work",
    "clean",
    "empty",
    "exchanged",
    "finish",
    "give_back",
    "held",
    "is_awaited",
    "is_filled",
    "is_left",
    "take_back",
    "too_late",
    "used",
    "vacates",
    "wait_for_others",
]

MARK = f".alcove{FILLING}"  # "N OTHER": whole from generation N on; OTHER is where the one before lies, HERE, or nothing
COMING = ".alcove/pyvenv.cfg"  # renamed to `pyvenv.cfg` last: where it stands somebody is at work, or was killed
HERE = "here"  # it was made in an empty directory, which stays
_POLL = 0.02  # seconds
_OWN = frozenset((".alcove", BIN, "include", "lib", "lib64", ".gitignore", "CACHEDIR.TAG"))

_mine: list[str] = []  # what this process is filling


def finish(made: Layout, fill: Callable[[Layout], None]) -> None:
    """Let `fill` put into the new environment `made` what it is to hold; then it is whole, and no mark there any more."""
    _mine.append(made.root)
    try:
        fill(made)
        trees.remove(f"{made.root}/{MARK}")
    finally:
        _mine.remove(made.root)


def is_filled(path: str) -> bool:
    """Tell whether another process is still putting into the environment at `path` (absolute) what it is to hold.

    Asked by who holds the environment's lock, so that no two ask at once.
    """
    if not os.path.exists(f"{path}/{MARK}") or path in _mine:
        return False
    try:
        DirectoryLock(os.path.realpath(path)).acquire().release()
    except Busy:
        return True
    except (FileNotFoundError, NotADirectoryError):  # it has gone
        return False
    return False


def held(path: str) -> DirectoryLock:
    """Return a lock on the environment at `path` (absolute), which is to be replaced; not held where it has gone meanwhile."""
    lock = DirectoryLock(path)
    try:
        return lock.acquire()
    except Busy:
        raise at_work(path) from None
    except (FileNotFoundError, NotADirectoryError):
        return lock


def clean(rubbish: str, *, made: str = "") -> None:
    """Remove what is no longer needed, as far as that can be done now; the next `create` here sweeps the rest.

    `made`: what is there now, which an interrupt then says.
    """
    try:
        trees.remove(rubbish)
    except OSError:
        return
    except KeyboardInterrupt as error:
        if not made:
            raise
        raise KeyboardInterrupt(f"{made} was made before that") from error


def take_back(path: str, *, wait: float = 0.0, reporter: Reporter | None = None) -> None:
    """Let `path` (absolute) be as it was before a creation that was killed; PlaceTaken where that is still at work.

    It is waited for, `wait` seconds, and so are others who are about to use what it made; the reporter is told.
    """
    root = os.path.realpath(path)
    lock = _locked(path, root, wait=wait, reporter=reporter)
    if lock is None:
        return
    with lock:
        try:  # only now: its maker may have ended, or been taken back, in between
            until, other = _mark(root)
        except FileNotFoundError:
            return
        if not _is_whole(root, until):
            with _turn(path, root, wait=wait, reporter=reporter or Silent()):
                if os.path.exists(f"{root}/{MARK}") and not _is_whole(root, until):
                    _take_back(root, other)
                    return
        trees.remove(f"{root}/{MARK}")  # all is in it, or others have used it since


def _turn(path: str, root: str, *, wait: float, reporter: Reporter) -> Lock:
    """Return the lock of the environment at `path`, really at `root` (absolute); EnvironmentBusy where somebody keeps it."""
    lock = Lock(f"{root}/.alcove/lock")
    try:
        return lock.acquire()
    except Busy as busy:
        said = f"{path} is being changed by {busy.holder or 'another process'}"
    if wait:
        reporter.emit(Step("waiting", said))
    try:
        return lock.acquire(timeout=wait)
    except Busy:
        raise EnvironmentBusy(said, hint="try again when it is done") from None


def _take_back(root: str, other: str) -> None:
    if other != HERE:
        _give_way(root, other)
    elif os.path.lexists(f"{root}/pyvenv.cfg"):
        ops.rename(f"{root}/pyvenv.cfg", f"{root}/{COMING}")
    # else who took it back was stopped, or found somebody's files


def is_awaited(rubbish: str) -> bool:
    """Tell whether the directory aside at `rubbish` (absolute) is what the next creation is to put back in its place."""
    parent, name = os.path.split(rubbish)
    place = name[1:].removesuffix(".tmp").rpartition(".")[0]
    try:
        return _mark(f"{parent}/{place}")[1] == name
    except OSError:  # nothing is marked there
        return False


def used(path: str) -> None:
    """Let the environment at `path` (absolute) be whole as it is, where others than its maker, who was killed, changed it."""
    if path not in _mine:
        trees.remove(f"{path}/{MARK}")


def vacates(path: str) -> bool:
    """Tell whether `take_back` would leave nothing at `path` (absolute), or an empty directory; raises as it does.

    Nothing is changed.
    """
    root = os.path.realpath(path)
    lock = _locked(path, root)
    if lock is None:
        return False
    with lock:
        try:
            until, other = _mark(root)
        except FileNotFoundError:
            return False
        return not _is_whole(root, until) and (other == HERE or not _before(root, other))


def wait_for_others(path: str, *, wait: float, reporter: Reporter) -> None:
    """Return when nobody makes or removes what lies at `path` (absolute); PlaceTaken where that takes over `wait` seconds."""
    lock = _patient(path, os.path.realpath(path), wait=wait, reporter=reporter)
    if lock is not None:
        lock.release()


def _locked(
    path: str, root: str, *, wait: float = 0.0, reporter: Reporter | None = None
) -> DirectoryLock | None:
    """Lock what lies at `path`, really at `root` (absolute), if it is being made or marked; PlaceTaken as `_patient` does."""
    if not os.path.exists(f"{root}/{MARK}") and not os.path.exists(f"{root}/{COMING}"):
        return None
    return _patient(path, root, wait=wait, reporter=reporter or Silent())


def _patient(path: str, root: str, *, wait: float, reporter: Reporter) -> DirectoryLock | None:
    """Lock the directory at `path`, really at `root` (absolute), for which `wait` seconds may go by; None where it is gone.

    PlaceTaken where its maker is at work for longer. Each try is of what lies there by then.
    """
    end = time.monotonic() + wait
    told = False
    while True:
        try:
            return DirectoryLock(root).acquire()
        except Busy:
            if time.monotonic() >= end:
                raise at_work(path) from None
        except (FileNotFoundError, NotADirectoryError):
            return None  # somebody took it back, or away
        if not told:
            reporter.emit(Step("waiting", at_work(path).message))
            told = True
        time.sleep(_POLL)


def _mark(root: str) -> tuple[str, str]:
    """Return what the mark says: from which generation on all is there, and where the one before lies."""
    text = reading.content(f"{root}/{MARK}", limit=4096).decode("utf-8", "replace")
    until, _, other = text.strip().partition(" ")
    return until, other


def _is_whole(root: str, until: str) -> bool:
    return not until.isdecimal() or _highest(root) >= int(until)


def _highest(root: str) -> int:
    names = [name.removesuffix(".json") for name in os.listdir(f"{root}/.alcove/generations")]
    return max((int(name) for name in names if name.isdecimal()), default=0)


def _give_way(root: str, other: str) -> None:
    """Give the place to the environment that was there before, or to nobody; what leaves it is rubbish to be swept."""
    before = _before(root, other)
    if not before:
        ops.rename(root, atomic.aside(root))
        return
    try:
        with DirectoryLock(before).acquire():
            exchange(before, root)
    except Busy:
        raise at_work(root) from None


def _before(root: str, other: str) -> str:
    """Return where the environment lies (absolute) that was at `root` before, or ""."""
    parent, name = os.path.split(root)
    before = f"{parent}/{other}"
    mine = other.startswith(f".{name}.") and atomic.is_aside(other) and "/" not in other
    return before if mine and os.path.isdir(before) else ""


def exchange(staged: str, path: str) -> None:
    """Let the directories `staged` and `path` (absolute) trade places, in one step where the platform can do that.

    overlayfs renames no directory that an image brought (EXDEV); such a one is copied, and is then removed.
    """
    try:
        if ops.exchange(staged, path):
            return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    between = f"{staged}.before"
    trees.move(path, between)
    try:
        ops.rename(staged, path)
    except OSError:
        ops.rename(between, path)
        raise
    ops.rename(between, staged)


def give_back(staged: str, path: str, *, before: bool) -> None:
    """Let `path` (absolute) be as it was before what was made at `staged` got its place; `before`: something was there.

    Nothing of that is at `path` any more where somebody else took it away.
    """
    try:
        if before:
            exchange(staged, path)
        else:
            ops.rename(path, staged)
    except FileNotFoundError:
        if before:
            ops.rename(staged, path)


def exchanged(staged: str, path: str) -> bool:
    """Do as `exchange`; False where nothing is at `path` any more."""
    try:
        exchange(staged, path)
    except FileNotFoundError:
        if os.path.lexists(path):
            raise
        return False
    return True


def at_work(path: str) -> PlaceTaken:
    """Return the error that another process is at work on all that lies at `path` (absolute)."""
    return PlaceTaken(
        f"{path} is being made by another process, or removed", hint="look at it when that is done"
    )


def too_late(path: str) -> PlaceTaken:
    """Return the error that something came to `path` (absolute), which was free."""
    return PlaceTaken(
        f"{path} was made by somebody else in the meantime",
        hint="look at it, or choose another path",
    )


def is_left(path: str, names: Sequence[str]) -> bool:
    """Tell whether somebody was killed when they made an environment in the empty directory `path`."""
    if ".alcove" not in names:
        return False
    more = set(names) - _OWN
    if more and not more <= _placed(path):
        return False
    inside = os.listdir(f"{path}/.alcove")
    return not inside or os.path.basename(COMING) in inside


def _placed(path: str) -> set[str]:
    """Return the names in the environment at `path` (absolute) that the data files of what its slots show begin with."""
    found = set()
    for slot in SLOTS:
        try:
            shown = generation.load(f"{path}/.alcove/{slot}/slot.json")
        except (AlcoveError, OSError):
            continue
        found |= {row.path.partition("/")[0] for one in shown.placements for row in one.data}
    return found


def empty(path: str) -> None:
    """Remove what an unfinished environment left in the directory `path`, so that it is known as such to the end."""
    for name in os.listdir(path):
        if name != ".alcove":
            trees.remove(f"{path}/{name}")
    if os.path.isdir(f"{path}/.alcove"):
        for name in os.listdir(f"{path}/.alcove"):
            if name != os.path.basename(COMING):
                trees.remove(f"{path}/.alcove/{name}")
        trees.remove(f"{path}/.alcove")
