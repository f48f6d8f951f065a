"""`alcove trust`."""

from __future__ import annotations

from alcove.actions.use import check
from alcove.actions.where import path_of
from alcove.cli.output import print_json, say
from alcove.errors import UsageError
from alcove.shells.trust import trust_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


_SAID = {
    None: "the next cd asks again",
    True: "activated on cd, until it changes",
    False: "never activated on cd",
}


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Write down whether an environment may be activated on `cd`."""
    if values.flag("never") and values.flag("forget"):
        raise UsageError("--never and --forget cannot both be", hint="say one of them")
    word = "".join(values.arguments)
    path = path_of(settings, env=values.text("env"), name=values.text("name"), word=word)
    trust = trust_of(settings)
    dry = values.flag("dry_run")
    answer = None if values.flag("forget") else not values.flag("never")
    if answer is None:
        trust.forget(path, dry_run=dry)
    else:
        check(path)
        trust.remember(path, trusted=answer, dry_run=dry)
    if values.flag("json"):
        print_json({"path": path, "trusted": answer})
    elif not values.count("quiet"):
        say(f"{path}: {'this would be: ' if dry else ''}{_SAID[answer]}")
        if dry:
            say("nothing was changed (--dry-run)")
    return 0
