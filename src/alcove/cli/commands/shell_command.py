"""`alcove shell`."""

from __future__ import annotations

import sys

from alcove.actions.moved import settle
from alcove.actions.subshell import shell
from alcove.actions.where import path_of
from alcove.cli.replace import become

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Start a sub-shell in an environment: this process becomes it."""
    word = "".join(values.arguments)
    path = path_of(settings, env=values.text("env"), name=values.text("name"), word=word)
    settle(path, settings)
    terminal = bool(sys.stdin and sys.stdin.isatty())
    return become(shell(path, settings, terminal=terminal, reporter=reporter))
