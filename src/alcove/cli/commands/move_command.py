"""`alcove move`, `alcove rename`."""

from __future__ import annotations

from alcove.actions.move import movable, move, rename
from alcove.actions.where import absolute, argument
from alcove.cli.output import print_json, say
from alcove.kernels.installing import follow
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Move an environment, or give it another name; nothing that names its place breaks."""
    word, target = values.arguments
    layout = movable(argument(word, settings))
    dry, wait = values.flag("dry_run"), values.wait
    if values.verb == "rename":
        moved = rename(layout, target, settings, dry_run=dry, reporter=reporter, wait=wait)
    else:
        place = absolute(target, settings)
        moved = move(layout, place, settings, dry_run=dry, reporter=reporter, wait=wait)
    if not dry:
        follow(layout.root, moved.root, settings, reporter=reporter)
    if values.flag("json"):
        print_json({"from": layout.root, "to": moved.root})
    elif dry and not values.count("quiet"):
        say(f"{layout.root} would be {moved.root}")
        say("nothing was changed (--dry-run)")
    elif not values.count("quiet"):
        say(f"{layout.root} is now {moved.root}")
        if settings.active == layout.root:
            say(f"it is active here; activate it anew: source {pasted(moved.bin + '/activate')}")
    return 0
