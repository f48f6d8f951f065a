"""`cli_run` and `session_via_cli`: what an environment will be, and making it, as tox, nox and others call virtualenv."""

from __future__ import annotations

import os
from pathlib import Path

from alcove import settings as all_settings
from alcove.environments import config
from alcove.environments.layout import BIN
from alcove.errors import UsageError
from alcove.virtualenv import making, pythons, reading
from alcove.virtualenv.words import ACTIVATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, MutableMapping, Sequence
    from types import TracebackType
    from typing import Any, Self

    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings
    from alcove.virtualenv.pythons import PythonInfo

__all__ = ["Creator", "Seeder", "Session", "cli_run", "session_via_cli"]


class Config:
    """`pyvenv.cfg`: its path, and what it says once the environment is there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def content(self) -> dict[str, str]:
        """The keys and values; none before the environment is made."""
        return config.read(str(self.path)) if self.path.is_file() else {}

    def __getitem__(self, key: str) -> str:
        return self.content[key]

    def __contains__(self, key: object) -> bool:
        return key in self.content


class Creator:
    """Where the parts of the environment are or will be (absolute paths), and from which interpreter it is made."""

    def __init__(self, options: Namespace, interpreter: Interpreter) -> None:
        self.dest = Path(os.path.abspath(options.dest))
        self.clear = bool(options.clear)
        self.interpreter = pythons.info_of(interpreter)
        self.prompt: str | None = options.prompt
        self.env_name = self.dest.name
        self.bin_dir = self.script_dir = self.dest / BIN
        self.exe = self.bin_dir / ("python.exe" if os.name == "nt" else "python")
        self.stdlib = self.dest / "lib" / interpreter.library
        self.purelib = self.platlib = self.stdlib / "site-packages"
        self.libs = [self.purelib]
        self.pyenv_cfg = Config(self.dest / "pyvenv.cfg")

    def __str__(self) -> str:
        return f"alcove(dest={self.dest}, clear={self.clear})"


class Seeder:
    """What the environment is seeded with: requirements, "pip" for the pip of ours among them."""

    def __init__(self, options: Namespace, interpreter: Interpreter) -> None:
        self.distributions = making.seeds_of(options, interpreter)
        self.enabled = bool(self.distributions)

    def __str__(self) -> str:
        return f"alcove({', '.join(self.distributions)})"


class Session:
    """One environment to be made; `run` makes it. A context manager, as in virtualenv, with nothing to close."""

    def __init__(self, options: Namespace, interpreter: Interpreter, settings: Settings) -> None:
        self.options = options
        self.creator = Creator(options, interpreter)
        self.seeder = Seeder(options, interpreter)
        self.activators = activators_of(options)
        self.verbosity = max(2 + (options.verbose or 0) - (options.quiet or 0), 0)
        self._interpreter = interpreter
        self._settings = settings

    @property
    def interpreter(self) -> PythonInfo:
        """The interpreter that the environment is of."""
        return self.creator.interpreter

    def run(self) -> None:
        """Make the environment and seed it; AlcoveError where that cannot be."""
        making.make(
            str(self.creator.dest),
            self.options,
            self._settings,
            interpreter=self._interpreter,
            activators=[script for name in self.activators for script in ACTIVATORS[name]],
        )

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave: nothing was opened."""


def activators_of(options: Namespace) -> list[str]:
    """Return virtualenv's names of the activators that are wanted; UsageError for one that is unknown."""
    text = options.activators
    if text is None:
        return list(ACTIVATORS)
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in ACTIVATORS]
    if unknown:
        raise UsageError(
            f"argument --activators: the following activators are not available {','.join(unknown)}",
            hint=f"there are {', '.join(ACTIVATORS)}",
        )
    return names


def session_via_cli(
    args: Sequence[str],
    options: Any = None,
    setup_logging: bool = True,  # noqa: FBT001, FBT002, ARG001  virtualenv's signature
    env: Mapping[str, str] | None = None,
) -> Session:
    """Return the session that the words `args` ask for, without making anything.

    `options`: an object that gets what was parsed as its attributes. `env`: the variables, default those of the process.
    SystemExit (2) where the words are wrong, NoInterpreter (a RuntimeError) where the interpreter is not here.
    """
    variables = os.environ if env is None else env
    found = reading.read(args, variables)
    if options is not None:
        vars(options).update(vars(found))
    found.dest = making.checked_place(found.dest)
    settings = all_settings.read(dict(variables))
    interpreter = pythons.chosen(found.python, found.try_first_with, settings)
    return Session(found, interpreter, settings)


def cli_run(
    args: Sequence[str],
    options: Any = None,
    setup_logging: bool = True,  # noqa: FBT001, FBT002  virtualenv's signature
    env: MutableMapping[str, str] | None = None,
) -> Session:
    """Make the environment that the words `args` ask for, and return the session; errors as of the two parts."""
    session = session_via_cli(args, options, setup_logging, env)
    with session:
        session.run()
    return session
