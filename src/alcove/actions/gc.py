"""`gc`: old generations of all environments go first, then what no environment uses any more.

Rule (DESIGN 6.3): what would go is shown before it goes; it goes by the roots alone.
"""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import left
from alcove.actions.held import register
from alcove.actions.reading import shown
from alcove.actions.stores import store_root
from alcove.environments import staging
from alcove.environments.layout import open_layout
from alcove.environments.unfinished import MARK
from alcove.errors import AlcoveError, EnvironmentBusy
from alcove.events import Notice, Silent, Warned
from alcove.files import refusals
from alcove.files.locking import Lock
from alcove.files.refusals import DENIED
from alcove.records import NamedTuple
from alcove.store import collect, roots
from alcove.store.collect import Collected
from alcove.store.layout import store_at
from alcove.transactions import generations, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.store.collect import Dead
    from alcove.store.layout import Store

__all__ = ["Garbage", "Pruned", "collected", "garbage"]

_DAY = 86_400  # seconds


class Pruned(NamedTuple):
    """The states of one environment (absolute path) that go: their numbers."""

    path: str
    numbers: tuple[int, ...]


class Garbage(NamedTuple):
    """What goes, or would go: `size` is what that frees, in bytes on disk; `held`: what something else still shows.

    `bytecode`: the part of `size` that programs wrote there since, which the sizes of `envs` do not count.
    """

    store: str
    generations: tuple[Pruned, ...]
    entries: tuple[Dead, ...]
    held: tuple[Dead, ...]
    leftovers: int

    @property
    def size(self) -> int:
        """Return the bytes on disk that this frees."""
        return sum(one.size for one in self.entries)

    @property
    def bytecode(self) -> int:
        """Return the bytes of them that are bytecode."""
        return sum(one.bytecode for one in self.entries)


def garbage(settings: Settings, *, now: float) -> Garbage:
    """Return what `collected` would remove at the time `now` (seconds since 1970); changes nothing."""
    store = store_at(settings.data)
    pruned: list[Pruned] = []
    used: dict[str, set[str]] = {}
    for layout in _environments(settings):
        try:
            numbers, states = _old(layout, settings, now=now)
        except (AlcoveError, OSError):
            continue  # its states are kept, which is told when it is tried
        if numbers:
            pruned.append(Pruned(layout.root, tuple(numbers)))
            staying = [one for one in states if one.number not in numbers]
            used[layout.root] = set().union(*map(generations.sources, staying))

    def needed(path: str) -> set[str] | None:
        return used[path] if path in used else _used(store, path)

    found = collect.dead(store, now=now, used=needed)
    return Garbage(
        store.root,
        tuple(pruned),
        tuple(one for one in found if not one.held),
        tuple(one for one in found if one.held),
        0,
    )


def collected(
    settings: Settings, *, now: float, reporter: Reporter | None = None, wait: float | None = None
) -> Garbage:
    """Remove old generations, what no environment uses, and what was left beside environments; return what went.

    An environment that somebody changes keeps its generations this time, which is told. StoreError where the store is
    in use for longer than `wait` seconds (the settings' otherwise), a root cannot be read, or something is to go from a
    store that this user may not change; where nothing is, that is told.
    """
    store = store_at(settings.data)
    tell = reporter or Silent()
    beside = {settings.named, *(os.path.dirname(path) for path in roots.paths(store))}
    pruned = []
    for layout in _environments(settings):
        numbers = _prune(layout, settings, now=now, reporter=tell)
        if numbers:
            pruned.append(Pruned(layout.root, tuple(numbers)))
    timeout = settings.wait if wait is None else wait
    done = _of_store(store, now, tell, timeout)
    leftovers = done.leftovers + sum(map(staging.sweep_environments, beside))
    return Garbage(store.root, tuple(pruned), done.removed, done.held, leftovers)


def _of_store(store: Store, now: float, reporter: Reporter, timeout: float) -> Collected:
    used = partial(_used, store)
    refused = refusals.first(store.lock, store.entries, store.roots)
    if refused is not None and refused.errno in DENIED:
        found = collect.dead(store, now=now, used=used)
        if all(one.held for one in found):
            reporter.emit(Notice(f"the store {store.root} cannot be changed: {refused.strerror}"))
            return Collected((), tuple(found), 0)
    return collect.collect(store, now=now, used=used, reporter=reporter, timeout=timeout)


def _environments(settings: Settings) -> Iterator[Layout]:
    """Yield the environments of this store that are there and can be read; the others keep what their roots name."""
    store = store_at(settings.data)
    for path in roots.paths(store):
        try:
            layout = open_layout(path)
            shown(layout)
        except AlcoveError:
            continue
        if os.path.realpath(store_root(layout)) == os.path.realpath(store.root):
            yield layout


def _used(store: Store, path: str) -> set[str] | None:
    """Return the entries that the environment at `path` uses: its kept generations are the truth, a root their shadow.

    Of one that was moved there and not opened since, with those of the root, which is that of another one; and of one that
    is not whole yet, for the root still names what the one before it uses, which may get its place back.
    """
    try:
        layout = open_layout(path)
        found = generations.entries_of(layout) | generations.sources(shown(layout))
        others = left.came(path) or os.path.lexists(f"{path}/{MARK}")
        root = roots.find(store, path) if others else None
    except (AlcoveError, OSError):
        return None
    return found.union(root.entries) if root is not None else found


def _old(layout: Layout, settings: Settings, *, now: float) -> tuple[list[int], list[Generation]]:
    """Return the numbers of the states that are to go, and then all states, what is shown first.

    None goes of an environment that was moved and not opened since. AlcoveError, OSError where a state cannot be read.
    """
    first = shown(layout)
    keep, newest = settings.keep_generations, settings.keep_days * _DAY
    numbers = generations.prunable(layout, shown=first.number, keep=keep, newest=newest, now=now)
    if not numbers or left.came(layout.root):
        return [], []
    return numbers, [first, *generations.history(layout)]


def _prune(layout: Layout, settings: Settings, *, now: float, reporter: Reporter) -> list[int]:
    try:
        lock = Lock(layout.private + "/lock")
        waiting.take(lock, layout.root, wait=0.0, reporter=Silent())
        with lock:
            numbers, states = _old(layout, settings, now=now)
            if numbers:
                keep, newest = settings.keep_generations, settings.keep_days * _DAY
                shown_now = states[0].number
                generations.prune(layout, shown=shown_now, keep=keep, newest=newest, now=now)
                register(layout, anew=True)
    except EnvironmentBusy as busy:
        reporter.emit(Notice(f"{busy.message}: its states are kept"))
        return []
    except (AlcoveError, OSError) as error:
        if isinstance(error, OSError) and error.errno in DENIED:
            said = f"{layout.root} may not be changed by this user: its states are kept"
            reporter.emit(Notice(said))
        else:
            hint = error.hint if isinstance(error, AlcoveError) and error.hint else ""
            reporter.emit(Warned(f"the states of {layout.root} are kept: {error}", hint))
        return []
    return numbers
