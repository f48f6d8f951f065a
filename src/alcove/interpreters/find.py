"""Find the interpreter that answers a request: by names and files first, asking only the one that is chosen.

Among those that answer, the newest final release of CPython with a GIL wins; among equals the first in the order of
sources (PATH, pyenv, asdf, …). A last resort (somebody's conda environment) is behind all others.
"""

from __future__ import annotations

import os

from alcove.errors import InterpreterGone, NoSuchInterpreter
from alcove.interpreters import names, real, requests, sources, static
from alcove.interpreters.inspect import Interpreter, inspect
from alcove.interpreters.kept import marked
from alcove.interpreters.scan import Found, scan
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alcove.interpreters.places import Places
    from alcove.interpreters.requests import Request

__all__ = ["Found", "answers", "best", "find", "fitting", "scan"]


def find(request: str, *, places: Places, cache: str, timeout: float = 10.0) -> Interpreter:
    """Return the interpreter that `request` (see `requests`) asks for.

    `cache`: alcove's cache directory (absolute). Starts at most the chosen interpreter; one that crashes or hangs is
    marked and the next one taken. NoSuchInterpreter says what there is, UsageError that the request has no known form.
    """
    asked = requests.parse(request, directory=places.directory, home=places.home)
    if asked.name == "system":  # pyenv's word for what PATH has without pyenv
        found = [one for one in scan(places) if one.source in {"PATH", "system"}]
        return _choose(asked, found, places=places, cache=cache, timeout=timeout)
    path = asked.path or (_named(asked.name, places) if asked.name else "")
    if path:
        return _at(path, asked, places=places, cache=cache, timeout=timeout)
    return _choose(asked, scan(places, asked), places=places, cache=cache, timeout=timeout)


def best(*, requires_python: str, places: Places, cache: str, timeout: float = 10.0) -> Interpreter:
    """Return the newest final CPython with a GIL that satisfies `requires_python` (PEP 440, "" for any).

    NoSuchInterpreter where there is none: pre-releases, PyPy and free-threaded builds are for who asks for them;
    UsageError where `requires_python` is no specifier.
    """
    specifier = requests.specifier(requires_python)
    asked = requests.Request(
        f"a final CPython {specifier}".strip(),
        implementation="CPython",
        version="" if specifier else "3",
        specifier=specifier,
    )
    found = [one for one in scan(places, asked) if names.is_final(one.version)]
    return _choose(asked, found, places=places, cache=cache, timeout=timeout)


def fitting(request: str, *, places: Places) -> list[Found]:
    """Return all that may answer `request` (no path) by their static facts, the best first; nothing is started."""
    asked = requests.parse(request, directory=places.directory, home=places.home)
    return _best_first(asked, scan(places, asked))


def answers(asked: Request, interpreter: Interpreter) -> bool:
    """Say whether an interpreter is what was asked for, by what it says of itself; a path or name in `asked` is not looked at."""
    return requests.admits(
        asked, interpreter, bits=interpreter.pointer_bits, machine=interpreter.facts["elf_machine"]
    )


def _best_first(asked: Request, found: Iterable[Found]) -> list[Found]:
    return sorted((one for one in found if _fits(asked, one)), key=_preference)


def _choose(
    asked: Request, found: Iterable[Found], *, places: Places, cache: str, timeout: float
) -> Interpreter:
    """Ask the best of those that fit; the next one where it fails or is not what its name says."""
    failures = []
    tried = set()
    for one in _failed_last(_best_first(asked, found), cache):
        tried.add(one.executable)
        try:
            static.refuse_old(one.executable, one.version)
            interpreter = inspect(one.executable, cache=cache, timeout=timeout)
        except (NoSuchInterpreter, InterpreterGone) as error:
            failures.append(error.message)
            continue
        if answers(asked, interpreter):
            return interpreter
        failures.append(
            f"{one.executable} says that it is {interpreter.implementation} {interpreter.version}"
        )
    from alcove.interpreters import missing  # noqa: PLC0415  for the error only

    left = [one for one in scan(places) if one.executable not in tried]
    raise missing.error(asked, failures, left)


def _failed_last(found: Iterable[Found], cache: str) -> Iterator[Found]:
    """Yield those that failed lately after all others, to be asked again: what mended them need not show in their file."""
    late = []
    for one in found:
        try:
            reason = marked(one.executable, cache=cache)
        except NoSuchInterpreter:
            reason = ""  # told when it is asked
        if reason:
            late.append(one)
        else:
            yield one
    yield from late


def _fits(asked: Request, one: Found) -> bool:
    return requests.admits(asked, one, bits=one.bits, machine=one.machine)


def _preference(one: Found) -> tuple[int, bool, bool, bool, tuple[int, ...]]:
    """Order those that fit, the best first; `sorted` keeps the order of sources among equals."""
    return (
        one.rank,
        one.implementation != "CPython",
        one.free_threaded,
        not names.is_final(one.version),
        tuple(-number for number in names.version_key(one.version)),
    )


def _named(name: str, places: Places) -> str:
    """Return the program `name` on PATH, or the directory of that name below pyenv's versions.

    A program that is called like no Python, nor leads to one, is not for us to start: who knows what it would do?
    """
    other = ""
    for directory in places.path:
        path = os.path.join(directory, name)
        if directory not in places.shims and os.path.isfile(path) and os.access(path, os.X_OK):
            if names.is_interpreter(name) or static.program(path):
                return path
            other = other or path
    version = os.path.join(places.pyenv, "versions", name)
    if places.pyenv and os.path.isdir(version):
        return version
    if other:
        raise NoSuchInterpreter(
            f"{name!r} is no version of Python, and {other} is not called like one: it is not started",
            hint=f"if it is a Python, give its path: -p {pasted(other)}; else the forms are {requests.FORMS}",
        )
    here = os.path.lexists(os.path.join(places.directory, name))
    meant = f"what is called so here is -p {pasted(f'./{name}')}; " if here else ""
    raise NoSuchInterpreter(
        f"{name!r} is no version of Python, no program on PATH and no version of pyenv",
        hint=f"{meant}the forms are {requests.FORMS}",
    )


def _at(path: str, asked: Request, *, places: Places, cache: str, timeout: float) -> Interpreter:
    """Return the interpreter at a path: a binary, an installation, an environment; of a shim, what its name says."""
    if os.path.isdir(path):
        executable = _in_directory(path, windows=places.windows)
        return inspect(executable, cache=cache, timeout=timeout)
    directory, name = os.path.split(path)
    told = names.of_executable(name)
    if directory in places.shims or os.path.basename(directory) == "shims":
        if told is None:
            raise NoSuchInterpreter(
                f"{path} is a shim, and not of Python", hint="ask for a version, as in -p 3.12"
            )
        wanted = requests.Request(
            asked.text, told.implementation, told.version, free_threaded=told.free_threaded
        )
        return _choose(wanted, scan(places, wanted), places=places, cache=cache, timeout=timeout)
    return inspect(path, cache=cache, timeout=timeout)


def _in_directory(path: str, *, windows: bool) -> str:
    """Return the interpreter of an environment or an installation."""
    if os.path.exists(os.path.join(path, "pyvenv.cfg")):
        return real.base_of(os.path.join(path, "Scripts" if windows else "bin", "python"))
    found = sources.in_installation(path, windows=windows)
    for executable, _ in found:
        if os.path.isfile(executable):  # Debian's /etc/python3.11 is a directory
            return executable
    raise NoSuchInterpreter(
        f"{path} holds no interpreter", hint="give the path of one, or a version as in -p 3.12"
    )
