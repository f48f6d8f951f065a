"""An environment that was moved with `mv`, or copied: made right at the next command there, whichever it is.

Rule: where it lies as recorded, finding that out costs one small file read, and nothing is imported for it.
"""

from __future__ import annotations

import os

from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["settle"]


def settle(path: str, settings: Settings) -> bool:
    """Let launchers, activation scripts and prompt of the environment at `path` (absolute) be those of that place.

    Tells whether that was needed and done. Who may only read there, or comes while somebody else is at work, goes on
    without: a command that has to write there says why it cannot.
    """
    try:
        content = reading.content(f"{path}/.alcove/state")
    except FileNotFoundError:
        content = b""
    except OSError:
        return False  # whoever may not read here changes nothing here
    if b'"' + os.fsencode(path) + b'"' in content:
        return False
    before = _recorded(content) if content else _shown(path)
    if not before or before == path or _same(before, path):
        return False
    from alcove.actions.held import hold, register
    from alcove.environments.layout import open_layout
    from alcove.errors import AlcoveError

    try:
        layout = open_layout(path)
        with hold(layout, settings, wait=0.0):
            pass  # opening it makes all that names a place name the new one
        register(layout)
    except (AlcoveError, OSError):
        return False
    return True


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
    """Tell whether two paths lead to the same directory: an environment reached through a link was not moved."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
