"""`alcove use`."""

from __future__ import annotations

from alcove.actions import projects
from alcove.actions.where import absolute, argument
from alcove.cli.output import print_json, say
from alcove.environments.layout import is_environment, resolved
from alcove.errors import NotAnEnvironment, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Make an environment the project's default, take it out, or list what the project names (the default has a star)."""
    flags = [name for name in ("list", "file", "forget") if values.flag(name)]
    if len(flags) > 1 or (flags and not values.arguments):
        raise UsageError("alcove use takes one of --list, --file, --forget, with ENV")
    if not values.arguments:
        return _tell(values, settings)
    dry = values.flag("dry_run")
    if flags == ["forget"]:
        return _forget(values, settings, dry=dry)
    path = argument(values.arguments[0], settings)
    used = projects.use(path, settings, how=flags[0] if flags else "link", dry_run=dry)
    if values.flag("json"):
        print_json(used._asdict())
    elif not values.count("quiet"):
        say(f"{used.by} {'would name' if dry else 'names'} {used.path}")
    return 0


def _forget(values: Values, settings: Settings, *, dry: bool) -> int:
    found = projects.forget(_meant(values.arguments[0], settings), settings, dry_run=dry)
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    for one in [] if values.count("quiet") else found:
        word, done = ("remove", "removed") if one.removed else ("change", "changed")
        say(f"would {word} {one.path}" if dry else f"{done} {one.path}")
    return 0


def _meant(word: str, settings: Settings) -> str:
    """Return the path of an environment that may be gone."""
    try:
        return argument(word, settings)
    except NotAnEnvironment:
        return absolute(word, settings)


def _tell(values: Values, settings: Settings) -> int:
    found = projects.uses(settings)
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    for one in found:
        gone = "" if is_environment(one.path) else "; there is no environment"
        say(f"{'*' if one.default else ' '} {resolved(one.path)}  ({one.by}{gone})")
    return 0 if found else 1
