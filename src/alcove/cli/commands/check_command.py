"""`alcove check`."""

from __future__ import annotations

from alcove.actions.check import check
from alcove.actions.where import find
from alcove.cli.output import print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Check that what is installed fits together: 0, or 1 where something does not."""
    found = check(find(settings, env=values.text("env"), name=values.text("name")), settings)
    if values.flag("json"):
        print_json([fault._asdict() for fault in found])
    elif found:
        for fault in found:
            say(fault.text)
    elif not values.count("quiet"):
        say("all that is installed fits together")
    return 1 if found else 0
