"""Ask one interpreter all that alcove needs to know, once, and keep the answer.

Where an answer is kept, nothing is imported but `os`, `sys` and `alcove.files`: this is on the path of every command.
"""

from __future__ import annotations

import os

from alcove.interpreters import real
from alcove.interpreters.kept import Interpreter, kept

__all__ = ["Interpreter", "inspect"]


def inspect(executable: str, *, cache: str, timeout: float = 10.0) -> Interpreter:
    """Return what is known of `executable`, or of the base where it is an environment's python.

    `cache`: alcove's cache directory (absolute); `timeout` in seconds, for one start of the interpreter. Raises
    InterpreterGone where there is no such file, NoSuchInterpreter where it crashes, hangs or is too old.
    """
    path = real.base_of(os.path.abspath(executable))
    found = kept(path, cache=cache)
    if isinstance(found, Interpreter):
        return found
    from alcove.interpreters import ask  # noqa: PLC0415  not needed where an answer is kept

    return ask.ask(path, cache=cache, timeout=timeout)
