"""`alcove upgrade`."""

from __future__ import annotations

from alcove.actions.upgrade import upgrade
from alcove.actions.where import find
from alcove.cli.output import confirmed, say, tell_outcome
from alcove.cli.requests import request_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Show what would change, ask on a terminal, and upgrade; one change, which can be undone."""
    if values.flag("all") == bool(values.arguments):
        raise UsageError(
            "what to upgrade must be said", hint="alcove upgrade NAME..., or alcove upgrade --all"
        )
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    request = request_of(values, settings)
    names = values.arguments
    if not dry and not values.flag("yes") and _somebody_looks():
        found = upgrade(
            layout, names, settings, request=request._replace(dry_run=True), reporter=reporter
        )
        for one in (*found.plan.changed, *found.plan.added, *found.plan.removed):
            say(f" {one.name} {one.before or '(new)'} -> {one.after or '(gone)'}")
        if not found.plan:
            say("nothing to do")
            return 0
        if not confirmed("go on?", values, without_terminal=True):
            return 1
    outcome = upgrade(layout, names, settings, request=request, reporter=reporter, wait=values.wait)
    tell_outcome(outcome, values, layout.root)
    return 0


def _somebody_looks() -> bool:
    import sys

    return bool(sys.stdin and sys.stdin.isatty())
