"""The user's own programs in an environment's `bin`: real files that no distribution placed, nor alcove.

Rule: where their first lines name the environment's Python, they name the one of the place where they are.
"""

from __future__ import annotations

import os
import stat

from alcove.environments.layout import BIN
from alcove.files import atomic, ops, reading
from alcove.wheels import launchers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.layout import Layout

__all__ = ["bring", "follow"]

_LARGEST = 1 << 20  # bytes: what is larger is no script that somebody wrote


def bring(source: Layout, made: Layout, place: str) -> list[str]:
    """Copy those of `source` whose names are free in `made`, which will lie at `place`; return what was written (absolute)."""
    written = []
    for entry in _real(source):
        target = f"{made.bin}/{entry.name}"
        if os.path.lexists(target):
            continue
        content = _moved(entry, source.root, place)
        if content is None:
            ops.copy(entry.path, target)
        else:
            ops.write(target, content)
            ops.chmod(target, stat.S_IMODE(entry.stat().st_mode))
        written.append(target)
    return written


def follow(layout: Layout, before: str) -> None:
    """Let those that name the place `before` (absolute), where the environment lay, name where it lies."""
    for entry in _real(layout):
        content = _moved(entry, before, layout.root)
        if content is not None:
            mode = stat.S_IMODE(entry.stat().st_mode)
            atomic.replace_file(
                entry.path, content, mode=mode, durable=True, directory=layout.private
            )
            ops.chmod(entry.path, mode)  # whatever the umask took away


def _real(layout: Layout) -> Iterator[os.DirEntry[str]]:
    with os.scandir(layout.bin) as found:
        children = sorted(found, key=lambda entry: entry.name)
    for entry in children:
        if entry.is_file(follow_symlinks=False):
            yield entry


def _moved(entry: os.DirEntry[str], before: str, place: str) -> bytes | None:
    """Return the script as it is to be at `place`; None where nothing in it has to change."""
    if entry.stat().st_size > _LARGEST:
        return None
    try:
        content = reading.content(entry.path)
    except PermissionError:
        return None
    found = launchers.moved(content, f"{before}/{BIN}", f"{place}/{BIN}")
    return found if found != content else None
