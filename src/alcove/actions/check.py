"""`check`: whether what is installed has what it needs, in a version that fits, for this interpreter."""

from __future__ import annotations

from alcove.actions.faults import KINDS
from alcove.actions.judgement import faults_of
from alcove.actions.needs import lazy_target, take_visible
from alcove.actions.steady import steadily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.faults import Fault
    from alcove.environments.layout import Layout
    from alcove.settings import Settings

__all__ = ["check"]


def check(layout: Layout, settings: Settings) -> list[Fault]:
    """Return what does not fit together in an environment, by kind and name; nothing is asked of the network."""
    target = lazy_target(layout, settings)
    found = steadily(
        layout,
        lambda: faults_of(
            take_visible(layout, settings),
            layout.python,
            markers=lambda: target().markers,
            tags=lambda: frozenset(target().tags),
        ),
    )
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.name, one.text))
