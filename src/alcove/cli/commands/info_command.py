"""`alcove info`."""

from __future__ import annotations

from alcove.actions.environments import facts
from alcove.actions.where import path_of
from alcove.cli.output import print_json, say, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Tell what an environment is."""
    word = "".join(values.arguments)
    path = path_of(settings, env=values.text("env"), name=values.text("name"), word=word)
    found = facts(path, settings)
    if values.flag("json"):
        print_json(found._asdict())
        return 0
    for key, value in found._asdict().items():
        if key == "hint" and not value:
            continue
        say(f"{key.replace('_', ' '):<14} {_shown(key, value)}")
    return 0


def _shown(key: str, value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key in ("size_own", "size_shared") and isinstance(value, int):
        return size(value)
    if key in ("changed", "used") and isinstance(value, int):
        from time import localtime, strftime

        return strftime("%Y-%m-%d %H:%M", localtime(value)) if value else "unknown"
    return value
