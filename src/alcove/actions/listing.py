"""`list`, `show`, `freeze`, `diff`: what is installed, read from the environment as it is."""

from __future__ import annotations

import os

from alcove.actions.inventory import take
from alcove.actions.steady import steadily
from alcove.environments.config import read as read_config
from alcove.errors import BrokenEnvironment
from alcove.pasting import pasted
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout

__all__ = ["Difference", "Listed", "diff", "distributions", "listed"]


class Listed(NamedTuple):
    """One installed distribution: `origin` is where it came from if not from an index ("" otherwise)."""

    name: str
    version: str
    requested: bool
    installer: str
    origin: str
    editable: bool


class Difference(NamedTuple):
    """What two environments do not have in common: the same name with both versions, "" where it is missing."""

    name: str
    left: str
    right: str


def distributions(layout: Layout, *, cache: str = "") -> list[Distribution]:
    """Return the installed distributions in the order of their names; `cache`: where they are remembered, or "".

    BrokenEnvironment where there is no directory of them.
    """
    found = take(layout.site_packages, cache=cache).contents.distributions
    if not found and not os.path.isdir(layout.site_packages):
        ours = os.path.isdir(layout.private)
        verb = "repair --env" if ours else "create --clear"
        raise BrokenEnvironment(
            f"{layout.site_packages}, where the distributions lie, is not there",
            hint=f"alcove {verb} {pasted(layout.root)}",
        )
    return sorted(found, key=lambda one: one.normalised)


def listed(layout: Layout, *, with_pip: bool = True, cache: str = "") -> list[Listed]:
    """Return what is installed, in the order of names; `cache`: where it is remembered (absolute), or ""."""
    return steadily(layout, lambda: _listed(layout, with_pip=with_pip, cache=cache))


def _listed(layout: Layout, *, with_pip: bool, cache: str) -> list[Listed]:
    rows = []
    for one in distributions(layout, cache=cache):
        if one.normalised == "pip" and not with_pip:
            continue
        direct = one.direct_url()
        origin = str(direct.get("url", "")) if direct else ""
        rows.append(
            Listed(
                one.name,
                one.version,
                one.requested(),
                one.installer(),
                origin,
                bool(one.editable_location()),
            )
        )
    return rows


def diff(left: Layout, right: Layout) -> tuple[tuple[Difference, ...], tuple[str, str]]:
    """Return what differs in distributions, versions and origins, and the two Python versions.

    The pip of each is left out: it is alcove's, not the user's choice.
    """
    first = {one.name: one for one in listed(left, with_pip=False)}
    second = {one.name: one for one in listed(right, with_pip=False)}
    names = sorted(first.keys() | second.keys(), key=str.lower)
    rows = [
        Difference(name, _spelled(first.get(name)), _spelled(second.get(name)))
        for name in names
        if _spelled(first.get(name)) != _spelled(second.get(name))
    ]
    versions = tuple(
        read_config(f"{one.root}/pyvenv.cfg").get("version", "?") for one in (left, right)
    )
    return tuple(rows), (versions[0], versions[1])


def _spelled(one: Listed | None) -> str:
    if one is None:
        return ""
    if one.editable:
        return f"{one.version} editable {one.origin}"
    return f"{one.version} @ {one.origin}" if one.origin else one.version
