"""`project`, `cd`, `site-packages`: the directories that belong to an environment, whoever made it.

Rule: the project is the one line of the file `.project` in the environment, as virtualenvwrapper writes it and VS Code
reads it.
"""

from __future__ import annotations

import os

from alcove.actions.where import absolute
from alcove.environments.config import library_of
from alcove.environments.layout import is_environment, no_environment
from alcove.errors import AlcoveError, NotAnEnvironment, UsageError
from alcove.files import atomic, reading, trees
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["cd", "forget_project", "project", "project_file", "set_project", "site_packages"]


def project(path: str, settings: Settings) -> str:
    """Return the absolute path of the project of the environment at `path` (absolute), there or not; "" for none."""
    try:
        text = reading.content(project_file(path, settings), limit=8192)
    except FileNotFoundError:
        return ""
    said = os.fsdecode(text).strip("\r\n")
    if "\n" in said or "\0" in said:
        raise AlcoveError(
            f"{project_file(path, settings)} does not hold one path",
            hint="alcove project DIR sets it",
        )
    return os.path.normpath(os.path.join(path, said)) if said else ""


def set_project(path: str, directory: str, settings: Settings, *, dry_run: bool = False) -> str:
    """Make `directory` the project of the environment at `path` (absolute); return its absolute path.

    `dry_run`: write nothing. UsageError where `directory` is no directory, or where the one line of a file cannot hold it.
    """
    file = project_file(path, settings)
    found = absolute(directory, settings)
    if not os.path.isdir(found):
        raise UsageError(f"{found} is not a directory", hint="make it first, or say another one")
    if "\n" in found:
        raise UsageError(f"{found!r} has a line break in its name", hint="give it another name")
    _refuse_sudo(path, settings)
    if not dry_run:
        atomic.replace_file(file, os.fsencode(found) + b"\n")
    return found


def forget_project(path: str, settings: Settings, *, dry_run: bool = False) -> bool:
    """Let the environment at `path` (absolute) have no project any more; tell whether it had one. `dry_run`: only tell."""
    file = project_file(path, settings)
    if not os.path.lexists(file):
        return False
    _refuse_sudo(path, settings)
    if not dry_run:
        trees.remove(file)
    return True


def site_packages(path: str) -> str:
    """Return the lexical path of the site-packages of the environment at `path` (absolute).

    NotAnEnvironment where there is none.
    """
    _check(path)
    if os.name == "nt":
        found = [f"{path}/Lib/site-packages"]
    else:
        # The one that pyvenv.cfg speaks of first: a tool may have left another beside it.
        names = sorted(_listed(f"{path}/lib"))
        said = library_of(f"{path}/pyvenv.cfg")
        names.sort(key=lambda name: name != said)
        found = [
            f"{path}/lib/{name}/site-packages"
            for name in names
            if name.startswith(("python", "pypy"))
        ]
    for place in found:
        if os.path.isdir(place):
            return place
    raise NotAnEnvironment(
        f"{path} has no site-packages", hint=f"alcove repair --env {pasted(path)}"
    )


def cd(path: str, settings: Settings, *, to: str = "environment", below: str = "") -> str:
    """Return the absolute path of a directory of the environment at `path` (absolute).

    `to`: "environment", "project" or "site-packages"; `below`: a path in there. AlcoveError where there is none.
    """
    _check(path)
    if to == "project":
        place = project(path, settings)
        if not place:
            raise AlcoveError(
                f"{path} has no project", hint="alcove project DIR says which directory it is"
            )
    else:
        place = site_packages(path) if to == "site-packages" else path
    if below:
        place = os.path.join(place, below)
    if not os.path.isdir(place):
        raise AlcoveError(f"there is no directory {place}", hint="ls shows what there is")
    return place


def project_file(path: str, settings: Settings) -> str:
    """Return the file (absolute, there or not) that names the project of the environment at `path` (absolute)."""
    _check(path)
    name = settings.variables.get("VIRTUALENVWRAPPER_PROJECT_FILENAME") or ".project"
    if os.path.basename(name) != name or name in (".", ".."):
        raise UsageError(
            f"VIRTUALENVWRAPPER_PROJECT_FILENAME is {name!r}, which is not the name of a file",
            hint="unset it",
        )
    return f"{path}/{name}"


def _check(path: str) -> None:
    if not is_environment(path):
        raise no_environment(path)


def _listed(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []


def _refuse_sudo(path: str, settings: Settings) -> None:
    from alcove.actions.held import refuse_sudo

    refuse_sudo(path, settings)
