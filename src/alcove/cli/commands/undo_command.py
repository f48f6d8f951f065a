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
    dry = values.flag("dry_run")
    layout = find(settings, env=values.text("env"), name=values.text("name"), dry_run=dry)
    wait = values.wait
    if values.verb == "undo":
        moved = history.undo(layout, settings, dry_run=dry, reporter=reporter, wait=wait)
    elif values.verb == "redo":
        moved = history.redo(layout, settings, dry_run=dry, reporter=reporter, wait=wait)
    else:
        word = values.arguments[0]
        if not word.isdecimal():
            raise UsageError(
                f"{word!r} is not the number of a state", hint="alcove history shows the numbers"
            )
        moved = history.rollback(
            layout, settings, number=int(word), dry_run=dry, reporter=reporter, wait=wait
        )
    _tell(moved, values)
    return 0


def _tell(moved: history.Moved, values: Values) -> None:
    dry = values.flag("dry_run")
    if values.flag("json"):
        rows = [
            {"name": name, "from": before, "to": after} for name, before, after in moved.differences
        ]
        told: dict[str, object] = {"from": moved.before, "to": moved.after, "differences": rows}
        if dry:
            told["recorded"] = moved.recorded if moved.recorded >= 0 else None
        print_json(told)
    elif not values.count("quiet"):
        for name, before, after in moved.differences:
            sign = "~" if before and after else "+" if after else "-"
            say(
                f" {sign} {name} {before + ' -> ' + after if before and after else before or after}"
            )
        if dry:
            say(f"generation {moved.after} would be shown (it is {moved.before})")
            say("nothing was changed (--dry-run)")
        else:
            say(f"generation {moved.after} is shown (it was {moved.before})")
