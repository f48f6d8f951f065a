"""The command line's table as completion knows it: what each option and argument takes."""

from __future__ import annotations

from alcove.actions.use import SHELLS
from alcove.cli.table import COMMON, every
from alcove.settings import LINK_MODES
from alcove.shells.completion import Command, Option, Table
from alcove.shells.init import SHELLS as TAUGHT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli import grammar

__all__ = ["table"]

_TAKES = {
    "DIR": "directory",
    "ENV": "environment",
    "ENV DIR": "environment",
    "ENV NAME": "environment",
    "FILE": "file",
    "MODE": "|".join(LINK_MODES),
    "PATH": "directory",
    "SHELL": "|".join(SHELLS),
    "COMMAND": "file",
}
_NEW = ("create", "copy")  # their -n names what is not there yet


def table() -> Table:
    """Return all verbs with their options."""
    return Table(
        tuple(_option(option, "") for option in COMMON),
        tuple(_command(verb) for verb in every().values()),
    )


def _command(verb: grammar.Verb) -> Command:
    takes = ""
    if verb.argument:
        takes = "|".join(verb.argument.words) or _TAKES.get(verb.argument.name, "")
    if verb.name == "shell-init":
        takes = "|".join(TAUGHT)
    return Command(
        verb.name,
        verb.summary,
        tuple(_option(option, verb.name) for option in verb.options),
        takes,
    )


def _option(option: grammar.Option, verb: str) -> Option:
    if option.kind in ("flag", "count"):
        return Option(option.flags, option.help)
    if option.name == "name":
        return Option(option.flags, option.help, "text" if verb in _NEW else "name")
    return Option(option.flags, option.help, _TAKES.get(option.metavar, "text"))
