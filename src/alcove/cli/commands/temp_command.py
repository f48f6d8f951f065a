"""`alcove temp`."""

from __future__ import annotations

import shlex
import sys

from alcove.actions.create import Options
from alcove.actions.subshell import shell
from alcove.actions.temporary import temporary
from alcove.actions.use import run as prepare
from alcove.cli.output import say, tell_created
from alcove.cli.replace import wait_for
from alcove.cli.requests import request_of
from alcove.errors import NoSuchProgram, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make an environment, use it, and remove it; the exit code is that of the command. Or say what that would be."""
    wants = values.many("requirement") + values.many("with") + values.many("editable")
    request = request_of(values, settings, requirements=values.many("with")) if wants else None
    options = Options(python=values.text("python"), command="alcove temp")
    dry = values.flag("dry_run")
    if values.flag("json") and not dry:
        raise UsageError(
            "--json is for --dry-run: what a command in the environment prints is its own",
            hint="alcove temp --dry-run --json, or alcove run --help",
        )
    with temporary(
        settings, options=options, request=request, dry_run=dry, reporter=reporter
    ) as made:
        path = made.layout.root
        if dry:
            if not (values.count("quiet") or values.flag("json")):
                say(f"would run in it: {shlex.join(values.arguments) or 'a shell'}")
            tell_created(made, values, runs=list(values.arguments))
            return 0
        if values.arguments:
            try:
                start = prepare(path, values.arguments, settings)
            except NoSuchProgram as error:
                error.hint = "alcove temp --with NAME has what brings it installed first"
                raise
            return wait_for(start)
        terminal = bool(sys.stdin and sys.stdin.isatty())
        return wait_for(shell(path, settings, terminal=terminal, reporter=reporter))
