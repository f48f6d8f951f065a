"""What a change broke: installed distributions that need another version of what was changed."""

from __future__ import annotations

from alcove.actions.faults import faults
from alcove.actions.needs import lazy_target, visible
from alcove.environments.installed import normalise
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from alcove.actions.faults import Fault
    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.settings import Settings

__all__ = ["conflicts_after"]


def conflicts_after(layout: Layout, names: Collection[str], settings: Settings) -> list[Fault]:
    """Return what does not fit any more after `names` (normalised) changed, as it is installed now.

    What needs none of them is not looked at: whether it fits, did not change.
    """
    there = visible(layout, settings)
    needs = {one.normalised: _needs(one) for one in there}
    concerned = {name for name, needed in needs.items() if not needed.isdisjoint(names)}
    if not concerned:
        return []
    kept = concerned.union(*(needs[name] for name in concerned))
    target = lazy_target(layout, settings)
    found = faults(
        [one for one in there if one.normalised in kept],
        markers=lambda: target().markers,
        tags=lambda: frozenset(target().tags),
    )
    return [one for one in found if one.name in concerned and one.kind in ("missing", "conflict")]


def _needs(distribution: Distribution) -> set[str]:
    """Return the names (normalised) that a distribution requires under any circumstances; markers are not looked at."""
    return {normalise(name_of(text)) for text in distribution.requires()}
