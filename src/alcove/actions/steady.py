"""Reading beside who changes an environment: of one state, never of two, and nothing that has gone by then.

Rule: readers take no lock. Each switch is a new link, so who finds the same one before and after has read one state.
"""

from __future__ import annotations

import os

from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from alcove.environments.layout import Layout

    Found = TypeVar("Found")

__all__ = ["steadily"]

_TRIES = 20  # of which each but the last met a switch


def steadily(layout: Layout, read: Callable[[], Found]) -> Found:
    """Return what `read` finds in one state of the environment; it reads again where another was shown meanwhile.

    What it raises is raised where the state was the same all the while.
    """
    for _ in range(_TRIES):
        before = _switch(layout)
        try:
            found = read()
        except (OSError, AlcoveError):
            if _switch(layout) == before:
                raise
            continue
        if _switch(layout) == before:
            return found
    return read()


def _switch(layout: Layout) -> tuple[int, int]:
    try:
        facts = os.lstat(layout.current)
    except OSError:
        return 0, 0  # what reads it says so
    return facts.st_ino, facts.st_ctime_ns
