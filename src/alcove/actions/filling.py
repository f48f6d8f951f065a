"""A new environment that is made together with what it holds: both, or none."""

from __future__ import annotations

from alcove.actions.held import hold, register
from alcove.actions.install import install
from alcove.environments.create import create as make
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    reporter: Reporter,
) -> tuple[Layout, Outcome | None]:
    """Make the environment, give a private one its pip, and install; what was made goes again where that fails."""
    outcomes: list[Outcome] = []

    def fill(layout: Layout) -> None:
        register(layout)
        if wanted.private and pip:
            _give_pip(layout, wanted, settings, reporter)
        if request is not None:
            outcomes.append(install(layout, request, settings, reporter=reporter))

    layout = make(wanted, clear=clear, fill=fill)
    return layout, outcomes[0] if outcomes else None


def _give_pip(layout: Layout, wanted: Wanted, settings: Settings, reporter: Reporter) -> None:
    from alcove.actions.seeding import seed

    placement = seed(store_at(layout.private), wanted.interpreter, cache=settings.cache)
    with hold(layout, settings, reporter) as held:
        held.change([placement], why=wanted.command)
