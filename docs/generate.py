"""Write docs/reference/commands.md from the command line's table: `python docs/generate.py [--check]`.

Rule: nothing of the reference is written by hand, so it cannot say what the program does not do; `--check` ends with 3
where the file is not what the table says now.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "src"))

from alcove.cli.help import usage  # noqa: E402  the checkout's alcove, not one that is installed
from alcove.cli.table import COMMON, VERBS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alcove.cli.table import Option, Verb

__all__ = ["TARGET", "main", "reference"]

TARGET = os.path.join(ROOT, "docs", "reference", "commands.md")
HEAD = """# Commands

<!-- Made by docs/generate.py from the command line's table; do not edit. -->

`alcove VERB [OPTIONS] [ARGUMENTS]`. Data goes to stdout, everything else to stderr.
Exit codes: 0 done, 1 failed, 2 usage, 3 out of date, 130 interrupted.

Which environment a verb works on: `--env PATH` or `-n NAME`; else the active one; else the nearest `.venv` from here up to
the project's root. An argument ENV with a separator or a leading dot is a path; else a directory here; else a name.
"""


def reference(verbs: Iterable[Verb]) -> str:
    """Return the reference of `verbs` in Markdown, by their groups in the table's order."""
    groups: dict[str, list[Verb]] = {}
    for verb in verbs:
        groups.setdefault(verb.group, []).append(verb)
    lines = [HEAD]
    for group, members in groups.items():
        lines += [f"## {group}", ""]
        for verb in members:
            lines += section(verb)
    lines += ["## Options of every verb", "", *table(COMMON)]
    return "\n".join(lines) + "\n"


def section(verb: Verb) -> Iterator[str]:
    """Yield the lines on one verb."""
    yield from (f"### {verb.name}", "", f"{verb.summary[0].upper()}{verb.summary[1:]}.", "")
    yield from ("```", usage(verb), "```", "")
    if verb.argument:
        yield from (f"`{verb.argument.name}`: {verb.argument.help}.", "")
    if verb.options:
        yield from (*table(verb.options), "")


def table(options: Iterable[Option]) -> Iterator[str]:
    """Yield the table of some options."""
    yield from ("| option | |", "|---|---|")
    for option in options:
        value = f" {option.metavar}" if option.metavar else ""
        flags = ", ".join(f"`{flag}{value}`" for flag in option.flags)
        more = "; may be repeated" if option.kind == "many" else ""
        yield f"| {flags} | {(option.help + more).replace('|', chr(92) + '|')} |"


def main() -> int:
    """Write the file, or check it; return the exit code."""
    text = reference(VERBS.values())
    if "--check" in sys.argv[1:]:
        with open(TARGET, encoding="utf-8") as stream:
            if stream.read() == text:
                return 0
        print(
            "docs/reference/commands.md is out of date: run python docs/generate.py",
            file=sys.stderr,
        )
        return 3
    with open(TARGET, "w", encoding="utf-8") as stream:
        stream.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
