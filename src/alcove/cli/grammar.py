"""The words in which the command line is described: options, arguments, verbs."""

from __future__ import annotations

from alcove.records import NamedTuple

__all__ = ["Argument", "Option", "Verb", "flag", "many", "value"]


class Option(NamedTuple):
    """One option: its `flags`, the `name` of its value, its kind ("flag", "value", "many", "count") and its help."""

    flags: tuple[str, ...]
    name: str
    kind: str
    metavar: str
    help: str


class Argument(NamedTuple):
    """The positional arguments: `arity` is "1", "2", "?", "*", "+", "rest" (all that follows, options too) or "all".

    "all" is for a verb that reads all of its words itself, `--help` among them. `words`: what the first may be, where it
    is one of a few.
    """

    name: str
    arity: str
    help: str
    words: tuple[str, ...] = ()


class Verb(NamedTuple):
    """One verb: `group` is its heading in `--help`; `module` is the command below `alcove.cli.commands`."""

    name: str
    group: str
    summary: str
    argument: Argument | None
    options: tuple[Option, ...]
    module: str


def flag(flags: str, name: str, text: str) -> Option:
    """Return an option that is said or not; `flags` as they are typed, between blanks."""
    return Option(tuple(flags.split()), name, "flag", "", text)


def value(flags: str, name: str, metavar: str, text: str) -> Option:
    """Return an option that takes one value; `flags` as they are typed, between blanks."""
    return Option(tuple(flags.split()), name, "value", metavar, text)


def many(flags: str, name: str, metavar: str, text: str) -> Option:
    """Return an option that may be repeated; `flags` as they are typed, between blanks."""
    return Option(tuple(flags.split()), name, "many", metavar, text)
