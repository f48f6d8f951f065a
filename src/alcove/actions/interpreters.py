"""`python list`, `python find`, `python pin`: the interpreters of this machine, and the one that a project asks for."""

from __future__ import annotations

import os

from alcove.actions.places import meant, places_for
from alcove.environments import config
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError, NoSuchInterpreter, UsageError
from alcove.files import atomic
from alcove.interpreters import find as finding
from alcove.interpreters import project, requests, static
from alcove.interpreters.kept import kept
from alcove.interpreters.scan import Found
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.interpreters.inspect import Interpreter
    from alcove.settings import Settings

__all__ = ["Listed", "Pinned", "find_python", "list_pythons", "pin_python"]


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


class Pinned(NamedTuple):
    """A `.python-version` file (absolute), what it says, what it said before (none where it was not there).

    `interpreters`: what answers the requests here, in their order; fewer where one is not here.
    """

    path: str
    requests: tuple[str, ...]
    before: tuple[str, ...]
    interpreters: tuple[Interpreter, ...]


def list_pythons(settings: Settings, *, request: str = "") -> list[Listed]:
    """Return all interpreters that may answer `request` ("" for any), the newest first within an implementation.

    Of a path or a name it is the one that it means: NoSuchInterpreter, InterpreterGone where there is none.
    """
    places = places_for(settings)
    meaning = meant(request, settings)
    asked = requests.parse(meaning, directory=settings.cwd, home=settings.home) if request else None
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
    return project.for_project(settings.cwd, places=places, cache=settings.cache)


def pin_python(settings: Settings, *, request: Sequence[str]) -> Pinned:
    """Write the requests into the `.python-version` of the current directory, once an interpreter answers the first.

    Without one, say what the nearest file pins. NoSuchInterpreter, UsageError: nothing is written.
    """
    if not request:
        return _pinned(settings)
    for text in request:
        _check_pin(text, settings)
    found = [find_python(settings, request=request[0])]
    path = os.path.join(settings.cwd, ".python-version")
    before: tuple[str, ...] = ()
    if os.path.lexists(path):
        try:
            there = project.version_file(settings.cwd)
        except UsageError:
            there = None  # a broken one is mended by this
        before = there.requests if there is not None and there.path == path else ()
    wanted = tuple(text.strip() for text in request)
    atomic.replace_file(os.path.realpath(path), "".join(f"{text}\n" for text in wanted).encode())
    for text in wanted[1:]:
        found += _if_here(text, settings)
    return Pinned(path, wanted, before, tuple(found))


def _pinned(settings: Settings) -> Pinned:
    file = project.version_file(settings.cwd)
    if file is None:
        raise AlcoveError(
            f"no .python-version in {settings.cwd} or above",
            hint="alcove python pin 3.12 writes one here",
        )
    found = [one for text in file.requests for one in _if_here(text, settings)]
    return Pinned(file.path, file.requests, file.requests, tuple(found))


def _check_pin(text: str, settings: Settings) -> None:
    """Raise AlcoveError for what means nothing to others."""
    asked = requests.parse(text, directory=settings.cwd, home=settings.home)
    pyenv = places_for(settings).pyenv
    known = asked.name == "system" or os.path.isdir(os.path.join(pyenv, "versions", asked.name))
    if asked.path or (asked.name and not known) or len(text.split()) > 1:
        raise AlcoveError(
            f"{text!r} is no version of Python, and means nothing on other machines",
            hint="pin a version, as in 3.12 or pypy3.9",
        )


def _if_here(text: str, settings: Settings) -> list[Interpreter]:
    try:
        return [finding.find(text, places=places_for(settings), cache=settings.cache)]
    except NoSuchInterpreter:
        return []


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
