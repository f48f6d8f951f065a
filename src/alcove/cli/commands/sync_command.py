"""`alcove sync`."""

from __future__ import annotations

from alcove.actions.install import sync
from alcove.actions.where import find
from alcove.cli.output import tell_outcome
from alcove.cli.requests import request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make an environment equal to files of pins."""
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    request = request_of(values, settings, files=values.arguments)
    outcome = sync(layout, request, settings, reporter=reporter, wait=values.wait)
    tell_outcome(outcome, values, layout.root)
    return 0
