"""`tree` and `why`: what needs what, from the top down and from the bottom up."""

from __future__ import annotations

from alcove.actions.needs import lazy_target, needs, visible
from alcove.actions.steady import steadily
from alcove.environments import installed
from alcove.errors import NoSuchDistribution
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.settings import Settings

__all__ = ["Node", "tree", "why"]


class Node(NamedTuple):
    """One distribution and what hangs from it: what it needs (`tree`), or who needs it (`why`).

    `version` is "" where it is not installed; `requirement` is how the one above it asks for it (`why`: how it asks for
    the one above), as written; `requested`: the user named it. `again`: its children were shown before, or lead back.
    """

    name: str
    version: str
    requirement: str
    requested: bool
    again: bool
    children: tuple[Node, ...]


class _Known(NamedTuple):
    distributions: Mapping[str, Distribution]
    markers: Callable[[], Mapping[str, str]]


def tree(layout: Layout, settings: Settings, *, names: Sequence[str] = ()) -> list[Node]:
    """Return what needs what: below `names` (any spelling), or below all that nothing else needs.

    NoSuchDistribution where one of `names` is not installed.
    """
    return steadily(layout, lambda: _tree(layout, settings, names))


def _tree(layout: Layout, settings: Settings, names: Sequence[str]) -> list[Node]:
    known = _known(layout, settings)
    below = _users(known)
    tops = _given(known, layout, names) or [
        name for name in known.distributions if name not in below and name != "pip"
    ]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    found = [_down(known, name, (), "", seen=seen, path=()) for name in tops]
    if not names:  # a ring of which nothing outside needs any
        found.extend(
            _down(known, name, (), "", seen=seen, path=())
            for name in known.distributions
            if name != "pip" and name not in {one for one, _ in seen}
        )
    return found


def why(layout: Layout, settings: Settings, *, names: Sequence[str]) -> list[Node]:
    """Return why `names` (any spelling) are there: who needs them, and who needs those.

    NoSuchDistribution where one of them is not installed.
    """
    return steadily(layout, lambda: _why(layout, settings, names))


def _why(layout: Layout, settings: Settings, names: Sequence[str]) -> list[Node]:
    known = _known(layout, settings)
    seen: set[str] = set()
    users = _users(known)
    return [_up(known, name, "", users=users, seen=seen) for name in _given(known, layout, names)]


def _users(known: _Known) -> dict[str, dict[str, str]]:
    """Return who needs each distribution and how: name -> user -> requirement as written.

    What an extra adds counts where somebody asks for that extra.
    """
    users: dict[str, dict[str, str]] = {}
    pending: list[tuple[str, tuple[str, ...]]] = [(name, ()) for name in known.distributions]
    seen = set(pending)
    while pending:
        name, extras = pending.pop()
        for need in needs(known.distributions[name], known.markers, extras=extras):
            users.setdefault(need.name, {}).setdefault(name, need.text)
            asked = (need.name, need.extras)
            if need.name in known.distributions and asked not in seen:
                seen.add(asked)
                pending.append(asked)
    return users


def _known(layout: Layout, settings: Settings) -> _Known:
    target = lazy_target(layout, settings)
    there = {one.normalised: one for one in visible(layout, settings)}
    return _Known(there, lambda: target().markers)


def _given(known: _Known, layout: Layout, names: Iterable[str]) -> list[str]:
    wanted = [installed.normalise(name) for name in names]
    missing = [name for name in wanted if name not in known.distributions]
    if missing:
        raise NoSuchDistribution(
            f"{', '.join(missing)}: not installed in {layout.root}",
            hint="alcove list shows what is",
        )
    return wanted


def _down(
    known: _Known,
    name: str,
    extras: tuple[str, ...],
    requirement: str,
    *,
    seen: set[tuple[str, tuple[str, ...]]],
    path: tuple[str, ...],
) -> Node:
    one = known.distributions.get(name)
    if one is None:
        return Node(name, "", requirement, requested=False, again=False, children=())
    wanted = needs(one, known.markers, extras=extras)
    again = name in path or bool((name, extras) in seen and wanted)
    seen.add((name, extras))
    children = (
        ()
        if again
        else tuple(
            _down(known, need.name, need.extras, need.text, seen=seen, path=(*path, name))
            for need in wanted
        )
    )
    return Node(one.name, one.version, requirement, one.requested(), again, children)


def _up(
    known: _Known,
    name: str,
    requirement: str,
    *,
    users: Mapping[str, Mapping[str, str]],
    seen: set[str],
) -> Node:
    one = known.distributions[name]
    above = sorted(users.get(name, {}).items())
    again = bool(name in seen and above)
    seen.add(name)
    children = (
        ()
        if again
        else tuple(_up(known, user, text, users=users, seen=seen) for user, text in above)
    )
    return Node(one.name, one.version, requirement, one.requested(), again, children)
