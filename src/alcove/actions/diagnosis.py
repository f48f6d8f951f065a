"""What `repair` would put right, told without doing it: for `repair` with `dry_run`.

Rule: nothing on disk is touched and no index is asked. What shows only when something else is whole is said to be so.
"""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import frame, healing, mending, mending_states, scripts, stashes
from alcove.actions.mending import TOOK_IN
from alcove.actions.seeding import is_current, is_ours
from alcove.actions.verify import verify
from alcove.errors import AlcoveError
from alcove.events import Notice
from alcove.store.layout import store_at
from alcove.transactions import changed, generations, slots, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from alcove.actions.finding import Finding, Mend
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["foresee"]


def foresee(
    layout: Layout, settings: Settings, reporter: Reporter
) -> tuple[list[str], list[Finding]]:
    """Return what `repair` would say that it did, in its order, and what it could not put right.

    InterpreterGone, BrokenEnvironment where that raises them.
    """
    root, _ = mending.store_of(layout, settings)
    apart = _told(mending.store(layout, settings))
    linked = _told(mending.links(layout))
    told = [*apart, *linked, *_told(mending.interpreter(layout, settings))]
    flipped = _told(mending_states.bits(layout))
    if flipped:
        return _so_far([*told, *flipped], layout, reporter)
    turned = _told(mending_states.switch(layout))
    name, want = mending_states.to_show(layout)
    site = f"{layout.slot(name)}/site-packages" if name else ""
    told += turned
    told += healing.foresee(layout, store_at(root), ours=_our_pip(layout, want, site))
    anew = _told(mending_states.slot(layout))
    there = not anew and name == _shown(layout)
    told += anew
    if there:
        own = f"{layout.private}/generations/{want.number}.json"
        dropped = any(text.startswith(f"{own} ") for text in turned)
        told += _told(mending_states.number(layout, want, dropped=dropped))
        told += _told(mending.anchor(layout))
    told += _told(scripts.activation(layout))
    if not there or any(not text.startswith(f"{layout.private}/lock") for text in apart):
        return _so_far(told, layout, reporter)
    checked = verify(layout.root, settings)
    found = (*checked.findings, *checked.older)
    told += _told(mending_states.in_place(layout, want, found))
    told += _told(
        stashes.mends(f"{layout.current}/site-packages", partial(stashes.earlier, layout))
    )
    mended = {one.dist_info for one in found if one.difference is not None}
    if found or state.read(layout) is None:  # else opening it looks no closer
        told += _outside(layout, want, site, mended=mended, taken=linked)
    if want.prefix != layout.root:
        told.append(f"the scripts name {layout.root} (it was {want.prefix})")
    told += _pip(layout, want, site)
    if any(one.part == "root" for one in found) and not turned:
        told.append("the store knows again what the environment uses")
    return told, [one for one in found if one.part == "kept"]


def _so_far(told: list[str], layout: Layout, reporter: Reporter) -> tuple[list[str], list[Finding]]:
    """Return what is told, and say that it need not be all."""
    text = f"what else differs in {layout.root} shows only when that is put right"
    reporter.emit(Notice(text))
    return told, []


def _told(mends: Iterable[Mend]) -> list[str]:
    return [one.text for one in mends if one.text]


def _shown(layout: Layout) -> str:
    """Return the name of the slot that the switch shows, "" where it does not say."""
    try:
        return layout.shown()
    except AlcoveError:
        return ""


def _outside(
    layout: Layout, shown: Generation, site: str, *, mended: Collection[str], taken: Sequence[str]
) -> Iterator[str]:
    """Yield what others did that opening the environment would keep, once the dist-infos `mended` are as they were placed.

    `taken`: what is said of links; it tells which dist-infos come into `site` from a directory in the place of one.
    """
    found = changed.compare(layout, site, shown)
    theirs = [one for one in found.new if one not in mended]
    theirs += [text for text in taken if text.startswith(TOOK_IN) and text.endswith(".dist-info")]
    if theirs or any(one.dist_info not in mended for one in found.lost):
        hidden = slots.read_slot(layout.slot(layout.hidden()))
        highest = generations.highest(layout, shown.number)
        number = max(highest, hidden.number if hidden is not None else -1) + 1
        yield f"what others did is kept as state {number}"


def _our_pip(layout: Layout, shown: Generation, site: str) -> str:
    """Return the source of the pip that is shown where it is as this alcove makes it, else "".

    What was changed in `site` (absolute) is put right from the entry before it is looked at.
    """
    old = next((one for one in shown.placements if one.record == "seed"), None)
    if old is None:
        return ""
    entry = f"{layout.private}/{old.source}"
    if os.path.isfile(f"{entry}/entry.json"):
        mine = is_ours(entry) and not frame.pip_is_gone(f"{entry}/lib")
    else:
        mine = bool(site) and is_current(site, layout.bin) and not frame.pip_is_gone(site)
    return old.source if mine else ""


def _pip(layout: Layout, shown: Generation, site: str) -> Iterator[str]:
    """Yield what is said where a kept state has a pip whose entry is gone, or the shown one that of another alcove."""
    ours = _our_pip(layout, shown, site)
    old = {one.source for one in shown.placements if one.record == "seed"} - {ours}
    kept = list(generations.readable(layout))
    dead = old | {
        one.source
        for generation in kept
        for one in generation.placements
        if one.record == "seed"
        and one.source != ours
        and not os.path.isfile(f"{layout.private}/{one.source}/entry.json")
    }
    if old:
        yield "pip starts this alcove"
    for generation in kept:
        if any(one.source in dead for one in generation.placements):
            yield f"state {generation.number} has the pip of this alcove"
