"""This process becomes another program: the same process id, so signals, stdin and the exit code are the program's own."""

from __future__ import annotations

import os
import sys

from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.actions.use import Start

__all__ = ["become"]


def become(start: Start) -> int:
    """Become `start`; where a process cannot (Windows), wait for it and return its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        import subprocess

        return subprocess.call(start.words, env=dict(start.environ))
    import _signal  # type: ignore[import-not-found]  # `signal` builds its enums first

    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored is inherited
        if hasattr(_signal, name):
            _signal.signal(getattr(_signal, name), _signal.SIG_DFL)
    try:
        os.execve(start.words[0], list(start.words), dict(start.environ))
    except OSError as error:
        raise AlcoveError(
            f"{start.words[0]} could not be started: {error.strerror}",
            hint="look at its first line: the interpreter that it names must be there",
        ) from error
