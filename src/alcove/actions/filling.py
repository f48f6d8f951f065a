"""A new environment that is made together with what it holds: both, or none."""

from __future__ import annotations

from alcove.actions.held import hold, register
from alcove.actions.install import install
from alcove.environments.create import create as make
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.install import Outcome
    from alcove.actions.request import Request
    from alcove.environments.create import Wanted
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["filled"]


def filled(
    wanted: Wanted,
    request: Request | None,
    settings: Settings,
    *,
    clear: bool,
    pip: bool,
    wheels: Sequence[str],
    reporter: Reporter,
) -> tuple[Layout, Outcome | None]:
    """Make the environment, give a private one what it is seeded with, and install; all is as it was where that fails."""
    outcomes: list[Outcome] = []

    def fill(layout: Layout) -> None:
        register(layout)
        if seeded:
            _seed(layout, wanted, settings, pip=pip, wheels=wheels, reporter=reporter)
        if request is not None:
            outcomes.append(install(layout, request, settings, reporter=reporter))

    seeded = wanted.private and bool(pip or wheels)
    whole_from = int(seeded) + int(request is not None)
    layout = make(wanted, clear=clear, fill=fill, whole_from=whole_from)
    return layout, outcomes[0] if outcomes else None


def _seed(
    layout: Layout,
    wanted: Wanted,
    settings: Settings,
    *,
    pip: bool,
    wheels: Sequence[str],
    reporter: Reporter,
) -> None:
    from alcove.actions.seeding import seeds

    placements = seeds(
        store_at(layout.private),
        wanted.interpreter,
        cache=settings.cache,
        pip=pip,
        wheels=wheels,
        mode=wanted.mode,
        reporter=reporter,
    )
    with hold(layout, settings, reporter) as held:
        held.change(placements, why=wanted.command)
