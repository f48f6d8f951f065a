"""`alcove each`."""

from __future__ import annotations

import sys

from alcove.actions.environments import known_paths
from alcove.actions.use import run as prepare
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
    failed = 0
    for path in known_paths(settings):
        if not values.count("quiet"):
            sys.stderr.write(f"{path}:\n".encode("utf-8", "backslashreplace").decode())
            sys.stderr.flush()
        try:
            code = wait_for(prepare(path, values.arguments, settings))
        except AlcoveError as error:
            sys.stderr.write(f"error: {error.message}\n")
            code = error.exit_code
        failed += bool(code)
    return 1 if failed else 0
