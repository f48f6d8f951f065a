"""`alcove outdated`."""

from __future__ import annotations

from alcove.actions.outdated import outdated
from alcove.actions.where import find
from alcove.cli.output import print_json, say
from alcove.cli.requests import sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """List what is older than what the index has."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    found = outdated(
        layout,
        settings,
        sources=sources_of(values),
        offline=values.flag("offline"),
        reporter=reporter,
    )
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        say(f"{one.name:<{width}}  {one.version} -> {one.latest}")
    if not found and not values.count("quiet"):
        say("everything is the newest that fits")
    return 0
