"""Whether a file or a directory is as it was, told without reading what is in it.

Rule: two stamps are equal only where nothing was added, removed or written since; a link is followed.
"""

from __future__ import annotations

import os
import stat

from alcove.files.digest import text_digest

__all__ = ["stamp"]


def stamp(path: str) -> str:
    """Return what tells the state of `path` (absolute): of a file itself, of a directory each name in it; "" for nothing."""
    try:
        facts = os.stat(path)
        if not stat.S_ISDIR(facts.st_mode):
            return _of(facts)
        with os.scandir(path) as entries:
            rows = [f"{entry.name} {_of_entry(entry)}" for entry in entries]
    except OSError:
        return ""
    return text_digest(*sorted(rows))


def _of_entry(entry: os.DirEntry[str]) -> str:
    try:
        return _of(entry.stat())
    except OSError:
        return ""


def _of(facts: os.stat_result) -> str:
    return f"{facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"
