"""`alcove delete`."""

from __future__ import annotations

from alcove.actions.environments import delete
from alcove.actions.where import argument
from alcove.cli.output import confirmed, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Delete environments; all are looked at before the first goes."""
    paths = [argument(word, settings) for word in values.arguments]
    for path in paths:
        if values.flag("dry_run"):
            say(f"would delete {path}")
        elif confirmed(f"delete {path}?", values, without_terminal=False):
            delete(path, settings)
            if not values.count("quiet"):
                say(f"deleted {path}")
        else:
            return 1
    return 0
