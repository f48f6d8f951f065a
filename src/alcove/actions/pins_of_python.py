"""`python pin`: the interpreters that a project asks for, in its `.python-version`."""

from __future__ import annotations

import os

from alcove.actions.interpreters import find_python
from alcove.actions.places import places_for
from alcove.errors import AlcoveError, NoSuchInterpreter, UsageError
from alcove.files import atomic, reading
from alcove.interpreters import find as finding
from alcove.interpreters import project, requests
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.interpreters.inspect import Interpreter
    from alcove.settings import Settings

__all__ = ["Pinned", "pin_python"]


class Pinned(NamedTuple):
    """A `.python-version` file (absolute), what it says, what it said before (none where it was not there).

    `interpreters`: what answers the requests here, in their order; fewer where one is not here.
    """

    path: str
    requests: tuple[str, ...]
    before: tuple[str, ...]
    interpreters: tuple[Interpreter, ...]


def pin_python(settings: Settings, *, request: Sequence[str], dry_run: bool = False) -> Pinned:
    """Write the requests into the `.python-version` of the current directory, once an interpreter answers the first.

    Without one, say what the nearest file pins. `dry_run`: write nothing. NoSuchInterpreter, UsageError: nothing is written.
    """
    if not request:
        return _pinned(settings)
    for text in request:
        _check_pin(text, settings)
    path = os.path.join(settings.cwd, ".python-version")
    if os.path.exists(path):
        os.close(reading.opened(path))  # NotAFile: what is no file is not replaced by one
    found = [find_python(settings, request=request[0])]
    before: tuple[str, ...] = ()
    if os.path.lexists(path):
        try:
            there = project.version_file(settings.cwd)
        except UsageError:
            there = None  # a broken one is mended by this
        before = there.requests if there is not None and there.path == path else ()
    wanted = tuple(text.strip() for text in request)
    if not dry_run:
        content = "".join(f"{text}\n" for text in wanted).encode()
        atomic.replace_file(os.path.realpath(path), content)
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
