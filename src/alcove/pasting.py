"""A path as it stands in a command that a person copies from a message into a shell.

Rule: no text of ours runs what somebody named a directory.
"""

from __future__ import annotations

import os

__all__ = ["pasted"]

# What stands for itself in every shell.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+,:@%=")


def pasted(path: str) -> str:
    r"""Return `path` as it stands in a command that a person may copy into a shell.

    >>> print(pasted("/home/me/.venv"), pasted("/tmp/it's $(x)"))
    /home/me/.venv '/tmp/it'\''s $(x)'
    """
    if _PLAIN.issuperset(path) and path:
        return path
    if os.name == "nt":  # no path there holds a double quote
        return f'"{path}"' if " " in path else path
    return "'" + path.replace("'", "'\\''") + "'"
