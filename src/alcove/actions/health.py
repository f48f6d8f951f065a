"""Whether an environment is whole, at a glance: in a few words what is wrong, and what mends it.

Rule: nothing is run and no content is compared; that is for `verify`.
"""

from __future__ import annotations

import os

from alcove.actions import looks
from alcove.environments.layout import BIN, other_python
from alcove.pasting import pasted
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Health", "health_of"]


class Health(NamedTuple):
    """What is wrong with an environment ("ok": nothing that a glance sees), and what to do then, "" where it is nothing."""

    text: str
    hint: str


def health_of(path: str, values: Mapping[str, str], look: looks.Look | None = None) -> Health:
    """Return the health of the environment at `path` (absolute), whose `pyvenv.cfg` says `values`; whoever made it."""
    ours = os.path.isdir(os.path.join(path, ".alcove"))
    wrong = _python(path, values) or (_frame(path, look) if ours else "")
    if not wrong and look is not None and look.library:
        other = other_python(look.library, values.get("version") or values.get("version_info", ""))
        if other:
            wrong = f"made Python {other} by another tool, and holds what is for {look.library}"
    if not wrong and look is not None and look.missing:
        wrong = f"{len(look.missing)} missing from the store ({look.missing[0]})"
    return Health(wrong, _hint(path, ours=ours)) if wrong else Health("ok", "")


def _python(path: str, values: Mapping[str, str]) -> str:
    """Return what is wrong with what starts the environment's Python, or ""."""
    if not values:
        return "pyvenv.cfg is missing or cannot be read"
    python = os.path.join(path, BIN, "python.exe" if os.name == "nt" else "python")
    if os.path.exists(python):
        return ""
    if os.path.islink(python):
        return f"its interpreter is gone: {os.readlink(python)}"
    return f"{BIN}/{os.path.basename(python)} is missing"


def _frame(path: str, look: looks.Look | None) -> str:
    """Return what is wrong with the frame of an environment of ours, or ""."""
    if not os.path.isdir(os.path.join(path, ".alcove", "store")):
        return "its store is gone"
    if not os.path.isfile(os.path.join(path, ".alcove", "current", "slot.json")):
        return "the shown slot is not whole"
    if look is not None and look.stamp == looks.BROKEN:
        return "it is damaged"
    return ""


def _hint(path: str, *, ours: bool) -> str:
    where = pasted(path)
    if ours:
        return f"alcove repair --env {where} mends it, alcove verify --env {where} tells more"
    # `python -m venv` over it does not help: it leaves a link that leads nowhere.
    return f"what made it may mend it; else make it anew: alcove create --clear {where}"
