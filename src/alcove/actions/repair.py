"""`repair`: what `verify` finds put right, in the order in which one thing stands on the other.

Rule: the links first, then the entries, then what stands in the slot, then what the ordinary opening of an environment
does by itself (a place that changed, what others did); what cannot be had is named and left.
"""

from __future__ import annotations

import os

from alcove.actions import frame, mending, scripts
from alcove.actions.healing import heal
from alcove.actions.held import hold, refuse_sudo, register
from alcove.actions.stores import store_root
from alcove.actions.verify import verify
from alcove.environments import generation as encoding
from alcove.errors import AlcoveError
from alcove.events import Silent, Step
from alcove.files import atomic, links, ops, trees
from alcove.files.locking import Lock
from alcove.records import NamedTuple
from alcove.store.layout import store_at
from alcove.transactions import generations, restore, state, waiting
from alcove.transactions.apply import not_yours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alcove.actions.finding import Finding
    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["Repaired", "repair"]


class Repaired(NamedTuple):
    """What was done to the environment at `path` (absolute), a sentence each; `left`: what is wrong still.

    `reasons`: why something could not be put right: what is missing, exactly.
    """

    path: str
    done: tuple[str, ...]
    left: tuple[Finding, ...]
    reasons: tuple[str, ...]


def repair(
    path: str,
    settings: Settings,
    *,
    sources: Mapping[str, object] | None = None,
    offline: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Repaired:
    """Put right what is wrong with the environment at `path` (absolute).

    `sources`: index options by pip's names, above what is configured; `offline`: only from store and cache.
    NotAnEnvironment where it is none of ours, EnvironmentBusy where somebody changes it, InterpreterGone.
    """
    layout = frame.layout_of(path)
    refuse_sudo(layout.root, settings)
    tell = reporter or Silent()
    tell.emit(Step("repairing", layout.root))
    done = list(mending.store(layout, settings))
    reasons: list[str] = []
    with _locked(layout, settings.wait if wait is None else wait, tell):
        done += mending.links(layout)
        done += mending.interpreter(layout, settings)
        done += mending.bits(layout)
        done += _switch(layout)
        healed, reasons = heal(
            layout, settings, sources=sources or {}, offline=offline, reporter=tell
        )
        done += healed
        done += _slot(layout)
        done += _number(layout)
        done += mending.anchor(layout)
        done += scripts.activation(layout)
        done += _in_place(layout, settings)
    try:
        done += _open(layout, settings, tell, wait)
        done += _pip(layout, settings, tell, wait)
        done += _root(layout)
    except (OSError, AlcoveError) as error:
        reasons.append(str(error))
    return Repaired(
        layout.root, tuple(done), verify(layout.root, settings).findings, tuple(reasons)
    )


def _locked(layout: Layout, wait: float, reporter: Reporter) -> Lock:
    lock = Lock(layout.private + "/lock")
    try:
        waiting.take(lock, layout.root, wait=wait, reporter=reporter)
    except PermissionError as error:
        raise not_yours(layout.root, error) from error
    return lock


def _switch(layout: Layout) -> Iterator[str]:
    """Make the switch show a whole slot, if one of the two is; and drop jsons that nobody can read."""
    known = []
    for number in generations.numbers(layout):
        path = f"{layout.private}/generations/{number}.json"
        try:
            known.append(generations.load(layout, number))
        except AlcoveError:
            if os.path.isdir(path) and not os.path.islink(path):
                yield f"{path} was a directory; it is kept as {restore.keep(layout, path)}"
            else:
                ops.unlink(path)
                yield f"{path} could not be read and is gone"
    try:
        frame.shown_of(layout)
    except AlcoveError:
        name, found = frame.best_known(layout)
        if name:
            state.forget(layout)
            restore.show(layout, name)
            yield f"{layout.current} leads to {name}, which shows state {found.number}"


def _slot(layout: Layout) -> Iterator[str]:
    """Make the shown slot anew from its json where none of the two is whole, or where its directories are gone."""
    try:
        want = frame.shown_of(layout)
    except AlcoveError:
        _, want = frame.best_known(layout)
    else:
        slot = layout.slot(layout.shown())
        parts = (f"{slot}/site-packages", f"{slot}/bin")
        if all(os.path.isdir(path) and not os.path.islink(path) for path in parts):
            return
    restore.remake(layout, want)
    yield f"state {want.number} is made anew"


def _number(layout: Layout) -> Iterator[str]:
    """Keep the json of the state that is shown under its number, where that is missing."""
    shown = frame.shown_of(layout)
    path = f"{layout.private}/generations/{shown.number}.json"
    if not os.path.lexists(path):
        links.relink(f"{layout.current}/slot.json", path)
        yield f"{path} is there again"


def _in_place(layout: Layout, settings: Settings) -> Iterator[str]:
    """Put back what differs in the shown slot, and data files; the rest is the work of opening the environment."""
    shown = frame.shown_of(layout)
    found = verify(layout.root, settings).findings
    placed = shown.placed()
    wrong = [(placed[one.dist_info], one.difference) for one in found if one.difference is not None]
    if wrong:
        moved = restore.put_back(layout, shown, wrong)
        paths = dict.fromkeys(one.path for _, one in wrong)  # some are of two distributions
        yield from (f"{layout.current}/{path} is as it was" for path in paths)
        yield from (f"what stood in the way is kept as {path}" for path in moved)
    for one in found:
        if one.data:
            for path in restore.make_way(layout, one.data):
                yield f"what stood in the way is kept as {path}"
            if one.what == "changed":
                trees.remove(one.path)  # `tidy` places it again
            yield f"{one.path} is as it was"
        if one.part == "link":
            if os.path.isdir(one.path) and not os.path.islink(one.path):
                yield f"what stood in the way is kept as {restore.keep(layout, one.path)}"
            trees.remove(one.path)  # `tidy`, too
            yield f"{one.path} is as it was"
    if found:
        state.forget(layout)


def _open(
    layout: Layout, settings: Settings, reporter: Reporter, wait: float | None
) -> Iterator[str]:
    """Open the environment as every change does: in line with what is shown, and at its new place if it was moved."""
    before = frame.shown_of(layout)
    with hold(layout, settings, reporter, wait=wait) as held:
        after = held.shown
    if after.number != before.number:
        yield f"what others did is kept as state {after.number}"
    if before.prefix != layout.root:
        yield f"the scripts name {layout.root} (it was {before.prefix})"


def _pip(
    layout: Layout, settings: Settings, reporter: Reporter, wait: float | None
) -> Iterator[str]:
    """Give every kept state the pip of this alcove where its own is gone, and the shown one where it is of another."""
    from alcove.actions.seeding import is_current, seed

    store = store_at(store_root(layout))
    shown = frame.shown_of(layout)
    site = layout.slot(layout.shown()) + "/site-packages"
    old = next((one for one in shown.placements if one.record == "seed"), None)
    dead = {
        one.source
        for generation in generations.history(layout)
        for one in generation.placements
        if one.record == "seed" and not os.path.isfile(f"{layout.private}/{one.source}/entry.json")
    }
    if old is not None and (frame.pip_is_gone(site) or not is_current(site, layout.bin)):
        dead.add(old.source)
    if not dead:
        return
    from alcove.interpreters.inspect import inspect

    new = seed(store, inspect(layout.python, cache=settings.cache), cache=settings.cache)
    if old is not None and old.source in dead:
        with hold(layout, settings, reporter, wait=wait) as held:
            held.change(_replaced(held.shown, dead, new), why="alcove repair")
        yield "pip starts this alcove"
    for generation in generations.history(layout):
        placements = _replaced(generation, dead, new)
        if placements != generation.placements:
            path = f"{layout.private}/generations/{generation.number}.json"
            text = encoding.encode(generation._replace(placements=placements))
            atomic.replace_file(path, text, durable=True)
            yield f"state {generation.number} has the pip of this alcove"


def _root(layout: Layout) -> Iterator[str]:
    unknown = [one for one in frame.check(layout) if one.part == "root"]
    register(layout, anew=True)
    if unknown:
        yield "the store knows again what the environment uses"


def _replaced(generation: Generation, dead: set[str], new: Placement) -> tuple[Placement, ...]:
    return tuple(new if one.source in dead else one for one in generation.placements)
