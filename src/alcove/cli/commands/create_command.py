"""`alcove create`."""

from __future__ import annotations

from alcove.actions.create import Options, create, place_of
from alcove.cli.output import noun, print_json, say
from alcove.errors import UsageError
from alcove.pasting import pasted
from alcove.settings import LINK_MODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make an environment, and say where it is and how to use it."""
    if values.flag("copies") and values.flag("symlinks"):
        raise UsageError("--copies and --symlinks exclude each other", hint="say one of them")
    path = place_of(settings, directory="".join(values.arguments), name=values.text("name"))
    command = "alcove create" + "".join(f" {word}" for word in values.words)
    options = Options(
        python=values.text("python"),
        prompt=values.text("prompt"),
        clear=values.flag("clear"),
        system_site=values.flag("system_site"),
        copies=values.flag("copies"),
        pip=not values.flag("without_pip"),
        private=True if values.flag("private") else None,
        link_mode=values.choice("link_mode", LINK_MODES),
        command=command,
    )
    request = None
    if any(values.many(name) for name in ("requirement", "constraint", "with", "editable")):
        from alcove.cli.requests import request_of

        request = request_of(values, settings, requirements=values.many("with"))
    made = create(path, settings, options=options, request=request, reporter=reporter)
    if values.text("name"):
        from alcove.actions.hooks import run_hook

        run_hook("premkvirtualenv", (values.text("name"),), settings, reporter=reporter)
    if values.flag("json"):
        print_json(
            {
                "path": made.layout.root,
                "python": made.interpreter.version,
                "executable": made.layout.python,
                "base": made.interpreter.executable,
                "distributions": made.outcome.plan.as_data()["added"] if made.outcome else [],
            }
        )
    elif not values.count("quiet"):
        what = f"{made.interpreter.implementation} {made.interpreter.version}"
        count = len(made.outcome.plan.added) if made.outcome else 0
        with_them = f" with {count} {noun(count, 'distribution')}" if made.outcome else ""
        say(f"created {made.layout.root} ({what}){with_them}")
        say(f"activate it: source {pasted(made.layout.bin + '/activate')}")
    return 0
