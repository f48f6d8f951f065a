"""What requests led to, remembered: the same request on the same content needs no resolution (DESIGN: the hot path).

Below `<cache>/resolutions/`; may be deleted at any time, and a torn file counts as none.
"""

from __future__ import annotations

import os
import time

from alcove.environments.generation import Placement, placement_of
from alcove.files import atomic, data, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.layout import Layout

__all__ = ["Recalled", "recall", "remember"]

_FORMAT = 2
_FRESH = 600  # seconds for which an unpinned decision holds, as a page of the index does


class Recalled(NamedTuple):
    """What a request led to: the placements, and sentences for what it breaks of what stays."""

    placements: tuple[Placement, ...]
    broken: tuple[str, ...]


def recall(
    cache: str, key: str, layout: Layout, *, shown: Sequence[Placement], offline: bool
) -> Recalled | None:
    """Return what the request `key` led to, or None where that is unknown, old, or not in the store."""
    try:
        version, written, pinned, rows, broken = data.read(_path(cache, key))
        if version != _FORMAT or not (pinned or offline or 0 <= time.time() - written < _FRESH):
            return None
        there = {placement.dist_info: placement for placement in shown}
        found = tuple([there[row] if isinstance(row, str) else placement_of(row) for row in rows])
    except (OSError, data.DataError, KeyError, TypeError, ValueError):
        return None
    for placement in found:
        if placement.dist_info not in there and not os.path.isfile(
            f"{layout.private}/{placement.source}/entry.json"
        ):
            return None
    return Recalled(found, tuple(map(str, broken)))


def remember(
    cache: str,
    key: str,
    placements: Sequence[Placement],
    *,
    shown: Sequence[Placement],
    pinned: bool,
    broken: Sequence[str] = (),
) -> None:
    """Remember what the request `key` led to; `pinned`: it can lead to nothing else; `broken`: as in `Recalled`."""
    before = set(shown)
    rows = [one.dist_info if one in before else one._asdict() for one in placements]
    path = _path(cache, key)
    trees.make_directories(os.path.dirname(path))
    atomic.replace_file(path, data.dumps([_FORMAT, int(time.time()), pinned, rows, broken]))


def _path(cache: str, key: str) -> str:
    return f"{cache}/resolutions/{key[:2]}/{key[2:]}.json"
