"""What arranging a view asks of the disk: the children of a linked directory, and natural placements of parted ones."""

from __future__ import annotations

import os

from alcove.errors import EntryDamaged
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout

__all__ = ["children_of", "restored"]


def children_of(layout: Layout) -> Callable[[str, str], list[tuple[str, bool]]]:
    """Return a function that lists (name, is it a directory) of a directory of a distribution's `lib`, by name."""

    def children(source: str, path: str) -> list[tuple[str, bool]]:
        directory = f"{layout.private}/{source}/lib/{path}"
        try:
            with os.scandir(directory) as found:
                return sorted((child.name, child.is_dir(follow_symlinks=False)) for child in found)
        except FileNotFoundError as error:
            raise EntryDamaged(
                f"{directory} is missing from the store",
                hint=f"alcove repair --env {pasted(layout.root)}",
            ) from error

    return children


def restored(layout: Layout, placements: Sequence[Placement], *, mode: str) -> list[Placement]:
    """Return the placements, those that were parted for another as they would stand alone in the link mode `mode`.

    So a path that went to another distribution comes back when that one goes.
    """
    if all(placement.natural for placement in placements):
        return list(placements)
    from alcove.plans.placements import natural
    from alcove.store import entries
    from alcove.store.layout import Store

    store = Store("", "", layout.private + "/e", "", "")
    return [
        placement
        if placement.natural or placement.record == "seed" or not placement.source.startswith("e/")
        else natural(
            entries.read(store, placement.source[2:]),
            library=layout.library,
            mode=mode,
            requested=placement.requested,
            direct_url=placement.direct_url,
        )
        for placement in placements
    ]
