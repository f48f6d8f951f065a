"""Environments that left their places by `mv`: what the store noted of them stays when another one comes to such a place.

Rule: nobody knows where they lie until a command is run there, so what they use counts on for the days of a root whose
path is gone; a root is named by its path, and the next environment there has one of the same name.
"""

from __future__ import annotations

import os

from alcove.environments import generation
from alcove.errors import AlcoveError, StoreError
from alcove.store import roots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.store.layout import Store
    from alcove.store.roots import Root

__all__ = ["came", "keep"]


def came(path: str) -> bool:
    """Tell whether what is at `path` (absolute) is no environment, or one that was not there when it was last opened."""
    try:
        before = generation.load(f"{path}/.alcove/current/slot.json").prefix
    except (AlcoveError, OSError):
        return True
    if before == path:
        return False
    try:
        return not os.path.samefile(before, path)
    except OSError:
        return True


def keep(store: Store, path: str, *, known: Root | None = None, used: Iterable[str] = ()) -> None:
    """Let what is noted of the environment that lay at `path` (absolute) count on, for who puts another one there.

    `known`: what is noted, where the caller has asked. Nothing happens where that is no more than `used`, which the other
    one uses too: names of entries.
    """
    if known is None:
        try:
            known = roots.find(store, path)
        except StoreError:
            return  # torn by a power cut: nobody knows
    if known is not None and not set(used).issuperset(known.entries):
        roots.part(store, known)
