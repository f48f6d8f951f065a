"""`alcove undo`, `alcove redo`, `alcove rollback`."""

from __future__ import annotations

from alcove.actions import history
from alcove.actions.where import find
from alcove.cli.output import print_json, say
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Go to another state of an environment, and say what that changed."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    if values.verb == "undo":
        moved = history.undo(layout, settings, reporter=reporter, wait=values.wait)
    elif values.verb == "redo":
        moved = history.redo(layout, settings, reporter=reporter, wait=values.wait)
    else:
        word = values.arguments[0]
        if not word.isdecimal():
            raise UsageError(
                f"{word!r} is not the number of a state", hint="alcove history shows the numbers"
            )
        moved = history.rollback(
            layout, settings, number=int(word), reporter=reporter, wait=values.wait
        )
    if values.flag("json"):
        rows = [
            {"name": name, "from": before, "to": after} for name, before, after in moved.differences
        ]
        print_json({"from": moved.before, "to": moved.after, "differences": rows})
    elif not values.count("quiet"):
        for name, before, after in moved.differences:
            sign = "~" if before and after else "+" if after else "-"
            say(
                f" {sign} {name} {before + ' -> ' + after if before and after else before or after}"
            )
        say(f"generation {moved.after} is shown (it was {moved.before})")
    return 0
