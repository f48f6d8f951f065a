"""`alcove copy`."""

from __future__ import annotations

import os

from alcove.actions.copy import copy
from alcove.actions.hooks import is_named, run_hook
from alcove.actions.reading import shown
from alcove.actions.where import absolute, argument, named_path
from alcove.cli.output import noun, print_json, say
from alcove.environments.layout import open_layout
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make an environment that holds what another one holds."""
    word, *more = values.arguments
    name = values.text("name")
    if len(more) + bool(name) != 1:
        raise UsageError(
            "where the copy is to lie must be said once", hint="alcove copy ENV DIR, or -n NAME"
        )
    source = open_layout(argument(word, settings))
    target = named_path(name, settings) if name else absolute(more[0], settings)
    dry = values.flag("dry_run")
    made = copy(source, target, settings, dry_run=dry, reporter=reporter)
    if is_named(made.root, settings) and not dry:
        new = os.path.basename(made.root)
        run_hook("precpvirtualenv", (source.root, new), settings, reporter=reporter)
        run_hook("premkvirtualenv", (new,), settings, reporter=reporter)
    count = sum(one.record != "seed" for one in shown(source if dry else made).placements)
    if values.flag("json"):
        print_json({"from": source.root, "path": made.root, "distributions": count})
    elif not values.count("quiet"):
        what = f"{made.root} with {count} {noun(count, 'distribution')}"
        say(f"would create {what}" if dry else f"created {what}")
        if dry:
            say("nothing was changed (--dry-run)")
    return 0
