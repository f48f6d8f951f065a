"""What opening an environment for a change would find and do, told without doing any of it: for dry runs.

Rule: nothing on disk is touched, the lock's file neither. Readers need no lock, because a switch is one rename.
"""

from __future__ import annotations

import os

from alcove.events import Notice, Warned
from alcove.files import refusals
from alcove.pasting import pasted
from alcove.records import NamedTuple
from alcove.transactions import (
    changed,
    foreign,
    generations,
    halfway,
    overwritten,
    state,
    tripwire,
)
from alcove.transactions.apply import Held, not_yours
from alcove.transactions.slots import read_slot
from alcove.transactions.tidy import both

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["Foreseen", "Looked", "check", "foresee", "refuse_others"]


class Foreseen(NamedTuple):
    """`shown`: what the change would begin with; `coming`: all that would have been written down before it.

    `recorded`: the number that what others did would get, -1 where they changed no distribution. `moved_from`: where the
    environment lay when it was last opened (absolute), "" where that is here.
    """

    shown: Generation
    coming: tuple[Generation, ...]
    recorded: int
    moved_from: str

    def load(self, layout: Layout, number: int) -> Generation:
        """Return the generation `number`, kept by then; TransactionError where it is not."""
        for one in self.coming:
            if one.number == number:
                return one
        return generations.load(layout, number)


def foresee(layout: Layout, reporter: Reporter) -> Foreseen:
    """Return what `Held` would have when it is entered, and tell `reporter` what that would do; as it raises, so does this."""
    known = state.read(layout)
    if known is not None:
        shown, _ = both(layout)
        tripwire.tell_tripped(layout, shown, reporter, told=known.tripped)
        return Foreseen(shown, (shown,), -1, "")
    shown, hidden, site = _put_right(layout)
    found = _taken_in(layout, shown, hidden, site, reporter)
    coming = tuple(one for one in (found, shown) if one is not None)
    last = coming[0]
    now = read_slot(layout.slot(layout.shown()))
    recorded = last.number if now is None or now.number != last.number else -1
    moved_from = last.prefix if last.prefix != layout.root else ""
    if recorded >= 0:
        reporter.emit(
            Notice(
                f"others changed {layout.root}: that would first be kept as generation {recorded}"
            )
        )
    if moved_from:
        reporter.emit(
            Notice(
                f"{layout.root} was moved from {moved_from}: its scripts would first be made to name its new place"
            )
        )
    elif last.number > 0 and not os.path.lexists(layout.private + "/state"):
        reporter.emit(Notice(f"a change of {layout.root} is unfinished: it would first be tidied"))
    tripwire.tell_tripped(layout, last, reporter)
    return Foreseen(last, coming, recorded, moved_from)


def _put_right(layout: Layout) -> tuple[Generation, Generation | None, str]:
    shown, hidden, site = overwritten.foresee(layout)
    if shown is None:
        shown, hidden = both(layout)  # which raises
    return shown, hidden, site


def _taken_in(
    layout: Layout, shown: Generation, hidden: Generation | None, site: str, reporter: Reporter
) -> Generation | None:
    """Return the generation that what others did would become, or None where they changed no distribution."""
    if not os.path.isdir(site):
        return None
    intact, lost, new, gaps = changed.compare(layout, site, shown)
    changed.tell_torn(layout, site, gaps, reporter)
    if not lost and not new:
        return None
    from alcove.transactions.kept import describe  # noqa: PLC0415  only where others changed something

    back = changed.came_back(layout, site, new)
    there = [back.get(name) or describe(layout, site, name)[0] for name in new]
    highest = generations.highest(layout, shown.number)
    number = max(highest, hidden.number if hidden is not None else -1) + 1
    return changed.coming(site, shown, changed.apart(intact, there), number=number)


def check(layout: Layout, shown: Generation, want: Generation, reporter: Reporter) -> None:
    """Raise what showing `want` in the place of `shown` would where a file of somebody else's is in its way.

    An entry that is not in the store any more is told: whether it is needed depends on what the hidden slot holds.
    """
    own = foreign.find(layout.slot(layout.shown()) + "/site-packages", shown.placements)
    leaving = halfway.in_the_way(layout, shown, want, own)
    for path in leaving:
        said = "was left by an installer that was stopped; it would be kept aside"
        reporter.emit(Notice(f"{path} {said}"))
    halfway.refuse_rest(layout, shown, want, leaving=leaving, reporter=reporter)
    there = set(shown.placements)
    for one in want.placements:
        entry = f"{layout.private}/{one.source}"
        if one not in there and not os.path.isdir(entry):
            reporter.emit(
                Warned(
                    f"{one.name} {one.version} is not in the store any more",
                    f"alcove repair --env {pasted(layout.root)} gets it anew",
                )
            )


def refuse_others(layout: Layout) -> None:
    """Raise what opening the environment for a change would where this user may not write there."""
    refused = refusals.first(*layout.written)
    if refused is not None:
        raise not_yours(layout.root, refused)


class Looked(Held):
    """An environment as whoever holds it would find it, for a plan that is not carried out: no lock, and nothing written."""

    def __enter__(self) -> Self:
        """Look at what is shown, and at what others did; raises as `Held` does for what is broken."""
        self.shown = foresee(self.layout, self.reporter).shown
        self.hidden = None
        self.asked = ""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give back the locks that were kept."""
        while self._kept:
            self._kept.pop().release()

    def _guarded(self, want: Generation, digest: str) -> None:
        raise RuntimeError(f"{self.layout.root} is only looked at: {want.number} {digest}")

    def _note(self, asked: str, stamps: tuple[int, int] | None) -> None:
        raise RuntimeError(f"{self.layout.root} is only looked at: {asked} {stamps}")
