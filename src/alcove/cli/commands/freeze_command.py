"""`alcove freeze`."""

from __future__ import annotations

from alcove.actions.freeze import freeze
from alcove.actions.where import find
from alcove.cli.output import print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Print what is installed as requirements that install it again."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    rows = freeze(layout, settings, with_pip=values.flag("all"), reporter=reporter)
    if values.flag("json"):
        print_json([row._asdict() for row in rows])
        return 0
    for row in rows:
        for line in row.lines():
            say(line)
    return 0
