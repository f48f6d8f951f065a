"""`wipe`: everything uninstalled, as one generation that can be undone; the pip of the environment stays."""

from __future__ import annotations

from alcove.actions.held import hold
from alcove.actions.install import Outcome, finish, place
from alcove.actions.request import Request
from alcove.events import Silent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["wipe"]


def wipe(
    layout: Layout,
    settings: Settings,
    *,
    command: str = "alcove wipe",
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Outcome:
    """Remove all distributions in one transaction, or with `dry_run` say which, and refuse what would be refused."""
    if dry_run:
        from alcove.transactions import foreseen

        foreseen.refuse_others(layout)
    with hold(layout, settings, reporter, wait=wait, dry_run=dry_run) as held:
        seeds = [one for one in held.shown.placements if one.record == "seed"]
        rest = place(held, seeds)
        if dry_run:
            want = held.shown._replace(placements=rest)
            foreseen.check(layout, held.shown, want, reporter or Silent())
        request = Request(layout.root, command, dry_run=dry_run)
        return finish(held, rest, request=request)
