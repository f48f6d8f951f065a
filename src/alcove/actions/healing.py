"""Entries that the kept states of an environment need, made whole: from the cache or an index, by their sha256."""

from __future__ import annotations

import os
from functools import partial

from alcove import index_settings
from alcove.actions.finding import Mend, carried_out
from alcove.actions.refetch import refetch
from alcove.actions.scripts import content_of
from alcove.actions.stores import store_root
from alcove.errors import AlcoveError, EntryDamaged
from alcove.files import atomic, ops, trees
from alcove.store import entries
from alcove.store.layout import ASIDE, entry_path, mtime_of, store_at
from alcove.store.records import prepared_links
from alcove.store.verify import damaged
from alcove.transactions import generations, slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.store.layout import Store
    from alcove.store.verify import Difference

__all__ = ["foresee", "heal"]


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
            found = damaged(store, placement.source[2:], deep=True)
            done += carried_out(_clean(store, placement, found))
            if not _spoiled(store, placement.source[2:], found):
                continue
        wanted.append(placement)
    # One of another alcove stays away: `repair` gives the environment that of this one.
    seeds = [one for one in wanted if one.record == "seed"]
    made = [one for one in seeds if _seeded(store, one, layout, settings)]
    done += [f"{_again(one)}, from this alcove" for one in made]
    wanted = [one for one in wanted if one not in seeds]
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
            try:
                source = refetch(
                    placement, store, cache=settings.cache, index=index, reporter=reporter
                )
            except AlcoveError as error:
                missing.append(error.message)
            else:
                done.append(f"{_again(placement)}, from {source}")
    return done, missing


def foresee(layout: Layout, store: Store, *, ours: str) -> list[str]:
    """Return what `heal` would say of the entries in `store`, but for where it would get them from; nothing is asked for.

    `ours`: the source of the pip that this alcove makes, "" where that is unknown.
    """
    told: list[str] = []
    for placement in _placements(layout):
        spoiled = True
        if _whole(store, placement):
            found = damaged(store, placement.source[2:], deep=True)
            told += [one.text for one in _clean(store, placement, found) if one.text]
            spoiled = _spoiled(store, placement.source[2:], found)
        if spoiled and (placement.record != "seed" or placement.source == ours):
            told.append(_again(placement))
    return told


def _again(placement: Placement) -> str:
    return f"{placement.name} {placement.version} is unpacked again"


def _placements(layout: Layout) -> list[Placement]:
    """Return how every entry is placed that a kept state, or a slot, uses: each entry once."""
    found: dict[str, Placement] = {}
    known = [*generations.readable(layout)]
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


def _spoiled(store: Store, directory: str, found: Iterable[Difference]) -> bool:
    """Tell whether an entry differs, by `found`, in more than `_clean` puts right."""
    return any(
        one.kind != "added"
        and not one.path.startswith("links/")
        and not (one.path == "view.json" and entries.complete(store, directory).proven)
        for one in found
    )


def _clean(store: Store, placement: Placement, found: Sequence[Difference]) -> Iterator[Mend]:
    """Put right what needs no wheel for it: what others added to an entry, what it has ready for views, and times.

    `found`: how it differs, by its content.
    """
    directory = placement.source[2:]
    root = entry_path(store, directory)
    added = False
    if any(one.path == "view.json" for one in found):
        yield from _view(store, directory)
    for one in found:
        path = f"{root}/{one.path}"
        if one.kind == "added" and os.path.lexists(path):
            added = True
            yield Mend(f"{path} was added by others and is gone", partial(trees.remove, path))
    links = list(_links(store, directory))
    yield from links
    wanted = mtime_of(placement.sha256)
    times = (wanted * 1_000_000_000, wanted * 1_000_000_000)
    late = [
        linked
        for path in placement.links
        if os.path.isdir(linked := f"{root}/lib/{path}") and int(os.stat(linked).st_mtime) != wanted
    ]
    told = bool(late) and not (added or links or _spoiled(store, directory, found))
    for linked in late:
        text = f"{root} has its time again" if told and linked == late[-1] else ""
        yield Mend(text, partial(ops.utime, linked, ns=times))


def _view(store: Store, directory: str) -> Iterator[Mend]:
    """Write `view.json` anew, where it is not what a proven `entry.json` says."""
    try:
        found = entries.complete(store, directory)
    except EntryDamaged:
        return
    path = f"{entry_path(store, directory)}/view.json"
    if found.proven and content_of(path) != found.view:
        yield Mend(f"{path} is as it was", partial(_write_view, path, found))


def _write_view(path: str, found: entries.Complete) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        trees.remove(path)
    atomic.replace_file(path, found.view, durable=True)
    time = mtime_of(found.entry.sha256) * 1_000_000_000
    ops.utime(path, ns=(time, time))


def _links(store: Store, directory: str) -> Iterator[Mend]:
    """Make the links again that an entry has ready for views; they say nothing that its json does not."""
    folder = f"{entry_path(store, directory)}/links"
    for name, text in prepared_links(entries.read(store, directory)).items():
        path = f"{folder}/{name}"
        try:
            right = os.readlink(path) == text
        except OSError:
            right = False
        if not right:
            yield Mend(f"{path} is there again", partial(_link, folder, name, text))


def _link(folder: str, name: str, text: str) -> None:
    if not os.path.isdir(folder) or os.path.islink(folder):
        trees.remove(folder)
        ops.mkdir(folder)
    trees.remove(f"{folder}/{name}")
    ops.symlink(text, f"{folder}/{name}")


def _seeded(store: Store, placement: Placement, layout: Layout, settings: Settings) -> bool:
    """Make the entry of the pip of ours again, if this alcove makes the same one."""
    from alcove.actions.seeding import seed
    from alcove.interpreters.inspect import inspect

    path = entry_path(store, placement.source[2:])
    aside = f"{store.entries}/{ASIDE}{os.urandom(4).hex()}-{placement.source[2:]}"
    there = os.path.lexists(path)
    if there:
        trees.move(path, aside)
    made = seed(store, inspect(layout.python, cache=settings.cache), cache=settings.cache)
    same = made.source == placement.source
    if there and not same:
        ops.rename(aside, path)
    trees.remove(aside)
    return same
