"""`alcove run`."""

from __future__ import annotations

from alcove.actions.moved import settle
from alcove.actions.use import run as prepare
from alcove.actions.where import path_of
from alcove.cli.replace import become

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Run a command in an environment: this process becomes it."""
    path = path_of(settings, env=values.text("env"), name=values.text("name"))
    settle(path, settings)
    return become(prepare(path, values.arguments, settings))
