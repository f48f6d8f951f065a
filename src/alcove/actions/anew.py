"""Pages that are asked for again though they are young: of what is to be the newest, and of what nothing meets.

Rule: only the pages that matter, so that all else is as quick as the cache: what is named with `--upgrade`; and where a
resolution fails, what is lacking, if nobody was asked about it. It may have been published since the page was read.
"""

from __future__ import annotations

from alcove.errors import NoSuchDistribution, ResolutionImpossible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from alcove.actions.decided import Resolved
    from alcove.actions.request import Request
    from alcove.index.session import Index
    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Facts

    class Resolver(Protocol):
        """An `Engine`, as far as it matters here."""

        request: Request

        @property
        def index(self) -> Index:
            """The session that `resolve` used."""

        def resolve(
            self,
            asked: Sequence[Asked],
            constraints: Sequence[Asked],
            installed: Mapping[str, tuple[str, Facts]],
        ) -> Resolved:
            """Return the decision; the pages of `request.refresh` are asked for again."""


__all__ = ["resolve"]


def resolve(
    engine: Resolver,
    asked: Sequence[Asked],
    constraints: Sequence[Asked],
    *,
    installed: Mapping[str, tuple[str, Facts]],
) -> Resolved:
    """Return what `Engine.resolve` does, whose errors it raises, by pages that are new where that matters."""
    _refresh(engine, _upgraded(engine.request.upgrade, asked))
    try:
        return engine.resolve(asked, constraints, installed)
    except (NoSuchDistribution, ResolutionImpossible) as error:
        again = _project(error.requirement) & engine.index.unasked()
        if not again:
            raise
        _refresh(engine, again)
    return engine.resolve(asked, constraints, installed)


def _refresh(engine: Resolver, names: set[str]) -> None:
    if names:
        refresh = (*engine.request.refresh, *sorted(names))
        engine.request = engine.request._replace(refresh=refresh)


def _upgraded(upgrade: Sequence[str], asked: Sequence[Asked]) -> set[str]:
    """Return the names (normalised) of what is asked for and to be the newest; `upgrade` as in `Request`."""
    every = "*" in upgrade or "**" in upgrade
    return {one.name for one in asked if one.name and (every or one.name in upgrade)}


def _project(requirement: str) -> set[str]:
    """Return the project of a requirement as an error tells it, normalised, and "" for the pages of many projects."""
    from alcove.requirements import grammar

    try:
        parsed = grammar.requirement(requirement.partition(" (from ")[0])
    except grammar.Malformed:
        return set()
    return {grammar.normalize(parsed.name), ""}
