"""`alcove cd`."""

from __future__ import annotations

import os
import sys

from alcove.actions.project import cd
from alcove.actions.where import path_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Print a directory of an environment; the shell's function goes there."""
    if values.flag("project") and values.flag("site_packages"):
        raise UsageError("--project and --site-packages both say where", hint="say one of them")
    to = "project" if values.flag("project") else "environment"
    if values.flag("site_packages"):
        to = "site-packages"
    path = path_of(settings, env=values.text("env"), name=values.text("name"))
    found = cd(path, settings, to=to, below="".join(values.arguments))
    sys.stdout.buffer.write(os.fsencode(found) + b"\n")
    return 0
