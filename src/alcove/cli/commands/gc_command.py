"""`alcove gc`."""

from __future__ import annotations

import time

from alcove.actions.gc import collected, garbage
from alcove.cli.output import confirmed, noun, print_json, say, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.gc import Garbage
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Show what no environment uses, ask, and remove it."""
    found = garbage(settings, now=time.time())
    quiet = values.flag("json") or values.count("quiet") > 0
    if not quiet:
        _tell(found)
    if not values.flag("dry_run"):
        if found.entries or found.generations:
            what = f"remove {_entries(found)} ({_freed(found)})?"
            if not confirmed(what, values, without_terminal=False):
                return 1
        found = collected(settings, now=time.time(), reporter=reporter, wait=values.wait)
        if not quiet and (found.entries or found.generations or found.leftovers):
            say(f"removed {_entries(found)}: {_freed(found)}")
    elif not quiet:
        if found.entries or found.generations:
            say(f"would remove {_entries(found)}: {_freed(found)}")
        say("nothing was changed (--dry-run)")
    if values.flag("json"):
        print_json(
            {
                "store": found.store,
                "size": found.size,
                "bytecode": found.bytecode,
                "generations": [one._asdict() for one in found.generations],
                "entries": [one._asdict() for one in found.entries],
                "held": [one._asdict() for one in found.held],
                "removed": not values.flag("dry_run"),
            }
        )
    return 0


def _entries(found: Garbage) -> str:
    count = len(found.entries)
    return f"{count} {noun(count, 'entry', 'entries')}"


def _freed(found: Garbage) -> str:
    more = f", {size(found.bytecode)} of it bytecode" if found.bytecode else ""
    return f"{size(found.size)} of disk{more}"


def _tell(found: Garbage) -> None:
    for pruned in found.generations:
        say(f"{pruned.path}: states {', '.join(map(str, pruned.numbers))}")
    for one in found.entries:
        say(f"{size(one.size):>10}  {one.directory}")
    for one in found.held:
        say(f"{size(one.size):>10}  {one.directory}  (stays: a file of it is linked elsewhere)")
    if not found.entries and not found.generations:
        say("there is nothing to remove")
