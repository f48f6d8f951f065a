"""`alcove verify`."""

from __future__ import annotations

import os

from alcove.actions.verify import verify, verify_store
from alcove.actions.where import path_of
from alcove.cli.output import print_json, say
from alcove.errors import NotAnEnvironment
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.finding import Finding
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run", "tell"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Check an environment, and with `--all` the whole store, against what was placed: 0, or 1 where it differs."""
    whole = values.flag("all")
    try:
        path = path_of(settings, env=values.text("env"), name=values.text("name"))
        found = verify(path, settings, whole=whole, wait=settings.wait)
    except NotAnEnvironment:
        if not whole or values.text("env") or values.text("name"):
            raise
        found = verify_store(settings)  # the store alone, where there is no environment
    if values.flag("json"):
        print_json(
            {
                "path": found.path,
                "generation": found.generation,
                "findings": [one.as_data() for one in found.findings],
                "told": list(found.told),
            }
        )
        return 1 if found.findings else 0
    for one in found.findings:
        tell(one)
    if not values.count("quiet"):
        for text in found.told:
            say(f"note: {text}")
        if not found.findings:
            say(f"{found.path} is as it was placed")
        else:
            of_one = os.path.lexists(f"{found.path}/.alcove")  # else it was the store alone
            where = f" --env {pasted(found.path)}" if of_one else ""
            say(f"put it right: alcove repair{where}")
    return 1 if found.findings else 0


def tell(one: Finding) -> None:
    """Print one finding, and which other environments it concerns."""
    name = f"{one.name}: " if one.name else ""
    say(f"{one.part}: {name}{one.path}: {one.what}")
    for path in one.shared:
        gone = "" if os.path.lexists(path) else " (which is not there now)"
        say(f"  shared with {path}{gone}")
