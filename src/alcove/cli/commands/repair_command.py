"""`alcove repair`."""

from __future__ import annotations

from alcove.actions.repair import repair
from alcove.actions.where import path_of
from alcove.cli.commands.verify_command import tell
from alcove.cli.output import print_json, say
from alcove.cli.requests import sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Put right what is wrong with an environment: 0, or 1 where something is left."""
    dry = values.flag("dry_run")
    path = path_of(settings, env=values.text("env"), name=values.text("name"))
    found = repair(
        path,
        settings,
        sources=sources_of(values),
        offline=values.flag("offline"),
        dry_run=dry,
        reporter=reporter,
        wait=values.wait,
    )
    code = 1 if found.left or found.reasons else 0
    if values.flag("json"):
        left = [one.as_data() for one in found.left]
        print_json({"path": found.path, "done": found.done, "left": left, "reasons": found.reasons})
        return code
    if not values.count("quiet"):
        if dry and found.done:
            say("this would be said when it is done:")
        for text in found.done:
            say(text)
        if not found.done and not code:
            say(f"{found.path} is as it was placed")
    for text in found.reasons:
        say(f"not repaired: {text}")
    for one in found.left:
        tell(one)
    if dry and found.done and not values.count("quiet"):
        say("nothing was changed (--dry-run)")
    return code
