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

_HEAD = 1 << 16  # bytes of metadata that are read at first


def conflicts_after(layout: Layout, names: Collection[str], settings: Settings) -> list[Fault]:
    """Return what does not fit any more after `names` (normalised) changed, as it is installed now.

    What needs none of them is not looked at: whether it fits, did not change.
    """
    there = visible(layout, settings)
    words = [tuple(part.encode() for part in name.split("-")) for name in names]
    looked_at = [one for one in there if _mentions(one, words)]
    needs = {one.normalised: _needs(one) for one in looked_at}
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


def _mentions(distribution: Distribution, words: Collection[tuple[bytes, ...]]) -> bool:
    """Tell whether what was read of the metadata has all the words of one of the names: else it cannot need it."""
    if len(distribution.head) >= _HEAD or not distribution.info.endswith(".dist-info"):
        return True  # the requirements may stand further down, or in another file
    head = distribution.head.lower()
    return any(all(word in head for word in name) for name in words)


def _needs(distribution: Distribution) -> set[str]:
    """Return the names (normalised) that a distribution requires under any circumstances; markers are not looked at."""
    return {normalise(name_of(text)) for text in distribution.requires()}
