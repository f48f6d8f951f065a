"""`alcove envs`."""

from __future__ import annotations

import os

from alcove.actions.environments import envs
from alcove.cli.output import print_json, say
from alcove.events import Warned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """List the named environments and those that the store knows; the active one has a star."""
    if os.path.lexists(settings.named) and not os.path.isdir(settings.named):
        text = f"{settings.named}, where named environments lie, is not a directory"
        reporter.emit(Warned(text, hint="set WORKON_HOME to one that is"))
    found = envs(settings)
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    width = max((len(one.name or "-") for one in found), default=0)
    for one in found:
        star = "*" if one.active else " "
        health = "" if one.health == "ok" else f"  ({one.health})"
        say(
            f"{star} {one.name or '-':<{width}}  {one.python:<10} {one.distributions:>4}  {one.path}{health}"
        )
    return 0
