"""`alcove show`."""

from __future__ import annotations

from alcove.actions.show import show
from alcove.actions.where import find
from alcove.cli.output import print_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.show import Shown
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]

_QUIET = ("files", "classifiers", "entry_points", "project_urls", "metadata_version")


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Tell of installed distributions."""
    layout = find(settings, env=values.text("env"), name=values.text("name"))
    found = show(layout, values.arguments, settings, reporter=reporter)
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    for number, one in enumerate(found):
        if number:
            say("")
        _tell(one, files=values.flag("files"), more=values.count("verbose") > 0)
    return 0


def _tell(one: Shown, *, files: bool, more: bool) -> None:
    for key, value in one._asdict().items():
        if value in ("", ()) or (key in _QUIET and not (more and key != "files")):
            continue
        say(f"{key.replace('_', ' ')}:{_text(key, value)}")
    if files:
        say("files:" if one.files is not None else "files: unknown, there is no RECORD")
        for path in one.files or ():
            say(f"  {path}")


def _text(key: str, value: object) -> str:
    if isinstance(value, tuple):
        if key.startswith("require"):
            return " " + ", ".join(value)
        return "".join(f"\n  {one}" for one in value)
    if value is None:
        return " somebody whose requirements cannot be read"
    return {True: " yes", False: " no"}[value] if isinstance(value, bool) else f" {value}"
