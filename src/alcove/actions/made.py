"""What an environment was made with, as far as its first state says: the command that made it.

Rule: only what is certain; where the command does not tell, nothing is claimed.
"""

from __future__ import annotations

import os

from alcove.environments.activation.scripts import NAMES
from alcove.errors import AlcoveError
from alcove.transactions import generations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from alcove.environments.layout import Layout

__all__ = [
    "ACTIVATORS",
    "SYSTEM_SITE",
    "activators_of",
    "command_of",
    "is_whole",
    "prompt_at",
    "system_site_of",
]

ACTIVATORS = "--activators"
SYSTEM_SITE = "--system-site-packages"
_WHOLE = ("alcove create", "alcove copy")  # what writes all that `alcove create` writes


def prompt_at(path: str) -> str:
    """Return the name that the shell shows where nobody said one: that of the directory, or for `.venv` that of its project."""
    parent, name = os.path.split(path)
    return (
        os.path.basename(parent) if name in (".venv", "venv") and os.path.basename(parent) else name
    )


def command_of(layout: Layout) -> str:
    """Return the command line that made the environment, or "" where its first state is not kept."""
    try:
        first = generations.load(layout, 0)
    except (AlcoveError, OSError):
        return ""
    return "" if first.outside else first.why


def is_whole(layout: Layout) -> bool:
    """Tell whether the environment was made with everything that `alcove create` makes."""
    return f"{command_of(layout)} ".startswith(tuple(f"{one} " for one in _WHOLE))


def system_site_of(layout: Layout) -> str:
    """Return "true" or "false" as the environment was made to see the base's distributions or not; "" for unknown."""
    words = command_of(layout).split()
    if SYSTEM_SITE in words:
        return "true"
    return "false" if words[:2] == ["alcove", "create"] or words[1:3] == ["-m", "venv"] else ""


def activators_of(layout: Layout) -> Collection[str]:
    """Return the names of the activation scripts that the environment was made with: all, where nothing else is said."""
    _, said, names = command_of(layout).rpartition(f" {ACTIVATORS} ")
    return names.split(",") if said else NAMES
