"""`alcove shell`."""

from __future__ import annotations

import sys

from alcove.actions.moved import settle
from alcove.actions.subshell import shell
from alcove.actions.where import argument, path_of
from alcove.cli.replace import become
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Start a sub-shell in an environment: this process becomes it."""
    if values.arguments and (values.text("env") or values.text("name")):
        raise UsageError(
            "an environment is said twice", hint="alcove shell ENV, or --env PATH, or -n NAME"
        )
    if values.arguments:
        path = argument(values.arguments[0], settings)
    else:
        path = path_of(settings, env=values.text("env"), name=values.text("name"))
    settle(path, settings)
    terminal = bool(sys.stdin and sys.stdin.isatty())
    return become(shell(path, settings, terminal=terminal))
