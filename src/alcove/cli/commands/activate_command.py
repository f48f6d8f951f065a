"""`alcove activate`."""

from __future__ import annotations

import os
import sys

from alcove.actions.moved import settle
from alcove.actions.use import SHELLS, activation, shell_of
from alcove.actions.where import path_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Print the line that activates an environment when the shell evaluates it."""
    shell = values.choice("shell", SHELLS)
    if values.text("on_cd"):
        from alcove.cli.entering import entered, remember

        if values.arguments:
            raise UsageError("--on-cd says which environment", hint="leave ENV away")
        path = entered(values.text("on_cd"), settings)
        if not path:
            return 0
    else:
        path = path_of(settings, word="".join(values.arguments))
    if settle(path, settings) and values.text("on_cd"):
        remember(path, settings)  # its scripts name the new place now: no reason to ask again
    line = activation(path, settings, shell=shell)
    if values.flag("function"):
        from alcove.environments import config
        from alcove.shells.code import activation_code

        known = config.read(f"{path}/pyvenv.cfg")
        prompt = config.prompt_of(known, os.path.basename(path))
        line = activation_code(shell or shell_of(settings), path, prompt=prompt).removesuffix("\n")
    elif sys.stdout.isatty():
        sys.stderr.write(
            "hint: a shell has to evaluate this; alcove shell-init lets yours do so\n\n"
        )
    # As bytes: a path may hold some that are text in no encoding.
    sys.stdout.buffer.write(os.fsencode(line) + b"\n")
    return 0
