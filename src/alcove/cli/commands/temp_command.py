"""`alcove temp`."""

from __future__ import annotations

import sys

from alcove.actions.create import Options
from alcove.actions.subshell import shell
from alcove.actions.temporary import temporary
from alcove.actions.use import run as prepare
from alcove.cli.replace import wait_for
from alcove.cli.requests import request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make an environment, use it, and remove it; the exit code is that of the command."""
    wants = values.many("requirement") + values.many("with") + values.many("editable")
    request = request_of(values, settings, requirements=values.many("with")) if wants else None
    options = Options(python=values.text("python"), command="alcove temp")
    with temporary(settings, options=options, request=request, reporter=reporter) as made:
        path = made.layout.root
        if values.arguments:
            return wait_for(prepare(path, values.arguments, settings))
        terminal = bool(sys.stdin and sys.stdin.isatty())
        return wait_for(shell(path, settings, terminal=terminal, reporter=reporter))
