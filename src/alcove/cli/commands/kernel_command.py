"""`alcove kernel install|list|remove`."""

from __future__ import annotations

from alcove.actions.where import path_of
from alcove.cli import kernels
from alcove.cli.output import print_json, say
from alcove.errors import UsageError
from alcove.kernels.installing import remove_kernels
from alcove.kernels.listing import list_kernels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]

_FORMS = "alcove kernel install [ENV], alcove kernel list, alcove kernel remove [KERNEL or ENV]"


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make a kernel of an environment, list those that there are, or remove some."""
    what, *more = values.arguments
    env, name = values.text("env"), values.text("name")
    if what == "list" and not more:
        rows = list_kernels(settings)
        if values.flag("json"):
            print_json([one._asdict() for one in rows])
        else:
            kernels.show(rows)
        return 0
    said = " with --env or -n" if more and (env or name) else ""
    if what not in ("install", "remove") or len(more) > 1 or said:
        words = " ".join(values.arguments)
        raise UsageError(f"alcove kernel does not take {words!r}{said}", hint=_FORMS)
    dry = values.flag("dry_run")
    if what == "remove":
        word = more[0] if more else path_of(settings, env=env, name=name)
        found = remove_kernels(word, settings, dry_run=dry, reporter=reporter)
    else:
        path = path_of(settings, env=env, name=name, word="".join(more))
        found = [kernels.installed(path, values, settings, reporter)]
    if values.flag("json"):
        print_json([{"name": one.name, **one._asdict()} for one in found])
    elif not values.count("quiet"):
        done = f"would {what}" if dry else what.removesuffix("e") + "ed"
        for one in found:
            lent = "; ipykernel is lent to it" if one.support and what == "install" else ""
            say(f"{done} the kernel {one.name}, {one.display_name}: {one.directory}{lent}")
    return 0
