"""`alcove history`."""

from __future__ import annotations

import time

from alcove.actions.history import history
from alcove.actions.where import find
from alcove.cli.output import noun, print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """List the kept states of an environment; the one that is shown has a star."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    states = history(layout, settings, reporter=reporter)
    if values.flag("json"):
        print_json([state._asdict() for state in states])
        return 0
    for state in states:
        star = "*" if state.shown else " "
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(state.time))
        parent = f"after {state.parent}" if state.parent >= 0 else "first"
        say(
            f"{star} {state.number:>4}  {when}  {state.distributions:>4} {noun(state.distributions, 'distribution'):<13}  {parent:<10}  {state.why}"
        )
    return 0
