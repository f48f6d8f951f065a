"""A request to an environment that this user may not change: met by what is there, or refused.

Rule: it is read only. What the request would add is neither fetched nor unpacked.
"""

from __future__ import annotations

from alcove.actions import anew
from alcove.actions.keeping import is_that_commit, kept
from alcove.errors import AlcoveError
from alcove.events import Silent
from alcove.plans.plan import normalise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alcove.actions.engine import Engine
    from alcove.environments.generation import Generation
    from alcove.requirements.resolution import Pinned
    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Facts

__all__ = ["satisfied"]


def satisfied(engine: Engine, shown: Generation) -> tuple[Asked, ...] | None:
    """Return what is asked for and there already, or None where what is `shown` would have to change for it.

    None, too, where that cannot be found out: the environment stays as it is in any case.
    """
    try:
        asked, constraints, locked = engine.read()
        asked = [one for one in asked if not engine.is_ours(one, shown)]
        installed = engine.installed(shown)
        # No index is asked about what is surely not there.
        if not all(_may_be_there(one, installed) for one in asked):
            return None
        decided = anew.resolve(engine, asked, constraints, installed=installed).resolution
    except AlcoveError:
        return None
    there = {normalise(one.name): one for one in shown.placements}
    found = kept(decided, there, force=False, only_dependencies=False, reporter=Silent())
    if any(one.origin.kind != "installed" for one in found.distributions):
        return None
    hashes = {name: (one.version, one.sha256) for name, one in there.items()}
    if any(
        hashes.get(one.name) != (one.version, one.origin.sha256)
        for one in locked
        if not is_that_commit(there.get(one.name), one)
    ):
        return None
    if engine.request.exact and installed.keys() - _names(found.distributions) - _names(locked):
        return None
    return tuple(asked)


def _may_be_there(one: Asked, installed: Mapping[str, tuple[str, Facts]]) -> bool:
    """Tell whether what is `installed` may meet a requirement: one with an address or a marker needs a closer look."""
    if not one.name or one.url or one.marker:
        return True
    found = installed.get(one.name)
    if found is None:
        return False
    from alcove.requirements import grammar

    return not one.specifier or grammar.specifier(one.specifier).contains(
        found[0], prereleases=True
    )


def _names(pins: Iterable[Pinned]) -> set[str]:
    return {one.name for one in pins}
