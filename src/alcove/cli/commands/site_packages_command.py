"""`alcove site-packages`."""

from __future__ import annotations

import os
import sys

from alcove.actions.project import site_packages
from alcove.actions.where import path_of
from alcove.cli.output import print_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Print where the modules of an environment lie."""
    path = path_of(settings, env=values.text("env"), name=values.text("name"))
    found = site_packages(path)
    if values.flag("json"):
        print_json({"environment": path, "site_packages": found})
    else:
        sys.stdout.buffer.write(os.fsencode(found) + b"\n")
    return 0
