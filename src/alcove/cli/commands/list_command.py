"""`alcove list`."""

from __future__ import annotations

from alcove.actions.listing import listed
from alcove.actions.where import find
from alcove.cli.output import print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """List what is installed."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    rows = listed(layout, cache=settings.cache)
    if values.flag("json"):
        print_json([row._asdict() for row in rows])
        return 0
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        origin = f"  {'editable ' if row.editable else ''}{row.origin}" if row.origin else ""
        say(f"{row.name:<{width}}  {row.version}{origin}")
    return 0
