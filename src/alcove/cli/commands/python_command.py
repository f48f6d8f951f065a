"""`alcove python list|find|pin`."""

from __future__ import annotations

from alcove.actions import interpreters
from alcove.cli.output import print_json, say
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """List, find or pin interpreters."""
    what, *more = values.arguments
    if what not in ("list", "find", "pin") or len(more) > 1 or (what == "pin" and not more):
        raise UsageError(
            f"alcove python does not take {' '.join(values.arguments)!r}",
            hint="alcove python list [REQUEST], alcove python find [REQUEST], alcove python pin REQUEST",
        )
    request = "".join(more)
    if what == "list":
        return _list(values, settings, request)
    if what == "find":
        found = interpreters.find_python(settings, request=request)
        if values.flag("json"):
            print_json(found._asdict())
        else:
            say(found.executable)
        return 0
    pinned = interpreters.pin_python(settings, request=request)
    if values.flag("json"):
        print_json({**pinned._asdict(), "interpreter": pinned.interpreter.executable})
    elif not values.count("quiet"):
        was = f" (it was {pinned.before})" if pinned.before else ""
        say(f"{pinned.path} says {pinned.request}{was}: {pinned.interpreter.executable}")
    return 0


def _list(values: Values, settings: Settings, request: str) -> int:
    found = interpreters.list_pythons(settings, request=request)
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    widths = [max((len(str(one[column])) for one in found), default=0) for column in (1, 2, 3, 5)]
    for one in found:
        cells = [one.version, one.implementation, one.source, one.machine]
        row = "  ".join(map(str.ljust, cells, widths))
        count = len(one.environments)
        used = f"  (in {count} environment{'s' if count > 1 else ''})" if count else ""
        threads = "  free-threaded" if one.free_threaded else ""
        say(f"{row}  {one.executable}{threads}{used}")
    return 0 if found else 1
