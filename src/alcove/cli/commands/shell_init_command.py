"""`alcove shell-init`."""

from __future__ import annotations

import os
import sys

from alcove.actions.use import shell_named, shell_of
from alcove.cli.completing import table
from alcove.cli.output import print_json, put, say
from alcove.errors import UsageError
from alcove.shells.init import SHELLS, shell_init
from alcove.shells.program import program_of
from alcove.shells.rc import install, place_for, uninstall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.shells.rc import Place

__all__ = ["run"]

_ALSO = {"pwsh": "powershell", "nushell": "nu"}


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Print what a shell reads to know alcove, or see to it that it reads it whenever it starts."""
    said = "".join(values.arguments) or _own(settings, install=values.flag("install"))
    shell = _ALSO.get(said, said)
    if values.flag("install") and values.flag("uninstall"):
        raise UsageError("--install and --uninstall cannot both be", hint="say one of them")
    where = place_for(shell, settings, rc=values.text("rc"))
    if values.text("rc") and not where.rc:
        raise UsageError(
            f"{shell} reads {where.generated} by itself", hint="leave --rc away: no line is needed"
        )
    dry = values.flag("dry_run")
    said = next((one for one in ("json", "dry_run") if values.flag(one)), "")
    if said and not (values.flag("install") or values.flag("uninstall")):
        raise UsageError(
            f"--{said.replace('_', '-')} tells what --install and --uninstall do",
            hint="say one of them, or leave it out",
        )
    if values.flag("uninstall"):
        _tell_uninstalled(uninstall(where, dry_run=dry), values)
        return 0
    text = shell_init(
        shell,
        program=program_of(sys.argv[0], settings.variables),
        on_cd=values.flag("cd"),
        virtualenvwrapper=values.flag("virtualenvwrapper"),
        table=table(),
    )
    if not values.flag("install"):
        put(os.fsencode(text))
        return 0
    _tell_installed(where, values, added=install(where, text, dry_run=dry))
    return 0


def _own(settings: Settings, *, install: bool) -> str:
    """Return the user's shell: what is installed is for the one that he logs in with, what is printed for the one that asks."""
    said = shell_named(settings.variables.get("SHELL", "")) if install else ""
    return said or shell_of(settings, among=SHELLS)


def _tell_uninstalled(paths: dict[str, bool], values: Values) -> None:
    removed = [path for path in paths if paths[path]]
    if values.flag("json"):
        print_json({"changed": [path for path in paths if path not in removed], "removed": removed})
    elif not values.count("quiet"):
        dry = values.flag("dry_run")
        gone, back = ("would remove", "would put back") if dry else ("removed", "put back")
        for path in paths:
            say(f"{gone} {path}" if path in removed else f"{back} as it was: {path}")
        _tell_dry(values)


def _tell_installed(where: Place, values: Values, *, added: bool) -> None:
    if values.flag("json"):
        print_json({"generated": where.generated, "rc": where.rc, "added": added})
    elif values.count("quiet"):
        return
    elif values.flag("dry_run"):
        say(f"would write {where.generated}")
        if where.rc:
            say(f"{where.rc} {'would read' if added else 'reads'} it")
        _tell_dry(values)
    else:
        say(f"wrote {where.generated}")
        if where.rc:
            say(f"{where.rc} {'now reads' if added else 'reads'} it")
        say(f"shells that start from now on know it; this one: source {where.generated}")


def _tell_dry(values: Values) -> None:
    if values.flag("dry_run"):
        say("nothing was changed (--dry-run)")
