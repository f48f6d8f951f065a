"""Interpreters by the words of virtualenv and tox, and what a session says of the one that was found."""

from __future__ import annotations

import os
import sys

from alcove.actions.places import meant, places_for
from alcove.errors import AlcoveError
from alcove.interpreters import find, requests
from alcove.interpreters.inspect import inspect
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["NoInterpreter", "PythonInfo", "VersionInfo", "chosen", "info_of", "request_of"]


class NoInterpreter(RuntimeError):
    """None of the interpreters asked for is here; a RuntimeError, as callers of virtualenv expect."""


class VersionInfo(NamedTuple):
    """`sys.version_info` of an interpreter."""

    major: int
    minor: int
    micro: int
    releaselevel: str
    serial: int


class PythonInfo(NamedTuple):
    """What virtualenv says of an interpreter, as far as tox, nox and others ask. Paths absolute.

    `architecture`: 64 or 32; `machine`: "x86_64"; `platform`: `sys.platform`; `marker_environment`: PEP 508.
    """

    executable: str
    system_executable: str
    system_prefix: str
    implementation: str
    version: str
    version_info: VersionInfo
    architecture: int
    platform: str
    os: str
    machine: str
    free_threaded: bool
    debug_build: bool
    marker_environment: dict[str, str]

    @property
    def version_str(self) -> str:
        """The first three numbers of the version."""
        return ".".join(map(str, self.version_info[:3]))

    @property
    def spec(self) -> str:
        """The interpreter in virtualenv's words: `CPython3.12.1.final.0-64-x86_64`."""
        numbers = ".".join(map(str, self.version_info))
        threads = "t" if self.free_threaded else ""
        return f"{self.implementation}{numbers}{threads}-{self.architecture}-{self.machine}"


def info_of(interpreter: Interpreter) -> PythonInfo:
    """Return what virtualenv would say of `interpreter`."""
    return PythonInfo(
        executable=interpreter.executable,
        system_executable=interpreter.executable,
        system_prefix=interpreter.prefix,
        implementation=interpreter.implementation,
        version=interpreter.version,
        version_info=VersionInfo(*interpreter.version_info),
        architecture=interpreter.pointer_bits,
        platform=interpreter.markers["sys_platform"],
        os=interpreter.markers["os_name"],
        machine=interpreter.markers["platform_machine"].lower(),
        free_threaded=interpreter.free_threaded,
        debug_build=interpreter.facts.get("debug") == "1",
        marker_environment=dict(interpreter.markers),
    )


def chosen(wanted: Sequence[str], first: Sequence[str], settings: Settings) -> Interpreter:
    """Return the first of `wanted` that is here; without one, the base of the Python that runs us.

    `first`: interpreters to look at before all others. NoInterpreter where none is here.
    """
    if not wanted:
        return inspect(sys.executable, cache=settings.cache)
    failures = []
    for text in wanted:
        try:
            return _one(request_of(text), first, settings)
        except AlcoveError as error:
            failures.append(f"{text}: {error.message}")
    raise NoInterpreter("failed to find interpreter for " + "; ".join(failures))


def request_of(text: str) -> str:
    """Return the request in alcove's words; virtualenv and tox say `py311`, `py3` and `py` for Pythons of any make.

    >>> request_of("py311"), request_of("python3.11"), request_of("/usr/bin/py")
    ('python311', 'python3.11', '/usr/bin/py')
    """
    word = text.strip()
    if word == "py" or (word.startswith("py") and word[2:3].isdigit()):
        return "python" + word[2:]
    return word


def _one(text: str, first: Sequence[str], settings: Settings) -> Interpreter:
    asked = requests.parse(text, directory=settings.cwd, home=settings.home)
    if not (asked.path or asked.name):
        for path in first:
            interpreter = inspect(os.path.join(settings.cwd, path), cache=settings.cache)
            if find.answers(asked, interpreter):
                return interpreter
        own = inspect(sys.executable, cache=settings.cache)
        if find.answers(asked, own):
            return own  # as in virtualenv: the Python that runs us before all others that fit
    return find.find(meant(text, settings), places=places_for(settings), cache=settings.cache)
