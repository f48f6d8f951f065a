"""The one language in which an interpreter is asked for, on the command line and in `.python-version`.

`3` `3.12` `3.12.1` `312` `3.13t` `3.12-64` `>=3.10,<3.13` `python3.8` `cpython@3.11` `pypy3.9`, a path of an
executable, of an installation or of an environment, or nothing at all.
"""

from __future__ import annotations

import os

from alcove.errors import UsageError
from alcove.interpreters import names
from alcove.records import NamedTuple
from alcove.settings import gone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Known(Protocol):
        """What is known of an interpreter, or of a build of one, whoever tells it."""

        @property
        def implementation(self) -> str: ...
        @property
        def version(self) -> str: ...
        @property
        def free_threaded(self) -> bool: ...


__all__ = ["ANY", "FORMS", "Request", "admits", "may_admit", "parse", "specifier"]

FORMS = "3, 3.12, 3.12.1, 3.13t, 3.12-64, '>=3.10,<3.13', python3.8, cpython@3.11, pypy3.9, a path, or an environment's name"
"""The forms of a request, for messages."""

_MICROS = 40  # more releases than any minor of Python has had
_SYSTEMS = ("linux", "macos", "darwin", "windows", "win32", "gnu", "musl", "none")
_MACHINES = {
    "64": ("", 64),
    "32": ("", 32),
    "x86_64": ("x86_64", 64),
    "x64": ("x86_64", 64),
    "amd64": ("x86_64", 64),
    "aarch64": ("aarch64", 64),
    "arm64": ("aarch64", 64),
    "x86": ("i686", 32),
    "i686": ("i686", 32),
}


class Request(NamedTuple):
    """What is asked for; what is empty is left open.

    `version`: "3", "3.12", "3.12.1", "3.13.0rc2". `specifier`: PEP 440. `path`: absolute. `name`: of an executable on
    PATH, or of a directory below pyenv's versions. `free_threaded` is asked for, or unwanted when False.
    """

    text: str
    implementation: str = ""
    version: str = ""
    specifier: str = ""
    free_threaded: bool = False
    machine: str = ""
    bits: int = 0
    path: str = ""
    name: str = ""


ANY = Request("")
_MOST_NUMBERS = 3  # 3.12.1


def parse(text: str, *, directory: str, home: str) -> Request:
    """Read a request; relative paths are of `directory` ("": it was removed), `~/` is `home` (both absolute).

    UsageError for no known form, AlcoveError for a path that is relative to nothing.
    """
    asked = text.strip()
    if not asked or any(character < " " for character in asked):
        raise UsageError(f"{text!r} asks for no interpreter", hint=f"the forms are {FORMS}")
    if asked[0] in "<>=!~" and asked != "~" and not asked.startswith(("~/", "~" + os.sep)):
        return Request(text, specifier=specifier(asked))
    if _is_path(asked):
        return Request(text, path=_absolute(asked, directory, home))
    found = names.read(asked)
    if found is None:
        return Request(text, name=asked)
    if found.rest.startswith("-"):
        machine = _machine(found.rest[1:])
        if machine is not None:
            return Request(
                text,
                found.implementation,
                found.version,
                free_threaded=found.free_threaded,
                machine=machine[0],
                bits=machine[1],
            )
    if len(names.release_of(found.version)) > _MOST_NUMBERS:
        raise UsageError(f"{text!r} is no version of Python", hint=f"the forms are {FORMS}")
    if not found.rest:
        version, free = found.version, found.free_threaded
        return Request(text, found.implementation, version, free_threaded=free)
    if asked[0].isdigit() and not found.rest.startswith("-"):
        raise UsageError(f"{text!r} is no version of Python", hint=f"the forms are {FORMS}")
    return Request(text, name=asked)


def may_admit(request: Request, *, implementation: str, version: str) -> bool:
    """Say whether an interpreter may answer of which only a part of the version is known ("" to "3.12.1")."""
    if request.implementation and implementation and implementation != request.implementation:
        return False
    wanted, known = names.release_of(request.version), names.release_of(version)
    shared = min(len(wanted), len(known))
    return wanted[:shared] == known[:shared]


def admits(request: Request, one: Known, *, bits: int = 0, machine: str = "") -> bool:
    """Say whether an interpreter with these facts answers; `bits` 0 and `machine` "" are unknown and accepted."""
    version = one.version
    if not may_admit(request, implementation=one.implementation, version=version):
        return False
    if request.free_threaded and not one.free_threaded:
        return False
    if one.free_threaded and not request.free_threaded and (request.version or request.specifier):
        return False  # 3.13 is not 3.13t: another ABI
    wanted, known = names.version_key(request.version), names.version_key(version)
    if request.version.count(".") == 2 and version.count(".") == 2 and wanted != known:
        return False  # 3.13.0 is not 3.13.0rc2
    if request.bits and bits and bits != request.bits:
        return False
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(machine.lower(), machine)
    if request.machine and machine and machine != request.machine:
        return False
    return not request.specifier or _satisfies(request.specifier, version)


def _is_path(text: str) -> bool:
    return text.startswith((".", "~")) or os.sep in text or bool(os.altsep and os.altsep in text)


def _absolute(text: str, directory: str, home: str) -> str:
    if text == "~" or text.startswith(("~/", "~" + os.sep)):
        text = home + text[1:]
    if not directory and not os.path.isabs(text):
        raise gone()
    return os.path.normpath(os.path.join(directory, text))


def _machine(text: str) -> tuple[str, int] | None:
    """Read what follows a version: `64`, `x86_64`, or `linux-x86_64-gnu` as uv names its builds."""
    found: tuple[str, int] | None = ("", 0)
    for part in text.split("-"):
        if part in _MACHINES:
            found = _MACHINES[part]
        elif part not in _SYSTEMS:
            return None
    return found


def specifier(text: str) -> str:
    """Return a PEP 440 specifier as it stands, "" for an empty one; UsageError where it is none."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  only where one is asked for

    try:
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise UsageError(
            f"{text!r} is no version specifier", hint="as in '>=3.10,<3.13'"
        ) from error
    return text.strip()


def _satisfies(wanted: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415

    # as pip does with requires-python: 3.14.0rc2 counts as 3.14.0
    release = names.release_of(version)
    specifiers = SpecifierSet(wanted)
    if len(release) == 3:
        return specifiers.contains(".".join(map(str, release)))
    # of a version without its last number it is not known whether it satisfies: it will be asked
    return any(specifiers.contains(f"{version}.{micro}") for micro in range(_MICROS))
