"""Where a process becomes the pip of an environment: what `bin/pip` and `python -m pip` start.

They run `PYTHON FLAGS MAIN PREFIX PROGRAM ARGUMENTS...` (see `seed.Launch`); MAIN calls `start` with the
words after itself. PREFIX is the environment (absolute), PROGRAM how pip was called, for usage lines.
"""

from __future__ import annotations

import os
import sys

from alcove.pip.main import Process, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alcove.pip.actions import Actions

__all__ = ["start"]


def start(
    words: Sequence[str],
    *,
    environ: Mapping[str, str],
    defaults: Callable[[str, bool], Mapping[str, Sequence[str]]],
    actions: Callable[[str], Actions],
) -> int:
    """Run the pip of the environment `words[0]` and return its exit code.

    `actions` makes alcove's side for an environment (absolute path); it is called only when needed.
    """
    if len(words) < 2:
        sys.stderr.write("usage: PREFIX PROGRAM [ARGUMENTS...]\n")
        return 2
    prefix, program, *arguments = words
    process = Process(
        program=program,
        directory=_directory(prefix),
        environ=environ,
        stdout=sys.stdout,
        stderr=sys.stderr,
        ask=_ask,
        execute=_become,
        defaults=defaults,
        actions=lambda: actions(prefix),
    )
    return run(arguments, prefix=prefix, process=process)


def _directory(prefix: str) -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:  # the user stands in a directory that was removed
        return prefix


def _become(line: list[str], environ: dict[str, str]) -> int:
    from alcove.pip.delegate import replace_process

    return replace_process(line, environ)


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        sys.stdout.write("\n")
        return "n"
