"""A new environment that is made together with what it holds: both, or none."""

from __future__ import annotations

from alcove.actions.held import hold, register
from alcove.actions.install import install
from alcove.environments.create import create as make
from alcove.files import trees
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
    layout = make(wanted, clear=clear)
    outcome = None
    try:
        register(layout)
        if wanted.private and pip:
            _give_pip(layout, wanted, settings, reporter)
        if request is not None:
            outcome = install(layout, request, settings, reporter=reporter)
    except BaseException:
        from alcove.actions.environments import delete

        delete(layout.root)
        trees.remove(layout.root)
        raise
    return layout, outcome


def _give_pip(layout: Layout, wanted: Wanted, settings: Settings, reporter: Reporter) -> None:
    from alcove.actions.seeding import seed

    placement = seed(store_at(layout.private), wanted.interpreter, cache=settings.cache)
    with hold(layout, settings, reporter) as held:
        held.change([placement], why=wanted.command)
