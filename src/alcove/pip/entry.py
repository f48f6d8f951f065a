"""Where a process becomes the pip of an environment: what `bin/pip` and `python -m pip` start.

They run `PYTHON FLAGS MAIN PREFIX PROGRAM ARGUMENTS...` (see `seed.Launch`); MAIN calls `start` with the
words after itself. PREFIX is the environment (absolute), PROGRAM how pip was called, for usage lines.
"""

from __future__ import annotations

import os
import sys

from alcove import settings
from alcove.console.interrupts import end_on_terminate
from alcove.console.streams import flushed, open_closed
from alcove.errors import AlcoveError
from alcove.pip.configured import defaults_of
from alcove.pip.main import Process, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn

    from alcove.pip.actions import Actions

__all__ = ["main", "start"]


def main(words: Sequence[str]) -> NoReturn:
    """Run the pip of an environment (PREFIX PROGRAM ARGUMENTS...) and end the process."""
    open_closed()
    try:
        code = _run(words)
    except KeyboardInterrupt:  # it came while the end of the command was told
        code = 1
    os._exit(flushed(code, broken_pipe=120))


def _run(words: Sequence[str]) -> int:
    end_on_terminate()
    try:
        given = settings.read()
    except AlcoveError as error:
        sys.stderr.write(f"ERROR: {error.message}\n")
        return error.exit_code
    prefix = words[0] if words else ""

    def actions(root: str) -> Actions:
        from alcove.pip.wiring import EnvironmentActions  # what only reads needs nothing of it

        return EnvironmentActions(root, given)

    return start(
        words,
        environ=given.variables,
        defaults=lambda command, isolated: defaults_of(
            given.variables, given.home, prefix=prefix, command=command, isolated=isolated
        ),
        actions=actions,
        cache=given.cache,
    )


def start(
    words: Sequence[str],
    *,
    environ: Mapping[str, str],
    defaults: Callable[[str, bool], Mapping[str, Sequence[str]]],
    actions: Callable[[str], Actions],
    cache: str = "",
) -> int:
    """Run the pip of the environment `words[0]` and return its exit code.

    `actions` makes alcove's side for an environment (absolute path); it is called only when needed. `cache`: where
    what was found is remembered (absolute); "" for nowhere.
    """
    if len(words) < 2:
        sys.stderr.write("usage: PREFIX PROGRAM [ARGUMENTS...]\n")
        return 2
    prefix, program, *arguments = words
    process = Process(
        program=program,
        directory=_directory(),
        environ=environ,
        stdout=sys.stdout,
        stderr=sys.stderr,
        ask=_ask,
        execute=_become,
        defaults=defaults,
        actions=lambda: actions(prefix),
        cache=cache,
    )
    return run(arguments, prefix=prefix, process=process)


def _directory() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:  # the user stands in a directory that was removed
        return ""


def _become(line: list[str], environ: dict[str, str]) -> int:
    from alcove.pip.delegate import replace_process

    return replace_process(line, environ)


def _ask(question: str) -> str:
    """Put a question; AlcoveError where nobody is there to answer: a script must not take that for done."""
    try:
        return input(question)
    except (EOFError, RuntimeError) as error:  # RuntimeError: there is no stdin at all
        sys.stdout.write("\n")
        raise AlcoveError(
            f"nobody answered the question: {question.strip()}", hint="-y says yes to it"
        ) from error
