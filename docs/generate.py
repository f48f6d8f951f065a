"""Write docs/reference/commands.md from the command line's own parser: `python docs/generate.py [--check]`.

Rule: nothing of the reference is written by hand, so it cannot say what the program does not do; `--check` ends with 3
where the file is not what the parser says now.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main", "reference"]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(ROOT, "docs", "reference", "commands.md")
PARSER = ("alcove.cli.table", "parser")  # the module and its function that returns the whole argparse parser
HEAD = "# Commands\n\nMade by `docs/generate.py` from the parser; do not edit.\n"


def main() -> int:
    """Write the file, or check it; return the exit code."""
    sys.path.insert(0, os.path.join(ROOT, "src"))
    module, function = PARSER
    text = reference(getattr(importlib.import_module(module), function)())
    if "--check" in sys.argv[1:]:
        with open(TARGET, encoding="utf-8") as stream:
            same = stream.read() == text
        if not same:
            print("docs/reference/commands.md is out of date: run python docs/generate.py", file=sys.stderr)
        return 0 if same else 3
    with open(TARGET, "w", encoding="utf-8") as stream:
        stream.write(text)
    return 0


def reference(parser: argparse.ArgumentParser) -> str:
    """Return the reference of a parser in Markdown: itself, then each of its verbs in the order of names."""
    sections = [HEAD, *section(parser, level=2)]
    for name, (verb, says) in sorted(verbs(parser).items()):
        sections += [f"\n## {parser.prog} {name}\n", f"\n{sentence(says or verb.description or '')}\n"]
        sections += section(verb, level=3)
    return "".join(sections)


def section(parser: argparse.ArgumentParser, *, level: int) -> Iterator[str]:
    """Yield what one parser takes: its usage, then its groups of arguments and options."""
    if level == 2:
        yield f"\n## {parser.prog}\n\n{sentence(parser.description or '')}\n"
    yield f"\n```\n{usage(parser)}\n```\n"
    for group in parser._action_groups:
        rows = [row(action) for action in group._group_actions if shown(action)]
        if rows:
            title = (group.title or "options").capitalize()
            yield f"\n{'#' * (level + 1)} {title}\n\n| | |\n|---|---|\n" + "\n".join(rows) + "\n"


def verbs(parser: argparse.ArgumentParser) -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """Return the sub-commands of a parser by name, with what is said of each in the list."""
    found = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            says = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, verb in action.choices.items():
                if name in says:  # an alias has no line of its own
                    found[name] = (verb, says[name])
    return found


def shown(action: argparse.Action) -> bool:
    """Tell whether an action stands in the reference: not sub-commands, and not what is hidden from help."""
    return action.help != argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction)


def row(action: argparse.Action) -> str:
    """Return the table's row of one argument or option."""
    words = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    value = " ".join(words) if isinstance(words, tuple) else words
    takes = action.nargs != 0
    names = [f"`{name}{f' {value}' if takes else ''}`" for name in action.option_strings] or [f"`{value}`"]
    says = (action.help or "").replace("%(default)s", str(action.default)).replace("|", "\\|")
    if action.choices and not isinstance(action.choices, dict):
        says += f" (one of {', '.join(map(str, action.choices))})"
    return f"| {', '.join(names)} | {re.sub(r'\\s+', ' ', says)} |"


def usage(parser: argparse.ArgumentParser) -> str:
    """Return the usage in one form, whatever the width of the terminal."""
    text = parser.format_usage().removeprefix("usage: ")
    return re.sub(r"\s+", " ", text).strip()


def sentence(text: str) -> str:
    """Return a text with a capital letter and a full stop."""
    text = re.sub(r"\s+", " ", text).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", ":")) or not text else ".")


if __name__ == "__main__":
    sys.exit(main())
