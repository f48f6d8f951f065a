"""Entries that the kept states of an environment need, made whole: from the cache or an index, by their sha256."""

from __future__ import annotations

import os

from alcove import index_settings
from alcove.actions.refetch import refetch
from alcove.actions.stores import store_root
from alcove.errors import AlcoveError
from alcove.files import ops, trees
from alcove.store import entries
from alcove.store.layout import ASIDE, entry_path, mtime_of, store_at
from alcove.store.records import prepared_links
from alcove.store.verify import damaged
from alcove.transactions import generations, slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.store.layout import Store

__all__ = ["heal"]


def heal(
    layout: Layout,
    settings: Settings,
    *,
    sources: Mapping[str, object],
    offline: bool,
    reporter: Reporter,
) -> tuple[list[str], list[str]]:
    """Make every entry whole; return what was done and, for what could not be had, what is missing exactly."""
    store = store_at(store_root(layout))
    done: list[str] = []
    wanted = []
    for placement in _placements(layout):
        if _whole(store, placement):
            done += _clean(store, placement)
            if not _differs(store, placement):
                continue
        wanted.append(placement)
    wanted = [
        one for one in wanted if one.record != "seed" or not _seeded(store, one, layout, settings)
    ]
    missing: list[str] = []
    if not wanted:
        return done, missing
    from alcove.index.session import Index

    configured = index_settings.read(
        settings.variables,
        settings.home,
        prefix=layout.root,
        layers=[sources],  # type: ignore[list-item]
    )
    with Index(
        configured,
        cache=settings.cache,
        offline=offline or settings.offline,
        reporter=reporter,
    ) as index:
        for placement in wanted:
            if placement.record == "seed":
                continue  # of another alcove: `repair` gives the environment that of this one
            try:
                source = refetch(
                    placement, store, cache=settings.cache, index=index, reporter=reporter
                )
            except AlcoveError as error:
                missing.append(error.message)
            else:
                done.append(
                    f"{placement.name} {placement.version} is unpacked again, from {source}"
                )
    return done, missing


def _placements(layout: Layout) -> list[Placement]:
    """Return how every entry is placed that a kept state, or a slot, uses: each entry once."""
    found: dict[str, Placement] = {}
    known = [*generations.history(layout)]
    known += [one for name in ("a", "b") if (one := slots.read_slot(layout.slot(name)))]
    for generation in known:
        for placement in generation.placements:
            if placement.source.startswith("e/"):
                found.setdefault(placement.source, placement)
    return list(found.values())


def _whole(store: Store, placement: Placement) -> bool:
    try:
        return entries.read(store, placement.source[2:]).sha256 == placement.sha256
    except AlcoveError:
        return False


def _differs(store: Store, placement: Placement) -> bool:
    return bool(damaged(store, placement.source[2:], deep=True))


def _clean(store: Store, placement: Placement) -> list[str]:
    """Take away what others added to an entry, make its prepared links again, and give its directories their time.

    Return what was done.
    """
    directory = placement.source[2:]
    root = entry_path(store, directory)
    done = []
    for one in damaged(store, directory):
        if one.kind == "added" and os.path.lexists(f"{root}/{one.path}"):
            trees.remove(f"{root}/{one.path}")
            done.append(f"{root}/{one.path} was added by others and is gone")
    done += _links(store, directory)
    wanted = mtime_of(placement.sha256)
    reset = False
    for path in placement.links:
        linked = f"{root}/lib/{path}"
        if os.path.isdir(linked) and int(os.stat(linked).st_mtime) != wanted:
            ops.utime(linked, ns=(wanted * 1_000_000_000, wanted * 1_000_000_000))
            reset = True
    if reset and not done and not _differs(store, placement):
        done.append(f"{root} has its time again")
    return done


def _links(store: Store, directory: str) -> list[str]:
    """Make the links again that an entry has ready for views; they say nothing that its json does not."""
    folder = f"{entry_path(store, directory)}/links"
    done = []
    for name, text in prepared_links(entries.read(store, directory)).items():
        path = f"{folder}/{name}"
        try:
            right = os.readlink(path) == text
        except OSError:
            right = False
        if not right:
            if not os.path.isdir(folder) or os.path.islink(folder):
                trees.remove(folder)
                ops.mkdir(folder)
            trees.remove(path)
            ops.symlink(text, path)
            done.append(f"{path} is there again")
    return done


def _seeded(store: Store, placement: Placement, layout: Layout, settings: Settings) -> bool:
    """Make the entry of the pip of ours again, if this alcove makes the same one."""
    from alcove.actions.seeding import seed
    from alcove.interpreters.inspect import inspect

    path = entry_path(store, placement.source[2:])
    aside = f"{store.entries}/{ASIDE}{os.urandom(4).hex()}-{placement.source[2:]}"
    there = os.path.lexists(path)
    if there:
        ops.rename(path, aside)
    made = seed(store, inspect(layout.python, cache=settings.cache), cache=settings.cache)
    same = made.source == placement.source
    if there and not same:
        ops.rename(aside, path)
    trees.remove(aside)
    return same
