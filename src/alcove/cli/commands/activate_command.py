"""`alcove activate`."""

from __future__ import annotations

import os
import sys

from alcove.actions.use import SHELLS, activation
from alcove.actions.where import argument, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Print the line that activates an environment when the shell evaluates it."""
    path = argument(values.arguments[0], settings) if values.arguments else path_of(settings)
    line = activation(path, settings, shell=values.choice("shell", SHELLS))
    # As bytes: a path may hold some that are text in no encoding.
    sys.stdout.buffer.write(os.fsencode(line) + b"\n")
    return 0
