"""`alcove delete`."""

from __future__ import annotations

import os

from alcove.actions.environments import delete
from alcove.actions.hooks import is_named, run_hook
from alcove.actions.where import argument
from alcove.cli.output import confirmed, print_json, say
from alcove.environments.layout import is_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Delete environments; all are looked at before the first goes."""
    paths = list(dict.fromkeys(argument(word, settings) for word in values.arguments))
    gone: list[str] = []
    code = 1
    try:
        code = _delete_all(paths, values, settings, reporter=reporter, gone=gone)
    finally:
        # Also where one could not be deleted: those before it are gone.
        if values.flag("json") and (gone or not code):
            print_json([{"path": path, "deleted": path in gone} for path in paths])
    return code


def _delete_all(
    paths: Sequence[str],
    values: Values,
    settings: Settings,
    *,
    reporter: Reporter,
    gone: list[str],
) -> int:
    quiet = values.flag("json") or values.count("quiet") > 0
    if len(paths) > 1:  # one alone is looked at by itself
        for path in paths:
            delete(path, settings, dry_run=True)
    for path in paths:
        if values.flag("dry_run"):
            delete(path, settings, dry_run=True)
            if not values.flag("json"):
                say(f"would delete {path}")
        elif confirmed(f"delete {path}?", values, without_terminal=False):
            _delete(path, settings, wait=values.wait, reporter=reporter)
            gone.append(path)
            if not quiet:
                say(f"deleted {path}")
        else:
            return 1
    return 0


def _delete(path: str, settings: Settings, *, wait: float | None, reporter: Reporter) -> None:
    """Delete an environment, between the hooks of virtualenvwrapper where it is a named one that is there."""
    name = os.path.basename(path)
    hooked = is_named(path, settings) and is_environment(path)
    if hooked:
        run_hook("prermvirtualenv", (name,), settings, reporter=reporter)
    delete(path, settings, wait=wait, reporter=reporter)
    if hooked:
        run_hook("postrmvirtualenv", (name,), settings, reporter=reporter)
