"""Read what PEP 440 and PEP 508 spell, each text once.

The parsing is `packaging`'s; here its results are remembered (the same few texts come again thousands of times in one
resolution) and its failures, recursion in hostile text included, become one error type with a position.
"""

from __future__ import annotations

import functools

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

__all__ = [
    "Malformed",
    "Specifier",
    "SpecifierSet",
    "Version",
    "marker",
    "normalize",
    "requirement",
    "specifier",
    "version",
]

_LONGEST = (
    20_000  # characters; real ones stay far below, and a parser that recurses must not be fed more
)


class Malformed(ValueError):
    """A text is not of the form it should have: `reason` in one line, `offset` in characters, -1 where unknown."""

    def __init__(self, reason: str, offset: int = -1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@functools.cache
def normalize(name: str) -> str:
    """Give the name of a project or an extra in the form of PEP 503: `Foo.Bar_baz` -> `foo-bar-baz`."""
    return str(canonicalize_name(name))


@functools.lru_cache(maxsize=65_536)
def version(text: str) -> Version:
    """Read a PEP 440 version; raises `Malformed`."""
    _check_length(text)
    try:
        return Version(text)
    except ValueError as error:
        raise Malformed(f"{text!r} is not a version as PEP 440 spells them") from error


@functools.lru_cache(maxsize=65_536)
def specifier(text: str) -> SpecifierSet:
    """Read a PEP 440 set of specifiers (`>=1,<2`; empty: anything); raises `Malformed`."""
    _check_length(text)
    try:
        return SpecifierSet(text)
    except ValueError as error:
        raise Malformed(_one_line(error), _offset(error)) from error


@functools.lru_cache(maxsize=16_384)
def marker(text: str) -> Marker:
    """Read a PEP 508 environment marker (without the `;`); raises `Malformed`."""
    _check_length(text)
    try:
        return Marker(text)
    except ValueError as error:
        raise Malformed(_one_line(error), _offset(error)) from error
    except RecursionError as error:
        raise Malformed("the marker is nested too deeply") from error


@functools.lru_cache(maxsize=65_536)
def requirement(text: str) -> Requirement:
    """Read a PEP 508 requirement; raises `Malformed`."""
    _check_length(text)
    try:
        return Requirement(text)
    except ValueError as error:
        raise Malformed(_one_line(error), _offset(error)) from error
    except RecursionError as error:
        raise Malformed("the marker is nested too deeply") from error


def _check_length(text: str) -> None:
    """Refuse a text that no person and no build backend writes."""
    if len(text) > _LONGEST:
        raise Malformed(f"it is {len(text)} characters long")


def _one_line(error: ValueError) -> str:
    """Take the sentence of packaging's message; the lines after it draw a pointer below the text."""
    lines = str(error).splitlines()
    return lines[0] if lines else "it cannot be read"


def _offset(error: ValueError) -> int:
    """Find where packaging stopped to read: its tokenizer's error is the cause of the public one."""
    span = getattr(error.__cause__, "span", None)
    return (
        span[1] if isinstance(span, tuple) and len(span) == 2 and isinstance(span[1], int) else -1
    )
