"""Dependency groups (PEP 735): what a group holds when all that it includes is put in.

Includes are followed in place and in order, so a group may be long but never loops: a cycle is an error that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from alcove.errors import InvalidRequirement
from alcove.requirements import grammar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["expand"]

_MOST = 20_000  # requirements of one group; includes can double at every step


class _Table(NamedTuple):
    """The groups of a file by normalised name, and the file's name for errors."""

    groups: Mapping[str, tuple[str, object]]  # normalised -> (as written, value)
    origin: str


def expand(table: Mapping[str, object], group: str, *, origin: str) -> tuple[tuple[str, str], ...]:
    """Give the requirements of a group, each with the place that has it: (text, "ORIGIN:dependency-groups.NAME[2]").

    `table`: what `[dependency-groups]` holds, as tomllib reads it. `group`: in any spelling. `origin`: the file.
    Raises `InvalidRequirement`: no such group, two spellings of one name, a cycle, an entry that is neither a string
    nor an include, a string that is no requirement.

    >>> expand({"test": ["pytest", {"include-group": "base"}], "base": ["six"]}, "Test", origin="p")
    (('pytest', 'p:dependency-groups.test[0]'), ('six', 'p:dependency-groups.base[0]'))
    """
    groups: dict[str, tuple[str, object]] = {}
    for name, value in table.items():
        # PEP 735: names are normalised before they are compared, and duplicates after that are an error.
        normal = grammar.normalize(name)
        if normal in groups:
            _refuse(
                f"{origin}: the dependency groups {groups[normal][0]!r} and {name!r} have one name"
            )
        groups[normal] = (name, value)
    found: list[tuple[str, str]] = []
    _collect(_Table(groups, origin), grammar.normalize(group), (), found)
    return tuple(found)


def _collect(
    table: _Table, group: str, above: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    """Append what a group holds; `above`: the chain of includes that led here."""
    name, members = _members(table, group, above)
    for index, member in enumerate(members):
        place = f"{table.origin}:dependency-groups.{name}[{index}]"
        if isinstance(member, str):
            _check(member, place)
            found.append((member, place))
            if len(found) > _MOST:
                _refuse(f"{place}: the group has more than {_MOST} requirements")
            continue
        included = _include(member, place)
        chain = (*above, group)
        if included in chain:
            _refuse(
                f"{place}: the group includes itself: {' -> '.join((*chain[chain.index(included) :], included))}"
            )
        _collect(table, included, chain, found)


def _members(table: _Table, group: str, above: tuple[str, ...]) -> tuple[str, list[object]]:
    """Find a group: its name as written and its list."""
    if group not in table.groups:
        there = ", ".join(sorted(name for name, _ in table.groups.values())) or "none"
        by = f", which {above[-1]!r} includes" if above else ""
        _refuse(
            f"{table.origin}: there is no dependency group {group!r}{by}",
            hint=f"there are: {there}",
        )
    name, members = table.groups[group]
    if not isinstance(members, list):
        _refuse(
            f"{table.origin}:dependency-groups.{name}: a group is a list, this is {type(members).__name__}"
        )
    return name, members


def _include(member: object, place: str) -> str:
    """Read `{include-group = "NAME"}`."""
    # PEP 735: an object has exactly one key, and an unknown object is an error.
    if (
        not isinstance(member, dict)
        or list(member) != ["include-group"]
        or not isinstance(member["include-group"], str)
    ):
        _refuse(
            f"{place}: {member!r} is neither a requirement nor an include",
            hint='write {include-group = "NAME"}',
        )
    return grammar.normalize(member["include-group"])


def _check(text: str, place: str) -> None:
    """Refuse a string that is not of PEP 508 (paths and options are not allowed here)."""
    try:
        grammar.requirement(text)
    except grammar.Malformed as error:
        _refuse(f"{place}: cannot read the requirement {text!r}: {error.reason}")


def _refuse(message: str, *, hint: str | None = None) -> NoReturn:
    """Raise the error."""
    raise InvalidRequirement(message, hint=hint)
