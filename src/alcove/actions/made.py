"""What an environment was made with, as far as the command says that made it, which is kept.

Rule: only what is certain; where the command does not tell, nothing is claimed.
"""

from __future__ import annotations

from alcove.environments import config
from alcove.environments.activation.scripts import NAMES
from alcove.environments.config import ACTIVATORS, SYSTEM_SITE
from alcove.errors import AlcoveError
from alcove.transactions import generations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from alcove.environments.layout import Layout

__all__ = ["activators_of", "command_of", "is_whole", "system_site_of"]

_WHOLE = ("alcove create", "alcove copy")  # what writes all that `alcove create` writes


def command_of(layout: Layout) -> str:
    """Return the command line that made the environment: as its first state has it, else as the settings do; "" for unknown."""
    try:
        first = generations.load(layout, 0)
    except (AlcoveError, OSError):  # pruned, mostly
        first = None
    if first is not None and not first.outside:
        return first.why
    try:
        return config.read(f"{layout.root}/pyvenv.cfg").get("command", "")
    except AlcoveError:
        return ""


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
