"""`alcove create`."""

from __future__ import annotations

from alcove.actions.create import Options, create, place_of
from alcove.cli.output import tell_created
from alcove.errors import UsageError
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
    dry = values.flag("dry_run")
    made = create(
        path,
        settings,
        options=options,
        request=request,
        dry_run=dry,
        reporter=reporter,
        wait=values.wait,
    )
    if values.text("name") and not dry:
        from alcove.actions.hooks import run_hook

        run_hook("premkvirtualenv", (values.text("name"),), settings, reporter=reporter)
    tell_created(made, values)
    return 0
