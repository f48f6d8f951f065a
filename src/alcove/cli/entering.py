"""A directory entered with `cd`: may what its `.venv` names be activated? Asked once, on a terminal only."""

from __future__ import annotations

import os
import sys

from alcove.actions.where import absolute, path_of
from alcove.console.streams import tell
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError
from alcove.shells.trust import digest, trust_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["entered", "remember"]


def entered(directory: str, settings: Settings) -> str:
    """Return the absolute path of the environment that is to be activated in `directory`, or "" for none.

    Whatever is wrong with it is no reason to disturb who only walks by: then it is none.
    """
    try:
        path = path_of(settings, env=os.path.join(absolute(directory, settings), ".venv"))
        trust = trust_of(settings)
        answer = trust.answer(path) if is_environment(path) else False
        if answer is None:
            asked_of = digest(path)
            answer = _ask(path)
            if answer is None or digest(path) != asked_of:
                return ""
            trust.remember(path, trusted=answer)
    except (AlcoveError, OSError):
        return ""
    return path if answer else ""


def remember(path: str, settings: Settings) -> None:
    """Note the environment at `path` (absolute), which is trusted, as it is now; OSError."""
    trust_of(settings).remember(path, trusted=True)


def _ask(path: str) -> bool | None:
    """Return the user's answer, or None where there is nobody to ask, or no answer."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    shown = ascii(path)[1:-1] if not path.isprintable() else path
    question = f"alcove: activate {shown} whenever you come here? It runs its scripts. [y/N] "
    tell(question)
    line = sys.stdin.readline()
    if not line:
        tell("\n")
        return None
    said = line.strip().lower() in ("y", "yes")
    if not said:
        tell("not activated, and not asked again: alcove trust changes that\n")
    return said
