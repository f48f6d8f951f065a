"""`alcove wipe`."""

from __future__ import annotations

from alcove.actions.where import find
from alcove.actions.wipe import wipe
from alcove.cli.output import confirmed, tell_outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Remove all distributions; it can be undone, so nothing is asked without a terminal."""
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    if not dry and not confirmed(f"empty {layout.root}?", values, without_terminal=True):
        return 1
    outcome = wipe(layout, settings, dry_run=dry, reporter=reporter, wait=values.wait)
    tell_outcome(outcome, values, layout.root)
    return 0
