"""VS Code: which of its workspace settings name an environment, and how they get into `.vscode/settings.json`.

Rule: what is not wanted is not touched, comments, order and indentation included; a file that cannot be read is left alone.
"""

from __future__ import annotations

import os

from alcove.environments.layout import BIN, is_environment
from alcove.errors import AlcoveError, NotAnEnvironment
from alcove.files import atomic, reading, trees
from alcove.ide import jsonc
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["Edit", "vscode", "workspace_of"]

_FOLDER = "${workspaceFolder}"
_INTERPRETER = "python.defaultInterpreterPath"
_SEARCH = "python-envs.workspaceSearchPaths"
_SEARCH_DEFAULT = "./**/.venv"  # what the extension searches where the setting is not there
_PROJECT = ("pyproject.toml", ".git")


class Edit(NamedTuple):
    """A change of a settings file. `path` absolute; `before` and `after` its text; `changed`: key -> new value."""

    path: str
    before: str
    after: str
    changed: dict[str, object]


def workspace_of(settings: Settings) -> str:
    """Return the folder (absolute) that an editor opens from here: that of the project, else the current directory."""
    here = settings.cwd
    while True:
        if any(os.path.exists(os.path.join(here, name)) for name in _PROJECT):
            return here
        parent = os.path.dirname(here)
        if parent == here:
            return settings.cwd
        here = parent


def vscode(environment: str, workspace: str, *, dry_run: bool = False) -> Edit:
    """Let VS Code find `environment` when it opens the folder `workspace` (both absolute); return what was changed.

    NotAnEnvironment; BrokenText, with line and column, where `.vscode/settings.json` is not what VS Code writes.
    """
    if not is_environment(environment):
        raise NotAnEnvironment(
            f"{environment} is not a virtual environment", hint="alcove create makes one"
        )
    if not os.path.isdir(workspace):
        raise AlcoveError(f"{workspace} is not a directory", hint="--workspace DIR names one")
    path = os.path.join(workspace, ".vscode", "settings.json")
    before = _text(path)
    there = _members(before, path)
    after = before
    changed: dict[str, object] = {}
    for key, value in _wanted(environment, workspace, there).items():
        after = jsonc.put(after, key, value, where=path)
        if there.get(key) != value:
            changed[key] = value
    if changed and not dry_run:
        _write(path, after)
    return Edit(path, before, after, changed)


def _wanted(environment: str, workspace: str, there: dict[str, object]) -> dict[str, object]:
    """Return the settings that name the environment, with those that are there already kept in their lists."""
    inside = _inside(environment, workspace)
    program = f"{BIN}/" + ("python.exe" if os.name == "nt" else "python")
    place = f"{_FOLDER}/{inside}" if inside else environment
    found: dict[str, object] = {_INTERPRETER: f"{place}/{program}"}
    if inside and os.path.basename(inside) != ".venv":
        listed = there.get(_SEARCH, [_SEARCH_DEFAULT])
        # relative: the extension puts no variables into these
        if isinstance(listed, list) and f"./{inside}" not in listed and inside not in listed:
            found[_SEARCH] = [*listed, f"./{inside}"]
    return found


def _inside(environment: str, workspace: str) -> str:
    """Return the path of the environment relative to the workspace, with `/`, or "" where it lies elsewhere."""
    relative = os.path.relpath(environment, workspace)
    if relative == os.curdir or relative.startswith(os.pardir) or os.path.isabs(relative):
        return ""
    return relative.replace(os.sep, "/")


def _members(text: str, path: str) -> dict[str, object]:
    """Return what the file says now; BrokenText where it cannot be read, or is no object."""
    text = jsonc.put(text, "", None, where=path)  # a text of comments alone becomes an object
    value: dict[str, object] = jsonc.parse(text, where=path).value
    return value


def _text(path: str) -> str:
    try:
        return reading.content(path).decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise jsonc.BrokenText(f"{path}: byte {error.start + 1} is not UTF-8") from None


def _write(path: str, text: str) -> None:
    trees.make_directories(os.path.dirname(path))
    target = os.path.realpath(path)  # where it is a link, what it leads to is written
    try:
        mode = os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mode = 0o666
    atomic.replace_file(target, text.encode(), mode=mode, durable=True)
