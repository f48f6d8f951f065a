"""Whether a file system tells names apart that differ in case only.

Rule: it is asked, not guessed: some systems ignore case in one directory and not in the next.
"""

from __future__ import annotations

import os

__all__ = ["is_ignored"]


def is_ignored(path: str) -> bool:
    """Tell whether the file at `path` (absolute; its name holds a letter) is also found by its name in the other case."""
    folder, name = os.path.split(path)
    try:
        return os.path.samestat(os.lstat(path), os.lstat(os.path.join(folder, name.swapcase())))
    except OSError:
        return False
