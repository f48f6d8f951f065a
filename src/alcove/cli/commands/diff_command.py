"""`alcove diff`."""

from __future__ import annotations

from alcove.actions.listing import diff
from alcove.actions.where import argument
from alcove.cli.output import print_json, say
from alcove.environments.layout import open_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Compare two environments: 0 where they hold the same, 1 where not."""
    left, right = (open_layout(argument(word, settings)) for word in values.arguments)
    rows, (first, second) = diff(left, right)
    if values.flag("json"):
        print_json({"python": [first, second], "differences": [row._asdict() for row in rows]})
        return 1 if rows else 0
    for row in rows:
        if not row.right:
            say(f"- {row.name} {row.left}")
        elif not row.left:
            say(f"+ {row.name} {row.right}")
        else:
            say(f"~ {row.name} {row.left} -> {row.right}")
    if first != second:
        say(f"Python {first} -> {second}")
    return 1 if rows else 0
