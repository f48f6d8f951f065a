"""`repair`: what `verify` finds put right, in the order in which one thing stands on the other.

Rule: the links first, then the entries, then what stands in the slot, then what the ordinary opening of an environment
does by itself (a place that changed, what others did); what cannot be had is named and left.
"""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import frame, mending, mending_states, scripts, stashes
from alcove.actions.finding import carried_out
from alcove.actions.healing import heal
from alcove.actions.held import hold, refuse_sudo, register
from alcove.actions.moved import known_as
from alcove.actions.stores import store_root
from alcove.actions.verify import verify
from alcove.environments import generation as encoding
from alcove.errors import AlcoveError
from alcove.events import Silent, Step
from alcove.files import atomic
from alcove.files.locking import Lock
from alcove.files.refusals import DENIED
from alcove.records import NamedTuple
from alcove.store.layout import lock, store_at
from alcove.transactions import generations, waiting
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
    """What was done to the environment at `path` (absolute), or with `dry_run` would be, a sentence each.

    `left`: what is wrong still. `reasons`: why something could not be put right: what is missing, exactly.
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
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Repaired:
    """Put right what is wrong with the environment at `path` (absolute).

    `sources`: index options by pip's names, above what is configured; `offline`: only from store and cache. `dry_run`: say
    what would be put right, do nothing, take no lock and ask no index: `left` is what could not be, as far as that is known.
    NotAnEnvironment where it is none of ours, NewerFormat where a newer alcove wrote in it, EnvironmentBusy where somebody
    changes it, InterpreterGone.
    """
    layout = frame.layout_of(known_as(path))
    refuse_sudo(layout.root, settings)
    generations.refuse_newer(layout)
    tell = reporter or Silent()
    if dry_run:
        from alcove.actions.diagnosis import foresee

        told, left = foresee(layout, settings, tell)
        return Repaired(layout.root, tuple(told), tuple(left), ())
    tell.emit(Step("repairing", layout.root))
    done = list(carried_out(mending.store(layout, settings)))
    seconds = settings.wait if wait is None else wait
    store = store_at(store_root(layout))
    # Shared until its root is written: `gc` cannot take away what was unpacked again for an environment it does not know.
    with lock(store, shared=True, timeout=seconds, needed=False, reporter=tell):
        with _locked(layout, seconds, tell):
            # Another one may have got the place while it was waited for, that of another Python.
            layout = frame.layout_of(layout.root)
            told, reasons = _mend(layout, settings, sources or {}, offline=offline, reporter=tell)
        done += told
        try:
            unknown = any(one.part == "root" for one in frame.check(layout))
            done += _open(layout, settings, tell, wait)
            done += _pip(layout, settings, tell, wait)
            register(layout, anew=True)
            if unknown:
                done.append("the store knows again what the environment uses")
        except (OSError, AlcoveError) as error:
            reasons.append(str(error))
    found = verify(layout.root, settings, wait=seconds)
    return Repaired(layout.root, tuple(done), found.findings, tuple(reasons))


def _mend(
    layout: Layout,
    settings: Settings,
    sources: Mapping[str, object],
    *,
    offline: bool,
    reporter: Reporter,
) -> tuple[list[str], list[str]]:
    """Put right what stands there, and return what was done, and why something could not be."""
    done = list(carried_out(mending.links(layout)))
    done += carried_out(mending.interpreter(layout, settings))
    done += carried_out(mending_states.bits(layout))
    done += carried_out(mending_states.switch(layout))
    healed, reasons = heal(layout, settings, sources=sources, offline=offline, reporter=reporter)
    done += healed
    done += carried_out(mending_states.slot(layout))
    done += carried_out(mending_states.number(layout, frame.shown_of(layout)))
    done += carried_out(mending.anchor(layout))
    done += carried_out(scripts.activation(layout))
    shown, found = frame.shown_of(layout), verify(layout.root, settings)
    differing = (*found.findings, *found.older)
    done += carried_out(mending_states.in_place(layout, shown, differing))
    done += carried_out(
        stashes.mends(f"{layout.current}/site-packages", partial(stashes.earlier, layout))
    )
    return done, reasons


def _locked(layout: Layout, wait: float, reporter: Reporter) -> Lock:
    own = Lock(layout.private + "/lock")
    try:
        waiting.take(own, layout.root, wait=wait, reporter=reporter)
    except OSError as error:
        if error.errno not in DENIED:
            raise
        raise not_yours(layout.root, error) from error
    return own


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


def _replaced(generation: Generation, dead: set[str], new: Placement) -> tuple[Placement, ...]:
    return tuple(new if one.source in dead else one for one in generation.placements)
