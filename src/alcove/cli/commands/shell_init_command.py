"""`alcove shell-init`."""

from __future__ import annotations

import os
import sys

from alcove.actions.use import shell_of
from alcove.cli.completing import table
from alcove.cli.output import say
from alcove.errors import UsageError
from alcove.shells.init import shell_init
from alcove.shells.program import program_of
from alcove.shells.rc import install, place_for, uninstall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]

_ALSO = {"pwsh": "powershell", "nushell": "nu"}


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Print what a shell reads to know alcove, or see to it that it reads it whenever it starts."""
    said = "".join(values.arguments) or shell_of(settings)
    shell = _ALSO.get(said, said)
    if values.flag("install") and values.flag("uninstall"):
        raise UsageError("--install and --uninstall cannot both be", hint="say one of them")
    where = place_for(shell, settings, rc=values.text("rc"))
    if values.text("rc") and not where.rc:
        raise UsageError(
            f"{shell} reads {where.generated} by itself", hint="leave --rc away: no line is needed"
        )
    if values.flag("uninstall"):
        for path in uninstall(where):
            say(f"put back as it was: {path}" if os.path.lexists(path) else f"removed {path}")
        return 0
    text = shell_init(
        shell,
        program=program_of(sys.argv[0], settings.variables),
        on_cd=values.flag("cd"),
        virtualenvwrapper=values.flag("virtualenvwrapper"),
        table=table(),
    )
    if not values.flag("install"):
        sys.stdout.buffer.write(os.fsencode(text))
        return 0
    added = install(where, text)
    if not values.count("quiet"):
        say(f"wrote {where.generated}")
        if where.rc:
            say(f"{where.rc} {'now reads' if added else 'reads'} it")
        say(f"shells that start from now on know it; this one: source {where.generated}")
    return 0
