"""The environment that a kernel is for, whoever made it: its interpreter, what it sees, and how it is told from others."""

from __future__ import annotations

import os

from alcove.actions.faults import faults
from alcove.actions.health import health_of
from alcove.actions.verdicts import Verdicts
from alcove.environments import config, installed
from alcove.environments.layout import BIN, is_environment, no_environment
from alcove.errors import AlcoveError, BrokenEnvironment
from alcove.interpreters.inspect import inspect
from alcove.interpreters.target import target_of
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.faults import Fault
    from alcove.environments.installed import Distribution
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["Subject", "mark_of", "open_subject", "unmet"]

IPYKERNEL = "ipykernel"


class Subject(NamedTuple):
    """An environment: `path` absolute, its base `interpreter`, and the distributions that its Python sees."""

    path: str
    interpreter: Interpreter
    distributions: tuple[Distribution, ...]

    @property
    def executable(self) -> str:
        """The environment's own python (absolute)."""
        return f"{self.path}/{BIN}/" + ("python.exe" if os.name == "nt" else "python")

    def has(self, name: str) -> bool:
        """Tell whether a distribution (normalised name) is seen."""
        return any(one.normalised == name for one in self.distributions)


def open_subject(path: str, settings: Settings) -> Subject:
    """Return the environment at `path` (absolute); BrokenEnvironment where it is none that runs."""
    if not is_environment(path):
        raise no_environment(path)
    values = _values(path)
    wrong = health_of(path, values)
    if wrong.hint:
        raise BrokenEnvironment(f"{path}: {wrong.text}", hint=wrong.hint)
    executable = f"{path}/{BIN}/" + ("python.exe" if os.name == "nt" else "python")
    interpreter = inspect(executable, cache=settings.cache)
    sites = [_site(path, interpreter)]
    if values.get("include-system-site-packages", "").lower() == "true":
        sites += interpreter.site_packages
    return Subject(path, interpreter, installed.read_all(sites).distributions)


def _values(path: str) -> dict[str, str]:
    try:
        return config.read(os.path.join(path, "pyvenv.cfg"))
    except AlcoveError:
        return {}


def _site(path: str, interpreter: Interpreter) -> str:
    if os.name == "nt":
        return f"{path}/Lib/site-packages"
    return f"{path}/lib/{interpreter.library}/site-packages"


def mark_of(path: str) -> int:
    """Return what an environment has from the day it was made and keeps when it moves, or 0.

    The time (ns) at which a file was written that nothing writes again.
    """
    for name in ("CACHEDIR.TAG", "pyvenv.cfg"):
        try:
            return os.stat(os.path.join(path, name)).st_mtime_ns
        except OSError:
            continue
    return 0


def unmet(subject: Subject, lent: Sequence[Distribution], settings: Settings) -> tuple[Fault, ...]:
    """Return what of `lent` cannot run with what the environment has itself, which comes before it on the path."""
    own = {one.normalised: one for one in subject.distributions}
    names = {one.normalised for one in lent} - own.keys()
    if not names:
        return ()
    together = [*own.values(), *(one for one in lent if one.normalised in names)]
    verdicts = Verdicts(
        lambda: subject.interpreter.markers,
        lambda: target_of(subject.interpreter, cache=settings.cache).tags,
    )
    found = faults(together, verdicts)
    return tuple(one for one in found if one.name in names)
