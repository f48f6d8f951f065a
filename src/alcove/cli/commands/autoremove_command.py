"""`alcove autoremove`."""

from __future__ import annotations

from alcove.actions.autoremove import autoremove, orphans
from alcove.actions.where import find
from alcove.cli.output import confirmed, print_json, say, tell_outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Remove what nobody asked for and nothing needs any more; it can be undone."""
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    names = orphans(layout, settings)
    if not names:
        if values.flag("json"):
            print_json({"environment": layout.root, "removed": []})
        elif not values.count("quiet"):
            say("nothing to do")
        return 0
    question = f"remove {', '.join(names)} from {layout.root}?"
    if not dry and not confirmed(question, values, without_terminal=True):
        return 1
    outcome = autoremove(
        layout, settings, names=names, dry_run=dry, reporter=reporter, wait=values.wait
    )
    tell_outcome(outcome, values, layout.root)
    return 0
