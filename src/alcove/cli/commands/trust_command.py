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


def run(values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Write down whether an environment may be activated on `cd`."""
    if values.flag("never") and values.flag("forget"):
        raise UsageError("--never and --forget cannot both be", hint="say one of them")
    word = "".join(values.arguments)
    path = path_of(settings, env=values.text("env"), name=values.text("name"), word=word)
    trust = trust_of(settings)
    if values.flag("forget"):
        trust.forget(path)
        said = "the next cd asks again"
    else:
        check(path)
        trust.remember(path, trusted=not values.flag("never"))
        said = (
            "never activated on cd" if values.flag("never") else "activated on cd, until it changes"
        )
    if values.flag("json"):
        print_json({"path": path, "trusted": trust.answer(path)})
    elif not values.count("quiet"):
        say(f"{path}: {said}")
    return 0
