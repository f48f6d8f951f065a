"""`alcove bundle`."""

from __future__ import annotations

import os

from alcove.actions.bundle import Targets, bundle
from alcove.cli.output import noun, print_json, say, size
from alcove.cli.requests import request_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Write a bundle, and say what it holds and how it is used."""
    if not (values.arguments or values.many("requirement")):
        raise UsageError(
            "nothing to bundle was named", hint="alcove bundle -o PATH REQUIREMENT, or -r FILE"
        )
    if not values.text("output"):
        raise UsageError("it is not said where to", hint="-o DIRECTORY, or -o NAME.zip")
    targets = Targets(values.text("python"), values.many("python_version"), values.many("platform"))
    path = os.path.abspath(os.path.join(settings.cwd, os.path.expanduser(values.text("output"))))
    request = request_of(values, settings, requirements=values.arguments)
    done = bundle(path, request, settings, targets=targets, reporter=reporter)
    if values.flag("json"):
        print_json({**done._asdict(), "files": [one._asdict() for one in done.files]})
    elif not values.count("quiet"):
        total = sum(one.size for one in done.files)
        for one in done.files:
            say(f" + {one.filename}")
        count = f"{len(done.files)} {noun(len(done.files), 'file')}"
        say(f"wrote {path}: {count}, {size(total)}, for {'; '.join(done.targets)}")
    return 0
