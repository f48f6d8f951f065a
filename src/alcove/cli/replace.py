"""Another program in the place of this process, with its id, signals, stdin and exit code; or beside it, waited for."""

from __future__ import annotations

import os
import sys

from alcove.errors import AlcoveError, NotExecutable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.use import Start

__all__ = ["become", "wait_for"]

_STDERR = 2  # the file descriptor


def become(start: Start) -> int:
    """Become `start`; where a process cannot (Windows), wait for it and return its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        return wait_for(start)
    import _signal  # type: ignore[import-not-found]  # `signal` builds its enums first

    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored is inherited
        if hasattr(_signal, name):
            _signal.signal(getattr(_signal, name), _signal.SIG_DFL)
    try:
        os.execve(start.words[0], list(start.words), dict(start.environ))  # noqa: S606
    except OSError as error:
        raise _not_started(start, error) from error


def wait_for(start: Start, *, to_stderr: bool = False) -> int:
    """Run `start` beside this process and return its exit code, 128 and the signal's number where one ended it.

    `to_stderr`: what it prints goes there, for stdout has data of ours. An interrupt from the keyboard reaches the
    program itself, which decides what it means; SIGTERM is handed on.
    """
    import signal
    import subprocess

    sys.stdout.flush()
    sys.stderr.flush()
    try:
        stdout = _STDERR if to_stderr else None
        child = subprocess.Popen(start.words, env=dict(start.environ), stdout=stdout)
    except OSError as error:
        raise _not_started(start, error) from error
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    except KeyboardInterrupt:  # SIGTERM, see `console.interrupts`
        child.terminate()
        code = child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


def _not_started(start: Start, error: OSError) -> AlcoveError:
    said = f"{start.words[0]} could not be started: {error.strerror}"
    if os.path.exists(start.words[0]):
        hint = "look at its first line: the interpreter that it names must be there"
        return NotExecutable(said, hint=hint)
    # `run` has looked whether it is there; a shell is the user's SHELL
    return AlcoveError(said, hint="SHELL must name a program that is there: export SHELL=/bin/sh")
