"""What a `Requires-Dist` line names and whether it counts, with `packaging` only where a look is not enough."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["applies", "marker_of", "name_of"]

_IN_NAMES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def name_of(requirement: str) -> str:
    """Return the name that a requirement begins with, as written; "" without one.

    >>> name_of("Foo.Bar[extra]>=1; os_name == 'nt'")
    'Foo.Bar'
    """
    requirement = requirement.lstrip()
    for position, letter in enumerate(requirement):
        if letter not in _IN_NAMES:
            return requirement[:position]
    return requirement


def marker_of(requirement: str) -> str:
    """Return the marker of a requirement, or "". PEP 508: after a URL only a blank lets one begin."""
    head, _, marker = requirement.partition(";")
    if "@" in head:
        marker = requirement.partition(" ;")[2]
    return marker.strip()


def applies(requirement: str, environment: Callable[[], Mapping[str, str]]) -> bool:
    """Tell whether a requirement counts without any extra; `environment`: marker values, asked when needed.

    ValueError for a marker that cannot be read.
    """
    marker = marker_of(requirement)
    if not marker:
        return True
    if " or " not in marker and "extra==" in marker.replace(" ", ""):
        return False  # one clause of a conjunction asks for an extra
    from packaging.markers import Marker  # noqa: PLC0415  rare

    return Marker(marker).evaluate({**environment(), "extra": ""})
