"""What we use of the solver library, and its ranges made of specifiers.

The only module that knows `nab-resolver`: another PubGrub takes its place here.
"""

from __future__ import annotations

import functools
from typing import TypeAlias

from nab_resolver.errors import ResolutionError, ResolutionTerminatedError
from nab_resolver.ranges import Range
from nab_resolver.resolver import BaseProvider, Resolver, Solution
from nab_resolver.types import Incompatibility, IncompatibilityCause, RootRequirement, Term

from alcove.resolve.order import Key, intervals

__all__ = [
    "ANY",
    "Allowed",
    "BaseProvider",
    "Cause",
    "Clause",
    "ResolutionError",
    "ResolutionTerminatedError",
    "Resolver",
    "Root",
    "Solution",
    "Term",
    "allowed",
    "as_range",
    "only",
]

Allowed: TypeAlias = Range[Key]
Clause: TypeAlias = Incompatibility[str, Key]
Cause: TypeAlias = IncompatibilityCause
Root: TypeAlias = RootRequirement[str, Key]
ANY: Allowed = Range.full()


def only(at: Key) -> Allowed:
    """Allow one candidate."""
    return Range.singleton(at)


@functools.lru_cache(maxsize=65_536)
def allowed(specifier: str) -> Allowed:
    """Give the candidates that a specifier allows, from every place. Raises `grammar.Malformed`."""
    found = ANY
    for clause in intervals(specifier):
        either: Allowed = Range.empty()
        for lower, lower_included, upper, upper_included in clause:
            piece = ANY
            if lower is not None:
                piece &= Range.at_least(lower) if lower_included else Range.greater_than(lower)
            if upper is not None:
                piece &= Range.at_most(upper) if upper_included else Range.less_than(upper)
            either |= piece
        found &= either
    return found


def as_range(value: object) -> Allowed:
    """Narrow what the solver hands over: all ranges in it are ours."""
    if not isinstance(value, Range):
        raise TypeError(type(value).__name__)
    return value
