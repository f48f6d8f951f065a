"""`alcove each`."""

from __future__ import annotations

import sys

from alcove.actions.environments import known_paths
from alcove.actions.use import run as prepare
from alcove.cli.output import print_json
from alcove.cli.replace import wait_for
from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Run a command in every known environment, one after the other: 1 where it failed in one of them."""
    rows = []
    for path in known_paths(settings):
        if not values.count("quiet"):
            sys.stderr.write(f"{path}:\n".encode("utf-8", "backslashreplace").decode())
            sys.stderr.flush()
        said = ""
        try:
            start = prepare(path, values.arguments, settings)
            code = wait_for(start, to_stderr=values.flag("json"))
        except AlcoveError as error:
            said = error.message
            sys.stderr.write(f"error: {said}\n")
            code = error.exit_code
        rows.append({"path": path, "exit_code": code, "error": said})
    if values.flag("json"):
        print_json(rows)
    return 1 if any(row["exit_code"] for row in rows) else 0
