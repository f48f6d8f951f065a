"""What a candidate demands of others: its Requires-Dist, with markers evaluated for the target."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from alcove.requirements import grammar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Demand", "Environment", "declares"]


class Demand(NamedTuple):
    """One requirement: `text` is what a person reads, `marker` its marker or ""."""

    name: str
    extras: tuple[str, ...]
    specifier: str
    url: str
    marker: str
    text: str


class Environment:
    """The marker environment of the target (PEP 508), with everything that was evaluated remembered."""

    def __init__(self, markers: Mapping[str, str], *, python: str | None = None) -> None:
        self.python = markers["python_full_version"] if python is None else python
        self._markers = {key: value for key, value in markers.items() if key != "extra"}
        self._holds: dict[tuple[str, str], bool] = {}

    def holds(self, marker: str, extra: str = "") -> bool:
        """Tell whether a marker is true, with one extra or none. Raises `grammar.Malformed`."""
        if not marker:
            return True
        known = self._holds.get((marker, extra))
        if known is None:
            parsed = grammar.marker(marker)
            try:
                known = parsed.evaluate({**self._markers, "extra": extra})
            except (ValueError, KeyError, RecursionError) as error:
                message = f"the marker {marker!r} cannot be evaluated: {error}"
                raise grammar.Malformed(message) from error
            self._holds[marker, extra] = known
        return known

    def allows_python(self, specifier: str) -> bool:
        """Tell whether the target's Python satisfies a Requires-Python; one that cannot be read forbids nothing."""
        if not specifier or not self.python:
            return True
        try:
            return grammar.specifier(specifier).contains(self.python, prereleases=True)
        except ValueError:
            return True  # pip, too, ignores an invalid Requires-Python

    def demands(self, requires: Iterable[str], extra: str = "") -> tuple[Demand, ...]:
        """Give what holds of some Requires-Dist; with an extra only what it adds. Raises `grammar.Malformed`."""
        found: list[Demand] = []
        for text in requires:
            only = _only_for(text)
            if only and only != extra:
                continue
            demand = _read(text)
            marker = demand.marker
            if extra:
                # What does not mention an extra is demanded without one already.
                if "extra" in marker and not self.holds(marker) and self.holds(marker, extra):
                    found.append(demand)
            elif self.holds(marker):
                found.append(demand)
        return tuple(found)


def declares(extras: Iterable[str] | None, extra: str) -> bool:
    """Tell whether an extra (a normalised name) is among a Provides-Extra; None, which nobody asked for, may hold any."""
    return extras is None or extra in map(grammar.normalize, extras)


# A marker without `or` that ends in `extra == "x"`: false for every other extra. Most of what metadata lists is of this
# form, and reading it whole is the dearest part of a resolution.
_ONLY = re.compile(r""";(?:(?!\bor\b)[^;#])*?\bextra\s*==\s*(['"])([A-Za-z0-9._-]+)\1\s*$""")


@functools.lru_cache(maxsize=65_536)
def _only_for(text: str) -> str:
    """Give the one extra that a Requires-Dist is for, by its looks; "" where reading it must tell."""
    match = _ONLY.search(text)
    return grammar.normalize(match[2]) if match else ""


@functools.lru_cache(maxsize=65_536)
def _read(text: str) -> Demand:
    """Read one Requires-Dist, once."""
    requirement = grammar.requirement(text)
    extras = tuple(sorted({grammar.normalize(extra) for extra in requirement.extras}))
    name = grammar.normalize(requirement.name)
    specifier, url = str(requirement.specifier), requirement.url or ""
    shown = name + (f"[{','.join(extras)}]" if extras else "") + (f" @ {url}" if url else specifier)
    marker = str(requirement.marker) if requirement.marker else ""
    return Demand(name, extras, specifier, url, marker, shown)
