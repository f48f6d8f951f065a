"""Write docs/reference/commands.md and functions.md from the table and the docstrings: `python docs/generate.py [--check]`.

Rule: nothing of the reference is written by hand, so it cannot say what the program does not do; `--check` ends with 3
where a file is not what these say now.
"""

from __future__ import annotations

import inspect
import os
import sys
from typing import TYPE_CHECKING

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "src"))

import alcove  # noqa: E402  the checkout's alcove, not one that is installed
from alcove.cli.help import usage  # noqa: E402
from alcove.cli.table import COMMON, every  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alcove.cli.table import Option, Verb

__all__ = ["FUNCTIONS", "TARGET", "functions", "main", "reference"]

TARGET = os.path.join(ROOT, "docs", "reference", "commands.md")
FUNCTIONS = os.path.join(ROOT, "docs", "reference", "functions.md")
HEAD = """# Commands

<!-- Made by docs/generate.py from the command line's table; do not edit. -->

`alcove VERB [OPTIONS] [ARGUMENTS]`. Data goes to stdout, everything else to stderr.
Exit codes: 0 done, 1 failed, 2 usage, 3 out of date, 130 interrupted. `run`, `shell` and `temp` end with the code
of what they start; `run` and `temp`, as a shell and `env` do, with 127 where there is no such program and 126 where it is there and
cannot be executed.

`--json` prints the result for programs to read. These have none, for they have no result of their own: what `run` and `shell`
print is the command's, what `activate`, `deactivate` and `cd` print is for a shell to evaluate (`info`, `project` and
`site-packages` tell the same places as JSON), and `virtualenv` prints what virtualenv does.
That of temp is for its dry run alone.
What is found wrong is a result, too, and in the JSON, whatever the exit code. A command that ends with an error has none: stdout
stays empty, and the error is on stderr.

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


def functions() -> str:
    """Return the list of the library's public names in Markdown, with what their docstrings begin with."""
    lines = [
        "# Functions",
        "",
        "<!-- Made by docs/generate.py from the docstrings; do not edit. -->",
        "",
        "All that `alcove` offers as a library; [the library](library.md) shows them at work.",
    ]
    for name, module in sorted(alcove._PUBLIC.items(), key=lambda row: row[0].lower()):  # noqa: SLF001  it is ours
        found = getattr(alcove, name)
        lines += ["", f"## {name}", "", f"From `alcove.{module}`.", ""]
        if inspect.isfunction(found):
            words = str(inspect.signature(found)).replace("'", "")
            lines += ["```", f"{name}{words}", "```", ""]
        lines.append(inspect.getdoc(found) or "")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the files, or check them; return the exit code."""
    code = 0
    for path, text in ((TARGET, reference(every().values())), (FUNCTIONS, functions())):
        if "--check" not in sys.argv[1:]:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
            continue
        with open(path, encoding="utf-8") as stream:
            if stream.read() != text:
                name = os.path.relpath(path, ROOT)
                print(f"{name} is out of date: run python docs/generate.py", file=sys.stderr)
                code = 3
    return code


if __name__ == "__main__":
    sys.exit(main())
