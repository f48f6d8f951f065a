"""`alcove each`."""

from __future__ import annotations

import shlex

from alcove.actions.environments import known_paths
from alcove.actions.use import run as prepare
from alcove.cli.output import print_json, say
from alcove.cli.replace import wait_for
from alcove.console.streams import tell
from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Run a command in every known environment, one after the other: 1 where it failed in one of them.

    In a dry run, say where it would be run: 1 where it could not be started in one of them.
    """
    rows: list[dict[str, object]] = []
    dry = values.flag("dry_run")
    for path in known_paths(settings):
        if dry:
            rows.append(_foreseen(path, values, settings))
            continue
        if not values.count("quiet"):
            tell(f"{path}:\n")
        said = ""
        try:
            start = prepare(path, values.arguments, settings)
            code = wait_for(start, to_stderr=values.flag("json"))
        except AlcoveError as error:
            said = error.message
            tell(f"error: {said}\n")
            code = error.exit_code
        rows.append({"path": path, "exit_code": code, "error": said})
    if values.flag("json"):
        print_json(rows)
    elif dry and not values.count("quiet"):
        say("nothing was run (--dry-run)")
    return 1 if any(row["exit_code"] for row in rows) else 0


def _foreseen(path: str, values: Values, settings: Settings) -> dict[str, object]:
    """Say how the command would be started in one environment, and return the row; its exit code is None if it would be."""
    try:
        start = prepare(path, values.arguments, settings)
    except AlcoveError as error:
        tell(f"error: {path}: {error.message}\n")
        return {"path": path, "exit_code": error.exit_code, "error": error.message}
    if not (values.flag("json") or values.count("quiet")):
        say(f"{path}: {shlex.join(start.words)}")
    return {"path": path, "exit_code": None, "error": ""}
