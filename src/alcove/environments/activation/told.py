"""The prompt that an activation script of ours says, read back: for settings that were lost or that others wrote anew.

Rule: what others write is not taken for ours. Of the scripts read here `python -m venv` writes one and virtualenv two, so
that after either the third still tells.
"""

from __future__ import annotations

import ast
import os
import shlex

from alcove.environments.activation import quoting
from alcove.files import reading

__all__ = ["prompt_told"]


def prompt_told(programs: str) -> str:
    """Return the prompt that the scripts in the directory `programs` (absolute) were written with; "" where none tells it.

    >>> prompt_told("/nowhere")
    ''
    """
    for name, read in (("activate.xsh", _xonsh), ("activate.nu", _nu), ("activate", _posix)):
        try:
            text = os.fsdecode(reading.content(f"{programs}/{name}"))
            found = read(text)
        except (OSError, ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if found:
            return found
    return ""


def _xonsh(text: str) -> str:
    """Return the last argument of the call that activates, which stands alone in its line."""
    lines = text.partition("\n    _virtual_env_activate(\n")[2].partition("\n    )\n")[0]
    value = ast.literal_eval(lines.rpartition("\n")[2].strip().removesuffix(","))
    return value if isinstance(value, str) else ""


def _nu(text: str) -> str:
    literal = text.partition("\nconst virtual_env_prompt = ")[2].partition("\n")[0]
    pieces = [_spelled(piece) for piece in literal[1:-1].split("\\\\")]
    value = "\\".join(pieces)
    return value if quoting.nu(value) == literal else ""


def _spelled(text: str) -> str:
    first, *rest = text.replace('\\"', '"').split("\\u{")
    for piece in rest:
        code, _, more = piece.partition("}")
        first += chr(int(code, 16)) + more
    return first


def _posix(text: str) -> str:
    literal = text.partition("\n_virtual_env_prompt=")[2].partition("\n_virtual_env_backslash=")[0]
    (value,) = shlex.split(literal)
    return value if quoting.posix(value) == literal else ""
