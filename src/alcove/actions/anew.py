"""A resolution that nothing meets, tried once more: what is lacking may have been published since a page was read.

Rule: only the pages that could have what is lacking are asked for again, and only those that nobody was asked about.
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
    """Return what `Engine.resolve` does, whose errors it raises, by pages that are as new as the failure."""
    try:
        return engine.resolve(asked, constraints, installed)
    except (NoSuchDistribution, ResolutionImpossible) as error:
        again = _project(error.requirement) & engine.index.unasked()
        if not again:
            raise
        engine.request = engine.request._replace(refresh=(*engine.request.refresh, *again))
    return engine.resolve(asked, constraints, installed)


def _project(requirement: str) -> set[str]:
    """Return the project of a requirement as an error tells it, normalised, and "" for the pages of many projects."""
    from alcove.requirements import grammar

    try:
        parsed = grammar.requirement(requirement.partition(" (from ")[0])
    except grammar.Malformed:
        return set()
    return {grammar.normalize(parsed.name), ""}
