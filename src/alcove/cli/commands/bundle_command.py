"""`alcove bundle`."""

from __future__ import annotations

import os

from alcove.actions.bundle import Targets, bundle
from alcove.cli.output import noun, print_json, say, size
from alcove.cli.requests import request_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.bundle import Bundled
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Write a bundle, or say what it would hold."""
    if not (values.arguments or values.many("requirement")):
        raise UsageError(
            "nothing to bundle was named", hint="alcove bundle -o PATH REQUIREMENT, or -r FILE"
        )
    if not values.text("output"):
        raise UsageError("it is not said where to", hint="-o DIRECTORY, or -o NAME.zip")
    targets = Targets(values.text("python"), values.many("python_version"), values.many("platform"))
    path = os.path.abspath(os.path.join(settings.cwd, os.path.expanduser(values.text("output"))))
    request = request_of(values, settings, requirements=values.arguments)
    dry = values.flag("dry_run")
    done = bundle(path, request, settings, targets=targets, dry_run=dry, reporter=reporter)
    if values.flag("json"):
        print_json({**done._asdict(), "files": [one._asdict() for one in done.files]})
    elif not values.count("quiet"):
        _tell(done, dry=dry)
    return 0


def _tell(done: Bundled, *, dry: bool) -> None:
    for one in done.files:
        say(f" + {one.filename or f'{one.name} {one.version} (to be built)'}")
    count = f"{len(done.files)} {noun(len(done.files), 'file')}"
    total = "" if dry else f" {size(sum(one.size for one in done.files))},"
    wrote = "would write" if dry else "wrote"
    say(f"{wrote} {done.path}: {count},{total} for {'; '.join(done.targets)}")
    if dry:
        say("nothing was changed (--dry-run)")
