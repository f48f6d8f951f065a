"""What `pip --help` and `pip help COMMAND` say, made from the table of options."""

from __future__ import annotations

from alcove.pip.options import COMMANDS, GENERAL, LATER, REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.pip.options import Option

__all__ = ["of_command", "of_pip", "usage"]

_WITH_VALUE = {
    "store": "<text>",
    "append": "<text>",
    "integer": "<number>",
    "number": "<seconds>",
    "path": "<path>",
    "paths": "<path>",
    "choice": "<choice>",
    "choices": "<choice>",
    "packages": "<package>",
    "formats": "<names>",
    "setting": "<key=value>",
    "group": "<[path:]group>",
    "pair": "<names>",
    "refresh": "<names>",
    "python": "<version>",
    "moment": "<time>",
}


def usage(program: str, forms: Sequence[str]) -> str:
    r"""Return pip's usage lines, with the blank line before them.

    >>> usage("pip", ("list [options]",))
    '\nUsage:   \n  pip list [options]\n'
    """
    return "\nUsage:   \n" + "".join(f"  {program} {form}\n" for form in forms)


def of_pip(program: str) -> str:
    """Return what `pip --help` writes."""
    summaries = {name: command.summary for name, command in COMMANDS.items()}
    both = {**summaries, **LATER, **REAL, "help": "Show help for commands."}
    commands = "".join(f"  {name:27} {summary}\n" for name, summary in both.items())
    real = ", ".join(sorted(REAL))
    return (
        usage(program, ("<command> [options]",))
        + f"\nCommands:\n{commands}"
        + "\n -V, --version                Show version and exit.\n"
        + f"\nGeneral Options:\n{_options(GENERAL)}"
        + "\nThis pip is a part of its environment and done by alcove. It hands these commands to the"
        + f" real pip:\n  {real}\n"
    )


def of_command(program: str, name: str) -> str:
    """Return what `pip NAME --help` writes; `name` is one of COMMANDS or LATER."""
    from alcove.pip.more_options import command_of

    command = command_of(name)
    own = _options(command.options)
    return (
        usage(program, command.usage)
        + f"\nDescription:\n  {command.summary}\n"
        + (f"\n{name.capitalize()} Options:\n{own}" if own else "")
        + f"\nGeneral Options:\n{_options(GENERAL)}"
    )


def _options(options: Sequence[Option]) -> str:
    lines = []
    for names, kind, _, extra in options:
        short = [name for name in names if not name.startswith("--")]
        long = [name for name in names if name.startswith("--")]
        value = _WITH_VALUE.get(kind, "")
        text = "  " + ", ".join(short[:1] + long[:1]) + (f" {value}" if value else "")
        note = ""
        if kind in {"choice", "choices"}:
            note = "one of: " + ", ".join(extra)
        elif kind == "none":
            note = "accepted; changes nothing here"
        lines.append(f"{text:<36}{note}".rstrip() + "\n")
    return "".join(lines)
