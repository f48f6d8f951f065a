"""`alcove info`."""

from __future__ import annotations

from alcove.actions.environments import facts
from alcove.actions.where import argument, path_of
from alcove.cli.output import print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Tell what an environment is."""
    if values.arguments:
        path = argument(values.arguments[0], settings)
    else:
        path = path_of(settings, env=values.text("env"), name=values.text("name"))
    found = facts(path, settings)
    if values.flag("json"):
        print_json(found._asdict())
        return 0
    for key, value in found._asdict().items():
        shown = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        say(f"{key.replace('_', ' '):<14} {shown}")
    return 0
