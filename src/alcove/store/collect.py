"""Removes entries that no root needs; the only code that deletes from the store.

Rules: it decides from roots alone, and shows before it removes; it holds the store's lock exclusively, which
every install holds shared; a root whose path is gone counts for 30 more days, as the environment may have moved;
a root that cannot be read stops everything. A link count never permits a removal: one above 1 forbids it, since
something that no root speaks of still shows the file.
"""

from __future__ import annotations

import errno
import os

from alcove.events import Silent, Step, Warned
from alcove.files import ops, trees
from alcove.files.refusals import DENIED, FULL
from alcove.pasting import pasted
from alcove.records import NamedTuple
from alcove.store import entries, layout, roots
from alcove.store.sizes import measure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from alcove.events import Reporter
    from alcove.store.layout import Store

__all__ = ["Collected", "Dead", "collect", "dead"]

_GRACE = 30 * 86_400  # seconds
_SURELY_LEFT = 86_400  # seconds after which nobody is still about to rename a root that was written


class Dead(NamedTuple):
    """An entry that no root needs: its directory's name, and the bytes on disk that its removal would free.

    `held`: a file of it has another hard link somewhere, so it stays. `bytecode`: the part of `size` that is bytecode.
    """

    directory: str
    size: int
    held: bool
    bytecode: int = 0


class Collected(NamedTuple):
    """What was removed, what stayed because something holds it, how many leftovers of killed unpacks went."""

    removed: tuple[Dead, ...]
    held: tuple[Dead, ...]
    leftovers: int


def dead(
    store: Store, *, now: float, used: Callable[[str], Collection[str] | None] | None = None
) -> list[Dead]:
    """Return the entries that no root needs at the time `now` (seconds since 1970); changes nothing.

    `used`: what the environment at an absolute path needs, in place of what its root says; None where that is unknown.
    StoreError where a root cannot be read. Without the store's lock the answer may be old when it arrives.
    """
    needed: set[str] = set()
    for root in roots.every(store):
        if _is_there(root) or not root.missing or now - _gone(root) < _GRACE:
            said = used(root.path) if used is not None else None
            needed.update(root.entries if said is None else said)
    found = []
    for name in entries.names(store):
        if name not in needed:
            try:
                found.append(_measure(store, name))
            except FileNotFoundError:  # somebody else removes it
                continue
    return found


def collect(
    store: Store,
    *,
    now: float,
    used: Callable[[str], Collection[str] | None] | None = None,
    reporter: Reporter | None = None,
    timeout: float = 60.0,
) -> Collected:
    """Remove the dead entries, the roots that died with them, and what killed unpacks left.

    `used` as for `dead`; it is asked while nobody else uses the store.
    StoreError when others kept the store busy for `timeout` seconds. Interrupted anywhere, the next call goes on:
    an entry leaves its name by one rename, before its first file is removed; where it cannot (`_remove`), its `entry.json` is
    the first to go, without which it is none.
    """
    tell = reporter or Silent()
    with layout.lock(store, shared=False, timeout=timeout, reporter=tell) as held:
        held.sign(f"gc, process {os.getpid()}")
        _note_missing(store, now)
        found = dead(store, now=now, used=used)
        going = tuple(one for one in found if not one.held)
        for one in going:
            tell.emit(Step("removing", one.directory))
            _remove(store, one.directory)
        leftovers = _sweep(store, now, tell)
        _forget_dead(store, now)
    return Collected(going, tuple(one for one in found if one.held), leftovers)


def _remove(store: Store, directory: str) -> None:
    path = layout.entry_path(store, directory)
    aside = f"{store.entries}/{layout.ASIDE}{os.urandom(4).hex()}-{directory[:100]}"
    try:
        ops.rename(path, aside)
    except OSError as error:
        if error.errno != errno.EXDEV:  # overlayfs renames no directory that an image brought
            raise
        trees.remove(f"{path}/entry.json")
        aside = path
    trees.remove(aside)


def _is_there(root: roots.Root) -> bool:
    return os.path.isdir(f"{root.path}/.alcove")


def _gone(root: roots.Root) -> int:
    return max(root.seen, root.missing)


def _note_missing(store: Store, now: float) -> None:
    """Write down which paths are gone since when, so that the days can be counted; on a full disk from the next time on."""
    for root in roots.every(store):  # each read when its turn comes: others register meanwhile
        there = _is_there(root)
        since = 0 if there else int(now)
        if root.missing != since and (there or not 0 < root.missing <= now):
            try:
                roots.mark(store, root, missing=since)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                return  # what is dead already is to make room


def _forget_dead(store: Store, now: float) -> None:
    for root in roots.every(store):
        if root.missing and not _is_there(root) and now - _gone(root) >= _GRACE:
            roots.remove(store, root.path)


def _sweep(store: Store, now: float, reporter: Reporter) -> int:
    """Remove what unpacks and removals that were killed left; under the exclusive lock nobody is at work on it.

    What is another user's stays, and is told.
    A root is written without the lock, by who makes or moves an environment: what is left of that goes when it is old.
    """
    count = 0
    for directory in (store.entries, store.roots):
        try:
            found = os.listdir(directory)
        except FileNotFoundError:
            continue
        for name in found:
            path = f"{directory}/{name}"
            if name.startswith(layout.ASIDE) or (
                name.startswith(".") and name.endswith(".tmp") and _is_old(path, now)
            ):
                try:
                    trees.remove_all(path)
                except OSError as error:
                    if error.errno not in DENIED:
                        raise
                    text = f"{path}, which is left over, may not be removed by this user: {error.strerror}"
                    reporter.emit(Warned(text, f"have its owner remove it: rm -r {pasted(path)}"))
                else:
                    count += 1
    return count


def _is_old(path: str, now: float) -> bool:
    try:
        return now - os.lstat(path).st_mtime > _SURELY_LEFT
    except FileNotFoundError:
        return False


def _measure(store: Store, directory: str) -> Dead:
    path = layout.entry_path(store, directory)
    if not os.path.isdir(path) or os.path.islink(path):
        return Dead(directory, 0, held=False)
    found = measure(path)
    return Dead(directory, found.size, found.held, found.bytecode)
