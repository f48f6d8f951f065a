"""`python list`, `python find`, `python pin`: the interpreters of this machine, and the one that a project asks for."""

from __future__ import annotations

import os

from alcove.environments import config
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError
from alcove.files import atomic
from alcove.interpreters import find as finding
from alcove.interpreters import project, requests
from alcove.interpreters.places import places_of
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.inspect import Interpreter
    from alcove.interpreters.places import Places
    from alcove.settings import Settings

__all__ = ["Listed", "Pinned", "find_python", "list_pythons", "pin_python"]


class Listed(NamedTuple):
    """One interpreter by its static facts: nothing was started.

    `executable`: absolute; `source`: "PATH", "pyenv", …; `machine`, `bits`: "" and 0 where unknown; `environments`: the
    absolute paths of those that use it, as far as alcove knows them.
    """

    executable: str
    version: str
    implementation: str
    source: str
    free_threaded: bool
    machine: str
    bits: int
    environments: tuple[str, ...]


class Pinned(NamedTuple):
    """The file that was written (absolute), what it says now, and what it said before ("" where it was not there)."""

    path: str
    request: str
    before: str
    interpreter: Interpreter


def list_pythons(settings: Settings, *, request: str = "") -> list[Listed]:
    """Return all interpreters that may answer `request` ("" for any), the newest first within an implementation."""
    places = _places(settings)
    if request:
        found = finding.fitting(request, places=places)
    else:
        found = sorted(
            finding.scan(places),
            key=lambda one: (one.rank, one.implementation != "CPython", _descending(one.version)),
        )
    used = _used(settings)
    return [
        Listed(
            one.executable,
            one.version,
            one.implementation,
            one.source,
            one.free_threaded,
            one.machine,
            one.bits,
            tuple(used.get(os.path.realpath(one.executable), ())),
        )
        for one in found
    ]


def find_python(settings: Settings, *, request: str = "") -> Interpreter:
    """Return the interpreter that `request` asks for, "" for the one that `create` here would take.

    NoSuchInterpreter, with what there is; UsageError for a request of no known form.
    """
    places = _places(settings)
    if request:
        return finding.find(request, places=places, cache=settings.cache)
    return project.for_project(settings.cwd, places=places, cache=settings.cache)


def pin_python(settings: Settings, *, request: str) -> Pinned:
    """Write `request` into the `.python-version` of the current directory, once an interpreter answers it.

    The first line is replaced where there is such a file already. NoSuchInterpreter, UsageError: nothing is written.
    """
    asked = requests.parse(request, directory=settings.cwd, home=settings.home)
    if asked.path:
        raise AlcoveError(
            f"{request!r} is a path, which means nothing on other machines",
            hint="pin a version, as in 3.12 or pypy3.9",
        )
    found = find_python(settings, request=request)
    path = os.path.join(settings.cwd, ".python-version")
    before = ""
    if os.path.lexists(path):
        there = project.version_file(settings.cwd)
        before = there.requests[0] if there is not None and there.path == path else ""
    atomic.replace_file(os.path.realpath(path), f"{request.strip()}\n".encode())
    return Pinned(path, request.strip(), before, found)


def _places(settings: Settings) -> Places:
    return places_of(
        settings.variables,
        home=settings.home,
        directory=settings.cwd,
        own=f"{settings.data}/interpreters",
    )


def _descending(version: str) -> tuple[int, ...]:
    from alcove.interpreters.names import version_key

    return tuple(-number for number in version_key(version))


def _used(settings: Settings) -> dict[str, list[str]]:
    """Return the known environments by the real path of their interpreter."""
    from alcove.actions.environments import known_paths

    used: dict[str, list[str]] = {}
    for path in known_paths(settings):
        python = f"{path}/bin/python"
        real = os.path.realpath(python)
        if os.path.isfile(python) and not os.path.islink(python):  # made with --copies
            try:
                real = os.path.realpath(config.read(f"{path}/pyvenv.cfg").get("executable", ""))
            except AlcoveError:
                continue
        if is_environment(path):
            used.setdefault(real, []).append(path)
    return used
