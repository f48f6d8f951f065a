"""`use`: which environment is a project's, written as others read it: a link `.venv`, PEP 832's file, or `.python-envs`.

Rule: a `.venv` that is a directory, or a file of somebody else's, is never replaced.
"""

from __future__ import annotations

import os

from alcove.actions.project import project_file, set_project
from alcove.environments.discover import (
    LIST,
    VENV,
    Used,
    environments_in,
    followed,
    lines_of,
)
from alcove.environments.layout import is_environment, no_environment
from alcove.errors import AlcoveError
from alcove.files import atomic, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["Forgotten", "Used", "forget", "use", "uses"]


class Forgotten(NamedTuple):
    """A file that named an environment (absolute), and whether it went: it is written anew where it names others."""

    path: str
    removed: bool


def uses(settings: Settings) -> list[Used]:
    """Return the environments of the project in the current directory, the default last."""
    return environments_in(settings.cwd)


def use(path: str, settings: Settings, *, how: str = "link", dry_run: bool = False) -> Used:
    """Make the environment at `path` (absolute) the default of the project in the current directory.

    `how`: "link" makes `.venv` a link, "file" a file of PEP 832, "list" puts it at the end of `.python-envs`. A named environment
    without a `.project` gets one. `dry_run`: refuse what would be refused, and write nothing. AlcoveError where `.venv` is a directory or somebody's file: that is left alone.
    """
    if not is_environment(path):
        raise no_environment(path)
    here = settings.cwd
    venv = os.path.join(here, VENV)
    written = _spelled(path, here)
    itself = os.path.isdir(venv) and not os.path.islink(venv)
    if itself and os.path.realpath(path) == os.path.realpath(venv):
        return Used(venv, default=True, by=venv)
    if how == "list":
        if os.path.lexists(venv):
            raise AlcoveError(
                f"{venv} is there, and counts as the last of {LIST}",
                hint="rename it, or: alcove use ENV makes it a link to ENV",
            )
        _listed(here)  # refused before anything is done
    else:
        _check_replaceable(venv)
    if not dry_run:
        _name(path, written, here, how=how)
        _note_project(path, here, settings)
    return Used(path, default=True, by=os.path.join(here, LIST if how == "list" else VENV))


def _name(path: str, written: str, here: str, *, how: str) -> None:
    """Name the environment at `path`, as it is `written` in the directory `here`."""
    venv = os.path.join(here, VENV)
    if how == "list":
        _write_list(here, [*(one for one in _listed(here) if _at(one, here) != path), written])
    elif how == "file":
        if os.path.islink(venv):
            trees.remove(venv)
        atomic.replace_file(venv, f"{written}\n".encode(errors="surrogateescape"))
    else:
        atomic.replace_link(venv, written)


def forget(path: str, settings: Settings, *, dry_run: bool = False) -> list[Forgotten]:
    """Take the environment at `path` (absolute) out of the project here; return the files that were changed. It itself stays.

    `dry_run`: return those that would be, and change nothing.
    """
    here = settings.cwd
    changed = []
    venv = os.path.join(here, VENV)
    if (os.path.islink(venv) or os.path.isfile(venv)) and _same(followed(venv), path):
        if not dry_run:
            trees.remove(venv)
        changed.append(Forgotten(venv, removed=True))
    listed = _listed(here)
    rest = [one for one in listed if not _same(_at(one, here), path)]
    if rest != listed:
        if not dry_run:
            _write_list(here, rest)
        changed.append(Forgotten(os.path.join(here, LIST), removed=not rest))
    if not changed:
        raise AlcoveError(f"{here} does not name {path}", hint="alcove use lists what it names")
    return changed


def _check_replaceable(venv: str) -> None:
    if os.path.islink(venv) or not os.path.lexists(venv):
        return
    if os.path.isfile(venv) and len(lines_of(venv)) == 1:
        return
    what = (
        "an environment itself" if is_environment(venv) else "not a link and not a file of PEP 832"
    )
    raise AlcoveError(
        f"{venv} is {what}; it is left alone",
        hint="alcove rename .venv NAME, or alcove use --list ENV, or remove it",
    )


def _note_project(path: str, project: str, settings: Settings) -> None:
    """Name the project in a named environment that names none, as virtualenvwrapper does."""
    named = os.path.realpath(os.path.dirname(path)) == os.path.realpath(settings.named)
    if named and not os.path.lexists(project_file(path, settings)):
        set_project(path, project, settings)


def _spelled(path: str, here: str) -> str:
    """Return how a file in `here` names `path`: relative where it lies below, so that both can move together."""
    return path[len(here) + 1 :] if path.startswith(here + os.sep) else path


def _at(line: str, here: str) -> str:
    return os.path.normpath(os.path.join(here, line))


def _same(left: str, right: str) -> bool:
    return left == right or os.path.realpath(left) == os.path.realpath(right)


def _listed(here: str) -> list[str]:
    file = os.path.join(here, LIST)
    return lines_of(file) if os.path.exists(file) else []


def _write_list(here: str, lines: list[str]) -> None:
    file = os.path.join(here, LIST)
    if lines:
        text = "".join(f"{line}\n" for line in lines)
        atomic.replace_file(file, text.encode(errors="surrogateescape"))
    else:
        trees.remove(file)
