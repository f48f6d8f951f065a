"""PEP 440's order as plain tuples, and specifiers as intervals of it.

The solver compares versions some hundred thousand times; tuples compare in C. A key is (epoch, release, pre, post, dev,
local, rank): `rank` parts candidates of one version that come from different places (0: an index, above: an address
that somebody named). Reading versions and specifiers is `packaging`'s; only their bounds are spelled out here, and a
property test compares them with `SpecifierSet.contains`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from alcove.requirements import grammar

if TYPE_CHECKING:
    from packaging.specifiers import Specifier
    from packaging.version import Version

__all__ = ["Interval", "Key", "intervals", "is_prerelease", "key"]

Key = tuple[object, ...]

_INFINITE = float("inf")
_PHASES = {"a": 0, "b": 1, "rc": 2}
_DEVELOPMENT = (-1, 0)  # before every alpha of the same release
_FINAL = (3, 0)
_ABOVE_LOCALS = ((2, 0),)  # above every local segment: those begin with 0 (text) or 1 (number)


class Interval(NamedTuple):
    """Keys from `lower` to `upper`; None: without a bound."""

    lower: Key | None
    lower_included: bool
    upper: Key | None
    upper_included: bool


@functools.lru_cache(maxsize=65_536)
def key(version: str, rank: int = 0) -> Key:
    """Give the key of a version that comes from the place `rank`; raises `grammar.Malformed`."""
    return (*_key(grammar.version(version)), rank)


@functools.lru_cache(maxsize=65_536)
def is_prerelease(version: str) -> bool:
    """Tell whether a version is a pre-release or a development release."""
    return grammar.version(version).is_prerelease


def _key(version: Version, *, local: bool = True) -> Key:
    """Give the key of a version without the rank."""
    release = version.release
    while len(release) > 1 and release[-1] == 0:
        release = release[:-1]  # PEP 440: 1.0 and 1 are the same
    if version.pre is not None:
        pre = (_PHASES[version.pre[0]], version.pre[1])
    elif version.post is None and version.dev is not None:
        pre = _DEVELOPMENT
    else:
        pre = _FINAL
    post = -1 if version.post is None else version.post
    dev = _INFINITE if version.dev is None else version.dev
    return (version.epoch, release, pre, post, dev, _local(version) if local else ())


def _local(version: Version) -> tuple[tuple[int, object], ...]:
    """Give the local segment. PEP 440: numbers are above text, and more segments above fewer."""
    if version.local is None:
        return ()
    return tuple(
        (1, int(part)) if part.isdigit() else (0, part) for part in version.local.split(".")
    )


@functools.lru_cache(maxsize=65_536)
def intervals(specifier: str) -> tuple[tuple[Interval, ...], ...]:
    """Give for each clause of a specifier the intervals that it allows; a version must be in one of each.

    Pre-releases are in them wherever PEP 440 places them: whether they may be taken is decided elsewhere.
    `===` gives the version that it spells, or nothing where that is not of PEP 440: no index has such.
    Raises `grammar.Malformed`.
    """
    return tuple(_clause(one) for one in grammar.specifier(specifier))


def _clause(one: Specifier) -> tuple[Interval, ...]:
    """Give the intervals of one clause."""
    operator, text = one.operator, one.version
    if operator == "===":
        return _arbitrary(text)
    if text.endswith(".*"):
        return _prefix(operator, grammar.version(text[:-2]))
    version = grammar.version(text)
    if operator in {"==", "!="}:
        last = _locals_of(version) if version.local else _last(version)
        if operator == "==":
            return (Interval(_first(version), True, last, True),)
        return _outside(_first(version), last)
    if operator == ">=":
        return (Interval(_first(version), True, None, False),)
    if operator == "<=":
        return (Interval(None, False, _last(version), True),)
    if operator == "<":
        return (Interval(None, False, _before(version), False),)
    if operator == ">":
        return (Interval(_after(version), False, None, False),)
    # ~=: at least V, and within the prefix of V without its last number
    return (Interval(_first(version), True, _next_prefix(version, version.release[:-1]), False),)


def _arbitrary(text: str) -> tuple[Interval, ...]:
    """Give the interval of `===TEXT`."""
    try:
        version = grammar.version(text)
    except grammar.Malformed:
        return ()
    return (Interval(_first(version), True, _locals_of(version), True),)


def _first(version: Version) -> Key:
    """Give what nothing of this version is below."""
    return (*_key(version), 0)


def _last(version: Version) -> Key:
    """Give what no local version of this version is above."""
    return (*_key(version, local=False)[:5], _ABOVE_LOCALS)


def _locals_of(version: Version) -> Key:
    """Give what no place's candidate of exactly this version is above."""
    return (*_key(version), _INFINITE)


def _before(version: Version) -> Key:
    """Give what `<V` ends below. PEP 440: pre-releases of V are not earlier, unless V is one itself."""
    if version.is_prerelease:
        return _first(version)
    if version.post is not None:
        return (*_release(version, version.release), _FINAL, version.post, -1)
    return (*_release(version, version.release), _DEVELOPMENT)


def _after(version: Version) -> Key:
    """Give what `>V` begins above. PEP 440: neither local versions nor post-releases of V are later."""
    if version.dev is not None or version.post is not None:
        return _last(version)
    return (*_key(version)[:3], _INFINITE)


def _outside(lower: Key, upper: Key) -> tuple[Interval, ...]:
    """Give what is below `lower` and what is above `upper`."""
    return (Interval(None, False, lower, False), Interval(upper, False, None, False))


def _prefix(operator: str, version: Version) -> tuple[Interval, ...]:
    """Give the intervals of `==V.*` and `!=V.*`."""
    lower = (*_release(version, version.release), _DEVELOPMENT)
    upper = _next_prefix(version, version.release)
    if operator == "==":
        return (Interval(lower, True, upper, False),)
    return (Interval(None, False, lower, False), Interval(upper, True, None, False))


def _next_prefix(version: Version, release: tuple[int, ...]) -> Key:
    """Give the very beginning of the prefix after `release`."""
    return (*_release(version, (*release[:-1], release[-1] + 1)), _DEVELOPMENT)


def _release(version: Version, release: tuple[int, ...]) -> Key:
    """Give the beginning of a key: the epoch and a release without its last zeros."""
    while len(release) > 1 and release[-1] == 0:
        release = release[:-1]
    return (version.epoch, release)
