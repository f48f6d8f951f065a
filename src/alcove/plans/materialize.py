"""What must be private in an environment because of what else is in it, and so is placed as real files. Pure.

Rule (DESIGN 4.2): a distribution into which another one writes is materialised whole where the two are together, and
linked again when the other one goes.

Rule 3 (shared objects that look for libraries of other distributions) asks nothing of an environment: it was applied
when the wheel was unpacked. A file with a NEEDED library that neither its wheel nor a system has, or with a search path
that leads to what its wheel does not have, stands in `rules.files`, below real directories. From there `$ORIGIN/../..`
leads through the environment, whichever of its distributions has the library; and a library that is reached through a
link keeps the path that the linker reached it by. What an entry needs is therefore not read here: environments without
such entries, and those with them, cost the same, nothing.
"""

from __future__ import annotations

from alcove.plans.plan import normalise
from alcove.wheels.known import WRITTEN_BY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.environments.generation import Placement

__all__ = ["materialize"]


def materialize(
    placements: Sequence[Placement], *, written_by: Mapping[str, tuple[str, ...]] = WRITTEN_BY
) -> list[Placement]:
    """Return the placements; those that another one of them writes into have no linked directories.

    `written_by`: who writes into whom, by names as PEP 503 normalises them.
    """
    names = {normalise(placement.name) for placement in placements}
    return [
        _whole(placement)
        if placement.links and not names.isdisjoint(written_by.get(normalise(placement.name), ()))
        else placement
        for placement in placements
    ]


def _whole(placement: Placement) -> Placement:
    return placement._replace(
        links=(),
        trees=placement.trees + placement.links,
        record=placement.record or "materialised",
        natural=False,
    )
