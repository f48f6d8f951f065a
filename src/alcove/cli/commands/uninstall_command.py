"""`alcove uninstall`."""

from __future__ import annotations

from alcove.actions.install import uninstall
from alcove.actions.where import find
from alcove.cli.output import confirmed, tell_outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Remove distributions from an environment; it can be undone, so nothing is asked without a terminal."""
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    names = values.arguments
    question = f"remove {', '.join(names)} from {layout.root}?"
    if not dry and not confirmed(question, values, without_terminal=True):
        return 1
    command = "alcove uninstall " + " ".join(names)
    outcome = uninstall(
        layout,
        names,
        settings,
        command=command,
        dry_run=dry,
        reporter=reporter,
        wait=values.wait,
    )
    tell_outcome(outcome, values, layout.root)
    return 0
