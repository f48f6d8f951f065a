"""An environment that was moved with `mv`, or copied: made right at the next command there, whichever it is.

Rule: where it lies as recorded, finding that out costs one small file read, and nothing is imported for it.
"""

from __future__ import annotations

import os

from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["known_as", "settle"]


def settle(path: str, settings: Settings) -> str:
    """Let launchers, activation scripts and prompt of the environment at `path` (absolute) be those of that place.

    Return the path that it is known by, see `known_as`. Who may only read there, or comes while somebody else is at work,
    goes on without: a command that has to write there says why it cannot.
    """
    before = _noted(path)
    if not before or before == path:
        return path
    if _same(before, path):
        return before
    _settle(path, settings)
    return path


def known_as(path: str) -> str:
    """Return the path that the environment at `path` (absolute) is known by: where a link led there, the one that it notes.

    An environment reached through a link was not moved, and what names its place stays as it is.
    """
    before = _noted(path)
    return before if before and _same(before, path) else path


def _settle(path: str, settings: Settings) -> None:
    from alcove.actions.held import hold, register
    from alcove.environments.layout import open_layout
    from alcove.errors import AlcoveError

    try:
        layout = open_layout(path)
        with hold(layout, settings, wait=0.0):
            pass  # opening it makes all that names a place name the new one
        register(layout)
    except (AlcoveError, OSError):
        return


def _noted(path: str) -> str:
    """Return the place that an environment notes as its own, or "" where nothing tells."""
    try:
        content = reading.content(f"{path}/.alcove/state")
    except FileNotFoundError:
        content = b""
    except OSError:
        return ""  # whoever may not read here changes nothing here
    if b'"' + os.fsencode(path) + b'"' in content:
        return path
    return _recorded(content) if content else _shown(path)


def _recorded(content: bytes) -> str:
    """Return the place that the record names, or "" where it cannot be read."""
    from alcove.files import data

    try:
        said = data.loads(content)
    except data.DataError:
        return ""
    return str(said[1]) if isinstance(said, list) and len(said) > 1 else ""


def _shown(path: str) -> str:
    """Return the place that the shown generation names: there is no record before the first change, nor during one."""
    from alcove.environments import generation
    from alcove.errors import AlcoveError

    try:
        return generation.load(f"{path}/.alcove/current/slot.json").prefix
    except (AlcoveError, OSError):
        return ""


def _same(one: str, other: str) -> bool:
    """Tell whether two paths lead to the same directory."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
