"""The standard streams of a process of ours, as its caller left them: closed ones, and ones that take no more.

Rule: what cannot be printed never hides what was done, and never ends in a traceback.
"""

from __future__ import annotations

import os
import sys

__all__ = ["flushed", "open_closed"]


def open_closed() -> None:
    """Lead streams that the caller closed (`>&-`) to nowhere, as Python's own `print` does."""
    if sys.stdin and sys.stdout and sys.stderr:
        return
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  for good


def flushed(code: int, *, broken_pipe: int) -> int:
    """Bring both streams to their readers and return how the process ends: `code`, if nothing is wrong with them.

    Else `code`, if it tells of a failure, or 1; `broken_pipe` where the reader went away, which is nothing to tell.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or broken_pipe
    except OSError as error:
        code = code or 1
        _tell(f"error: the output could not be written: {error.strerror or error}\n")
    try:
        sys.stderr.flush()
    except OSError:
        code = code or broken_pipe
    return code


def _tell(text: str) -> None:
    try:
        sys.stderr.write(text)
    except OSError:  # both streams lead to the same full place; the exit code tells it
        return
