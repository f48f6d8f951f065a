"""What was decided of a request: records of what the engine gives."""

from __future__ import annotations

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.actions.candidates import IndexCandidates
    from alcove.actions.origins import Origins
    from alcove.environments.generation import Placement
    from alcove.events import Notice, Warned
    from alcove.requirements.resolution import Resolution
    from alcove.requirements.spec import Asked

__all__ = ["Decided", "Resolved"]


class Decided(NamedTuple):
    """`placements`: all that is wanted, before collisions are looked at. `satisfied`: asked for and there already.

    `pinned`: the same request can lead to nothing else. `resolution`: what was decided, for locks and reports.
    `broken`: sentences for what stays and no longer fits. `unbuilt`: METADATA by normalised name of what a dry run did
    not build or unpack; the placements of these name no entry that is there. `told`: what the user was told of it.
    `seen`: stamps of the places on this disk where anything was looked for, by path. `until`: as `Index.holds_until` says.
    """

    placements: tuple[Placement, ...]
    satisfied: tuple[Asked, ...]
    asked: tuple[Asked, ...]
    pinned: bool
    resolution: Resolution
    broken: tuple[str, ...] = ()
    unbuilt: Mapping[str, bytes] = {}
    told: Sequence[Notice | Warned] = ()
    seen: Mapping[str, str] = {}
    until: float | None = None


class Resolved(NamedTuple):
    """What was decided, and the ways by which the files of it are got."""

    resolution: Resolution
    origins: Origins
    candidates: IndexCandidates
