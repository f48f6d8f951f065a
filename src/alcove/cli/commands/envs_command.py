"""`alcove envs`."""

from __future__ import annotations

import os

from alcove.actions.environments import envs
from alcove.cli.output import print_json, say
from alcove.events import Warned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.environments import Facts
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """List the named environments and those that are known; the active one has a star."""
    found = envs(settings)
    if os.path.lexists(settings.named) and not os.path.isdir(settings.named):
        text = f"{settings.named}, where named environments lie, is not a directory"
        reporter.emit(Warned(text, "set WORKON_HOME to one that is"))
    if values.flag("json"):
        print_json([one._asdict() for one in found])
    elif found:
        from alcove.cli.environments_table import lines

        for line in lines(found):
            say(line)
        _hint([one for one in found if one.hint], reporter)
    return 0


def _hint(wrong: list[Facts], reporter: Reporter) -> None:
    """Say once what to do about what the table says is wrong."""
    if len(wrong) == 1:
        reporter.emit(Warned(f"{wrong[0].path}: {wrong[0].health}", wrong[0].hint))
    elif wrong:
        text = f"{len(wrong)} environments are not whole"
        reporter.emit(Warned(text, "alcove info --env PATH says what mends one"))
