"""`alcove delete`."""

from __future__ import annotations

import os

from alcove.actions.environments import delete
from alcove.actions.hooks import is_named, run_hook
from alcove.actions.where import argument
from alcove.cli.output import confirmed, say
from alcove.environments.layout import is_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Delete environments; all are looked at before the first goes."""
    paths = [argument(word, settings) for word in values.arguments]
    for path in paths:
        if values.flag("dry_run"):
            say(f"would delete {path}")
        elif confirmed(f"delete {path}?", values, without_terminal=False):
            _delete(path, settings, reporter)
            if not values.count("quiet"):
                say(f"deleted {path}")
        else:
            return 1
    return 0


def _delete(path: str, settings: Settings, reporter: Reporter) -> None:
    """Delete an environment, between the hooks of virtualenvwrapper where it is a named one that is there."""
    name = os.path.basename(path)
    hooked = is_named(path, settings) and is_environment(path)
    if hooked:
        run_hook("prermvirtualenv", (name,), settings, reporter=reporter)
    delete(path, settings)
    if hooked:
        run_hook("postrmvirtualenv", (name,), settings, reporter=reporter)
