"""`--force-reinstall` of what stands already: the entry is the same one, so what differs from it is put back.

Rule: what was edited in place through a hard link was edited in the store too; that is for `repair`, which gets it anew.
"""

from __future__ import annotations

from alcove.environments import comparing, rendering
from alcove.events import Notice, Warned
from alcove.pasting import pasted
from alcove.plans.plan import normalise
from alcove.transactions import restore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.environments.generation import Placement
    from alcove.transactions.apply import Held

__all__ = ["put_back"]


def put_back(held: Held, names: Iterable[str], wanted: Iterable[Placement]) -> None:
    """Put back what others changed of the shown distributions `names` (normalised) that stay as they are in `wanted`."""
    chosen = set(names)
    sources = {one.source for one in wanted if normalise(one.name) in chosen}
    layout, shown = held.layout, held.shown
    slot = rendering.slot(layout, layout.shown(), mode=shown.mode)
    wrong = [
        (placement, one)
        for placement in shown.placements
        if placement.source in sources
        for one in comparing.differences(slot, placement)
    ]
    if any(one.shared for _, one in wrong):
        held.reporter.emit(
            Warned(
                f"files of the store were edited through {layout.root}",
                f"alcove repair --env {pasted(layout.root)} gets them anew",
            )
        )
        wrong = [(placement, one) for placement, one in wrong if not one.shared]
    if not wrong:
        return
    restore.put_back(layout, shown, wrong)
    held.hidden = None
    held.note("")
    for placement in dict.fromkeys(placement for placement, _ in wrong):
        held.reporter.emit(Notice(f"{placement.name} {placement.version} is as it was placed"))
