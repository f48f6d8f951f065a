"""`history`, `undo`, `redo`, `rollback`: the states of an environment, and going from one to another."""

from __future__ import annotations

from alcove.actions.held import hold
from alcove.errors import TransactionError
from alcove.events import Notice
from alcove.records import NamedTuple
from alcove.transactions import generations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["Moved", "State", "history", "redo", "rollback", "undo"]


class State(NamedTuple):
    """One line of the history: `time` in seconds since 1970; `distributions`: how many; `shown` now or not."""

    number: int
    parent: int
    time: int
    why: str
    distributions: int
    shown: bool


class Moved(NamedTuple):
    """From one generation to another: names and versions ("" where it is not there) of what differs."""

    before: int
    after: int
    differences: tuple[tuple[str, str, str], ...]


def history(
    layout: Layout, settings: Settings | None = None, *, reporter: Reporter | None = None
) -> list[State]:
    """Return the kept states of an environment, lowest number first.

    With `settings`, what others did since the last command is taken in first, as any change does it; where this
    user may not, or another process is at work there, what is written down is told.
    """
    from alcove.actions.reading import shown
    from alcove.transactions import state

    if settings is not None and state.read(layout) is None:
        try:
            with hold(layout, settings, reporter, wait=0):
                pass
        except TransactionError as error:
            if reporter is not None:
                reporter.emit(Notice(f"what others did lately is not in the history: {error}"))

    now = shown(layout).number
    return [
        State(one.number, one.parent, one.time, one.why, len(one.placements), one.number == now)
        for one in generations.history(layout)
    ]


def undo(
    layout: Layout,
    settings: Settings,
    *,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Moved:
    """Show the state before the last change again; TransactionError where there is none."""
    with hold(layout, settings, reporter, wait=wait) as held:
        before = held.shown
        return _moved(before, held.show_again(generations.below(layout, before)))


def redo(
    layout: Layout,
    settings: Settings,
    *,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Moved:
    """Take an undo back; TransactionError where nothing came after what is shown."""
    with hold(layout, settings, reporter, wait=wait) as held:
        before = held.shown
        return _moved(before, held.show_again(generations.above(layout, before)))


def rollback(
    layout: Layout,
    settings: Settings,
    *,
    number: int,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Moved:
    """Show the kept state `number` again; TransactionError where it is not kept."""
    with hold(layout, settings, reporter, wait=wait) as held:
        before = held.shown
        return _moved(before, held.show_again(number))


def _moved(before: Generation, after: Generation) -> Moved:
    from alcove.plans.plan import plan

    found = plan(before.placements, after.placements)
    rows = [
        (one.name, one.before, one.after) for one in (*found.added, *found.removed, *found.changed)
    ]
    return Moved(before.number, after.number, tuple(sorted(rows, key=lambda row: row[0].lower())))
