"""`alcove project`."""

from __future__ import annotations

from alcove.actions.project import forget_project, project, set_project
from alcove.actions.where import path_of
from alcove.cli.output import print_json, say
from alcove.errors import AlcoveError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Show which directory is the project of an environment, or say which it is."""
    dry = values.flag("dry_run")
    path = path_of(settings, env=values.text("env"), name=values.text("name"))
    if values.flag("unset"):
        if values.arguments:
            raise UsageError("DIR and --unset both say what the project is", hint="say one of them")
        forget_project(path, settings, dry_run=dry)
        found = ""
    elif values.arguments:
        found = set_project(path, values.arguments[0], settings, dry_run=dry)
    else:
        found = project(path, settings)
        if not found and not values.flag("json"):
            raise AlcoveError(
                f"{path} has no project", hint="alcove project DIR says which directory it is"
            )
    if values.flag("json"):
        print_json({"environment": path, "project": found})
    elif values.flag("unset") or values.arguments:
        if not values.count("quiet"):
            said = f"{path} belongs to {found}" if found else f"{path} has no project"
            say(f"this would be: {said}" if dry else said)
            if dry:
                say("nothing was changed (--dry-run)")
    else:
        say(found)
    return 0
