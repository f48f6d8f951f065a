"""`--help`, out of the table."""

from __future__ import annotations

from alcove.cli.table import COMMON, every, verb_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.table import Option, Verb

__all__ = ["for_all", "for_verb"]

_WIDTH = 34  # columns


def for_all() -> str:
    """Return what `alcove --help` prints."""
    lines = [
        "usage: alcove VERB [OPTIONS] [ARGUMENTS]",
        "",
        "A virtual environment is a view, not a copy.",
    ]
    groups: dict[str, list[Verb]] = {}
    for verb in every().values():
        groups.setdefault(verb.group, []).append(verb)
    for group, verbs in groups.items():
        lines += ["", f"{group}:"]
        lines += [f"  {verb.name:<12} {verb.summary}" for verb in verbs]
    lines += ["", "alcove VERB --help tells of one; alcove --version prints the version."]
    return "\n".join(lines) + "\n"


def for_verb(name: str) -> str:
    """Return what `alcove NAME --help` prints; UsageError where there is no such verb."""
    verb = verb_of(name)
    if verb is None:
        raise UsageError(f"there is no command {name!r}", hint="alcove --help")
    lines = [f"usage: {usage(verb)}", "", f"{verb.summary[0].upper()}{verb.summary[1:]}."]
    if verb.argument:
        lines += ["", f"  {verb.argument.name:<{_WIDTH}} {verb.argument.help}"]
    lines += ["", "options:", *(_option(option) for option in (*verb.options, *COMMON))]
    return "\n".join(lines) + "\n"


def usage(verb: Verb) -> str:
    """Return the form of a verb in one line."""
    argument = verb.argument
    if argument is None:
        tail = ""
    else:
        forms = {
            "1": "{}",
            "2": "{0} {0}",
            "?": "[{}]",
            "*": "[{}...]",
            "+": "{}...",
            "rest": "[--] {}...",
            "all": "{}...",
        }
        # Two arguments of two kinds are named one by one.
        form = "{}" if argument.arity == "2" and " " in argument.name else forms[argument.arity]
        tail = " " + form.format(argument.name)
    options = "" if argument is not None and argument.arity == "all" else " [OPTIONS]"
    return f"alcove {verb.name}{options}{tail}"


def _option(option: Option) -> str:
    flags = ", ".join(option.flags) + (f" {option.metavar}" if option.metavar else "")
    if len(flags) > _WIDTH:
        return f"  {flags}\n  {'':<{_WIDTH}} {option.help}"
    return f"  {flags:<{_WIDTH}} {option.help}"
