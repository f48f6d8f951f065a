"""The entry of the command line: words in, exit code out (0 done, 1 failed, 2 usage, 3 out of date, 126 and 127 for a command, 130 interrupted)."""

from __future__ import annotations

import gc
import os
import sys

from alcove.cli.parse import parse
from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from alcove.cli.parse import Values

__all__ = ["main", "run"]


def main() -> NoReturn:
    """Run the command line of this process and end the process."""
    gc.disable()  # a command ends before a collection would pay
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from alcove.console.streams import open_closed

        open_closed()
    try:
        code = _flushed(run(sys.argv[1:]))
    except KeyboardInterrupt:  # it came while the end of the command was told
        code = 130
    os._exit(
        code
    )  # nothing that is left needs the interpreter's own tidying, which costs milliseconds


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        from alcove.console.streams import flushed

        return flushed(code, broken_pipe=1)
    return code


def run(words: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    try:
        return _run(words)
    except AlcoveError as error:
        tell(error)
        return error.exit_code
    except KeyboardInterrupt as interrupt:
        return _interrupted(interrupt)
    except RuntimeError as error:  # Python 3.11 makes one of what comes while a class is made
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        return _interrupted(error.__cause__)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  whoever read our output has gone
        return 1
    except OSError as error:
        tell(_of_system(error))
        return 1
    except MemoryError as error:
        from alcove import limits

        tell(AlcoveError("there is not enough memory", hint=limits.advice(error)))
        return 1


def _interrupted(interrupt: KeyboardInterrupt) -> int:
    _write(f"interrupted; {str(interrupt) or 'the state before holds'}\n")
    return 130


def tell(error: AlcoveError) -> None:
    """Write an error and its hint to stderr."""
    text = f"error: {error.message}\n"
    if error.hint:
        text += f"\nhint: {error.hint}\n"
    _write(text)


def _write(text: str) -> None:
    from alcove.pasting import tame

    # `console.streams.tell` would be one more module for a usage error.
    for stream, words in ((sys.stdout, ""), (sys.stderr, tame(text))):  # both may be one file
        try:
            stream.write(words)
            stream.flush()
        except OSError:  # nobody can be told; the exit code does
            continue


def _of_system(error: OSError) -> AlcoveError:
    from alcove import settings
    from alcove.environments.layout import advice
    from alcove.files import refusals
    from alcove.files.atomic import meant
    from alcove.pasting import subject

    path = meant(subject(error))
    where = f": {path}" if path else ""
    try:
        hint = settings.read().advice(error) or advice(error)
    except AlcoveError:
        hint = ""
    if not hint and path and error.errno in refusals.DENIED:
        hint = "choose a place in which you may write, or have its owner let you write there"
    hint = hint or "mend the cause and try again; nothing was left half done"
    return AlcoveError(f"{error.strerror or error}{where}", hint=hint)


def _which(values: Values) -> str:
    """Return the words that say which environment the command is for, "" where it is the nearest one."""
    env, name = values.text("env"), values.text("name")
    if not env and not name:
        return ""
    from alcove.pasting import TAKE_ENV, pasted

    if values.verb not in TAKE_ENV:  # `copy -n` names what is to be
        return ""
    return f"--env {pasted(env)}" if env else f"-n {pasted(name)}"


def _run(words: Sequence[str]) -> int:
    values = parse(words)
    if values.verb == "version":
        from alcove import __version__

        sys.stdout.write(f"alcove {__version__}\n")
        return 0
    if values.verb == "help":
        from alcove.cli import help as text
        from alcove.cli.output import put

        put(text.for_verb(values.arguments[0]) if values.arguments else text.for_all())
        return 0
    from alcove.cli.table import module_of

    module = f"alcove.cli.commands.{module_of(values.verb)}_command"
    __import__(module)
    from alcove import settings
    from alcove.console.interrupts import end_on_terminate
    from alcove.console.reporter import reporter_for

    end_on_terminate()
    given = settings.read()
    which = _which(values)
    reporter = reporter_for(
        quiet=values.count("quiet"),
        verbose=values.count("verbose"),
        variables=given.variables,
        which=which,
    )
    try:
        code = sys.modules[module].run(values, given, reporter)
    except AlcoveError as error:
        if which and error.hint:
            from alcove.pasting import addressed

            error.hint = addressed(error.hint, which)
        raise
    finally:
        reporter.close()
    return code if isinstance(code, int) else 0
