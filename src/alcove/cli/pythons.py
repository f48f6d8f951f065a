"""What `alcove python WHAT` prints, for each WHAT."""

from __future__ import annotations

from alcove.actions import interpreters
from alcove.cli.output import confirmed, noun, print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.pythons import Installed
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["install", "pin", "tell_all", "tell_one", "uninstall"]


def tell_all(
    values: Values, settings: Settings, _reporter: Reporter, requests: Sequence[str]
) -> int:
    """List interpreters: version, implementation, source, machine, path, and what is special."""
    found = interpreters.list_pythons(settings, request="".join(requests))
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    rows = [
        (one.version, one.implementation, one.source, one.machine or "-", one.executable)
        for one in found
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for one, row in zip(found, rows, strict=True):
        count = len(one.environments)
        notes = [
            "free-threaded" if one.free_threaded else "",
            f"in {count} {noun(count, 'environment')}" if count else "",
            one.problem,
        ]
        told = "; ".join(note for note in notes if note)
        cells = "  ".join(map(str.ljust, row, [*widths, 0]))
        say(f"{cells}  ({told})" if told else cells)
    return 0 if found else 1


def tell_one(
    values: Values, settings: Settings, _reporter: Reporter, requests: Sequence[str]
) -> int:
    """Print the path of the interpreter that a request means."""
    found = interpreters.find_python(settings, request="".join(requests))
    if values.flag("json"):
        print_json(found._asdict())
    else:
        say(found.executable)
    return 0


def pin(values: Values, settings: Settings, _reporter: Reporter, requests: Sequence[str]) -> int:
    """Write `.python-version`, or say what it says."""
    from alcove.actions.pins_of_python import pin_python

    dry = values.flag("dry_run") and bool(requests)
    pinned = pin_python(settings, request=requests, dry_run=dry)
    if values.flag("json"):
        executables = [one.executable for one in pinned.interpreters]
        print_json({**pinned._asdict(), "interpreters": executables})
    elif not values.count("quiet"):
        changed = pinned.before and pinned.before != pinned.requests
        was = f" (it was {', '.join(pinned.before)})" if changed else ""
        first = pinned.interpreters[0].executable if pinned.interpreters else "none is here"
        says = "would say" if dry else "says"
        say(f"{pinned.path} {says} {', '.join(pinned.requests)}{was}: {first}")
        if dry:
            say("nothing was changed (--dry-run)")
    return 0


def install(values: Values, settings: Settings, reporter: Reporter, requests: Sequence[str]) -> int:
    """Install interpreters, one after the other."""
    from alcove.actions import pythons
    from alcove.actions.where import absolute

    archive, mirror = values.text("archive"), values.text("mirror")
    if mirror and "://" not in mirror:
        mirror = absolute(mirror, settings)
    origin = pythons.Origin(
        mirror=mirror,
        archive=absolute(archive, settings) if archive else "",
        sha256=values.text("hash"),
        unhashed=values.flag("unhashed"),
    )
    if (archive or origin.sha256) and len(requests) > 1:
        from alcove.errors import UsageError

        raise UsageError("--archive and --hash are for one interpreter", hint="install one by one")
    wanted = requests or (("",) if archive else pythons.wanted_pythons(settings))
    dry_run = values.flag("dry_run")
    done = [
        pythons.install_python(
            settings, request=request, origin=origin, dry_run=dry_run, reporter=reporter
        )
        for request in wanted
    ]
    if values.flag("json"):
        print_json([one._asdict() for one in done])
    elif not values.count("quiet"):
        for one in done:
            _tell_installed(one, dry_run=dry_run)
    return 0


def _tell_installed(one: Installed, *, dry_run: bool) -> None:
    what = f"{one.implementation} {one.version}"
    if not one.new:
        say(f"{what} is there: {one.executable}")
    elif dry_run:
        what = what if one.version else "what is in it"  # an archive is asked when it is unpacked
        say(f"would install {what} from {one.url} into {one.path}")
    else:
        say(f"installed {what}: {one.executable}")


def uninstall(
    values: Values, settings: Settings, _reporter: Reporter, requests: Sequence[str]
) -> int:
    """Remove interpreters that alcove installed; all are looked at before the first goes."""
    from alcove.actions import uninstall_python as action

    gone = []
    for what in [action.removal(settings, request=request) for request in requests]:
        if values.flag("dry_run"):
            say(f"would remove {what.path}")
            continue
        force = values.flag("force")
        if what.environments and not force:
            action.uninstall_python(what)  # which refuses, and says who
        if not confirmed(f"remove {what.path}?", values, without_terminal=False):
            return 1
        action.uninstall_python(what, force=force)
        gone.append(what)
        if not (values.count("quiet") or values.flag("json")):
            say(f"removed {what.path}")
    if values.flag("json"):
        print_json([one._asdict() for one in gone])
    return 0
