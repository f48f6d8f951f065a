"""A backend of nox: `import alcove.virtualenv.nox_backend` in a noxfile, then `venv_backend="alcove"`."""

from __future__ import annotations

import os
import sys

import nox.virtualenv
from nox.command import CommandFailed

from alcove import settings
from alcove.virtualenv import pythons
from alcove.virtualenv.session import cli_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["AlcoveEnv"]


class AlcoveEnv(nox.virtualenv.VirtualEnv):  # type: ignore[misc]  # nox is not there when types are checked
    """An environment of nox that alcove makes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options, venv_backend="virtualenv")

    @property
    def _resolved_interpreter(self) -> str:
        """The interpreter, found as alcove finds it: also behind the shims of pyenv."""
        if self.interpreter is None:
            return sys.executable
        try:
            found = pythons.chosen([self.interpreter], [], settings.read())
        except pythons.NoInterpreter as error:
            raise nox.virtualenv.InterpreterNotFound(self.interpreter) from error
        return found.executable

    def create(self) -> bool:
        """Make the environment, unless the one that is there may be used again; tell which."""
        if not self._clean_location():
            self._reused = True
            return False
        words = [self.location, "-p", self._resolved_interpreter, *self.venv_params]
        try:
            cli_run(words, env=dict(os.environ))
        except (Exception, SystemExit) as error:
            raise CommandFailed(reason=str(error)) from error
        return True


nox.virtualenv.ALL_VENVS["alcove"] = AlcoveEnv
