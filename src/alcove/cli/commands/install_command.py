"""`alcove install`."""

from __future__ import annotations

from alcove.actions.install import install
from alcove.actions.where import find
from alcove.cli.output import tell_outcome
from alcove.cli.requests import request_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Add distributions to an environment."""
    if not (
        values.arguments
        or values.many("requirement")
        or values.many("editable")
        or values.many("group")
    ):
        raise UsageError(
            "nothing to install was named", hint="alcove install REQUIREMENT, or -r FILE"
        )
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    request = request_of(values, settings, requirements=values.arguments)
    outcome = install(layout, request, settings, reporter=reporter, wait=values.wait)
    tell_outcome(outcome, values, layout.root)
    return 0
