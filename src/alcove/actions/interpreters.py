"""`python list`, `python find`: the interpreters of this machine, and the one that is meant."""

from __future__ import annotations

import os

from alcove.actions.places import meant, places_for
from alcove.errors import AlcoveError, NoSuchInterpreter
from alcove.interpreters import find as finding
from alcove.interpreters import requests, static
from alcove.interpreters.kept import kept
from alcove.interpreters.scan import Found
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.inspect import Interpreter
    from alcove.settings import Settings

__all__ = ["Listed", "find_python", "list_pythons"]


class Listed(NamedTuple):
    """One interpreter by its static facts: nothing was started.

    `executable`: absolute; `source`: "PATH", "pyenv", …; `machine`, `bits`: "" and 0 where unknown; `environments`: the
    absolute paths of those that use it, as far as alcove knows them; `problem`: why it failed when it was last asked, less
    than a day ago, or why it can have no environment, else "".
    """

    executable: str
    version: str
    implementation: str
    source: str
    free_threaded: bool
    machine: str
    bits: int
    environments: tuple[str, ...]
    problem: str


def list_pythons(settings: Settings, *, request: str = "") -> list[Listed]:
    """Return all interpreters that may answer `request` ("" for any), the newest first within an implementation.

    Of a path or a name it is the one that it means: NoSuchInterpreter, InterpreterGone where there is none.
    """
    places = places_for(settings)
    meaning = meant(request, settings)
    asked = (
        requests.parse(meaning, directory=settings.here, home=settings.home) if request else None
    )
    if asked is not None and (asked.path or asked.name):
        base = finding.find(meaning, places=places, cache=settings.cache)
        found = [one for one in finding.scan(places) if _same(one.executable, base.executable)]
        found = found[:1] or [_from_answer(base)]
    elif asked is not None:
        found = finding.fitting(meaning, places=places)
    else:
        found = sorted(
            finding.scan(places),
            key=lambda one: (one.rank, one.implementation != "CPython", _descending(one.version)),
        )
    used = _used(settings)
    return [_listed(one, used, settings) for one in found]


def _listed(one: Found, used: dict[str, list[str]], settings: Settings) -> Listed:
    environments = tuple(used.get(os.path.realpath(one.executable), ()))
    problem, version = "", one.version
    try:
        static.refuse_old(one.executable, one.version)
        known = kept(one.executable, cache=settings.cache)
        if isinstance(known, str):
            problem = known
        elif known is not None and known.version.startswith(version):
            version = known.version  # of PyPy the files tell less
    except NoSuchInterpreter:
        problem = "too old for environments"
    facts = (one.executable, version, one.implementation, one.source, one.free_threaded)
    return Listed(*facts, one.machine, one.bits, environments, problem)


def _from_answer(found: Interpreter) -> Found:
    """Return an interpreter that lies where no source looks, as if one had."""
    return Found(
        found.executable,
        found.version,
        found.implementation,
        "path",
        found.free_threaded,
        found.pointer_bits,
        found.facts["elf_machine"],
        0,
    )


def _same(left: str, right: str) -> bool:
    return os.path.realpath(left) == os.path.realpath(right)


def find_python(settings: Settings, *, request: str = "") -> Interpreter:
    """Return the interpreter that `request` asks for, "" for the one that `create` here would take.

    NoSuchInterpreter, with what there is; UsageError for a request of no known form.
    """
    places = places_for(settings)
    if request:
        return finding.find(meant(request, settings), places=places, cache=settings.cache)
    from alcove.interpreters import project

    return project.for_project(settings.cwd, places=places, cache=settings.cache)


def _descending(version: str) -> tuple[int, ...]:
    from alcove.interpreters.names import version_key

    return tuple(-number for number in version_key(version))


def _used(settings: Settings) -> dict[str, list[str]]:
    """Return the known environments by the real path of their interpreter."""
    from alcove.actions.environments import known_paths
    from alcove.environments import config
    from alcove.environments.layout import is_environment

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
