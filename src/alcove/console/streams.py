"""The standard streams of a process of ours, as its caller left them: closed ones, and ones that take no more.

Rules: what cannot be printed never hides what was done, and never ends in a traceback. A descriptor below 3 is a standard
stream and nothing else: where one is free, the next file that is opened gets its number, and what a program started later
prints would end in that file.
"""

from __future__ import annotations

import os
import sys

__all__ = ["flushed", "open_closed", "tell"]


def tell(text: str) -> None:
    """Write `text` to stderr at once: what no encoding can say (a name of any bytes) and what a terminal would obey is escaped.

    What stdout was given comes first, for both may be one file. Where stderr takes nothing (a full disk, a reader that went
    away), nobody can be told, and the exit code has to do; of stdout the last flush tells.
    """
    from alcove.pasting import tame  # noqa: PLC0415  most commands say nothing here

    for stream, words in ((sys.stdout, ""), (sys.stderr, tame(text))):
        try:
            if words:
                stream.write(words)
            stream.flush()
        except OSError:
            continue


def open_closed() -> None:
    """Let each of stdin, stdout and stderr that is closed read nothing and keep nothing; OSError without a null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  as long as we


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
        tell(f"error: the output could not be written: {error.strerror or error}\n")
    try:
        sys.stderr.flush()
    except OSError:
        code = code or broken_pipe
    return code
