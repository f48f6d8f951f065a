"""`history`, `undo`, `redo`, `rollback`: the states of an environment, and going from one to another."""

from __future__ import annotations

from alcove.actions.held import hold, refuse_sudo
from alcove.errors import BrokenEnvironment, TransactionError
from alcove.events import Notice, Silent, Warned
from alcove.records import NamedTuple
from alcove.transactions import generations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.transactions.foreseen import Foreseen

__all__ = ["Moved", "State", "history", "redo", "rollback", "undo"]


class State(NamedTuple):
    """One line of the history: `time` in seconds since 1970; `distributions`: how many, pip not counted; `shown` now or not."""

    number: int
    parent: int
    time: int
    why: str
    distributions: int
    shown: bool


class Moved(NamedTuple):
    """From one generation to another: names and versions ("" where it is not there) of what differs.

    `recorded`: the generation as which a dry run says that what others did would first be kept; else -1.
    """

    before: int
    after: int
    differences: tuple[tuple[str, str, str], ...]
    recorded: int = -1


def history(
    layout: Layout, settings: Settings | None = None, *, reporter: Reporter | None = None
) -> list[State]:
    """Return the kept states of an environment, lowest number first.

    One that cannot be read is told, and left out. With `settings`, what others did since the last command is taken in first, as any change does it; where this
    user may not, or another process is at work there, what is written down is told.
    """
    from alcove.actions.reading import counted, shown
    from alcove.transactions import state

    if settings is not None and state.read(layout) is None:
        try:
            with hold(layout, settings, reporter, wait=0):
                pass
        except TransactionError as error:
            # `chmod -R` changes no state
            if reporter is not None and not state.is_restored(layout):
                reporter.emit(Notice(f"what others did lately is not in the history: {error}"))

    now = shown(layout).number
    return [
        State(one.number, one.parent, one.time, one.why, counted(one), one.number == now)
        for one in _readable(layout, reporter or Silent())
    ]


def _readable(layout: Layout, reporter: Reporter) -> Iterator[Generation]:
    """Yield the kept generations, lowest number first, and tell of those that cannot be read."""
    for number in generations.numbers(layout):
        try:
            yield generations.load(layout, number)
        except BrokenEnvironment as error:
            reporter.emit(Warned(error.message, error.hint or ""))


def undo(
    layout: Layout,
    settings: Settings,
    *,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Moved:
    """Show the state before the last change again, or with `dry_run` say what that would change.

    `dry_run`: nothing is written, and what would be refused is. TransactionError where there is none.
    """
    if dry_run:
        return _foreseen(layout, settings, _below, reporter=reporter)
    with hold(layout, settings, reporter, wait=wait) as held:
        before = held.shown
        return _moved(before, held.show_again(generations.below(layout, before)))


def redo(
    layout: Layout,
    settings: Settings,
    *,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Moved:
    """Take an undo back, or with `dry_run` say what that would change.

    `dry_run`: as of `undo`. TransactionError where nothing came after what is shown.
    """
    if dry_run:
        return _foreseen(layout, settings, _above, reporter=reporter)
    with hold(layout, settings, reporter, wait=wait) as held:
        before = held.shown
        return _moved(before, held.show_again(generations.above(layout, before)))


def rollback(
    layout: Layout,
    settings: Settings,
    *,
    number: int,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Moved:
    """Show the kept state `number` again, or with `dry_run` say what that would change.

    `dry_run`: as of `undo`. TransactionError where it is not kept.
    """
    if dry_run:
        return _foreseen(layout, settings, lambda _layout, _found: number, reporter=reporter)
    with hold(layout, settings, reporter, wait=wait) as held:
        before = held.shown
        return _moved(before, held.show_again(number))


def _foreseen(
    layout: Layout,
    settings: Settings,
    target: Callable[[Layout, Foreseen], int],
    *,
    reporter: Reporter | None,
) -> Moved:
    from alcove.transactions.foreseen import check, foresee, refuse_others

    refuse_sudo(layout.root, settings)
    refuse_others(layout)
    tell = reporter or Silent()
    found = foresee(layout, tell)
    after = found.load(layout, target(layout, found))
    check(layout, found.shown, after, tell)
    return _moved(found.shown, after)._replace(recorded=found.recorded)


def _below(layout: Layout, found: Foreseen) -> int:
    return generations.below(layout, found.shown, kept=[one.number for one in found.coming])


def _above(layout: Layout, found: Foreseen) -> int:
    return generations.above(layout, found.shown)


def _moved(before: Generation, after: Generation) -> Moved:
    from alcove.plans.plan import plan

    found = plan(before.placements, after.placements)
    rows = [
        (one.name, one.before, one.after) for one in (*found.added, *found.removed, *found.changed)
    ]
    return Moved(before.number, after.number, tuple(sorted(rows, key=lambda row: row[0].lower())))
