"""New files on disk before the rename that shows them, without a flush of each, where the file system allows that.

ext4 allocates the blocks of a new file only when its content is written back, up to half a minute later; a rename of a
directory that is committed before that has names in it and no content, after a power cut (tried: 60 of 60 files empty).
Even when the writing back has begun, the blocks may be turned from reserved to written in a later commit. Once it has
ended, whatever is renamed from then on comes later in the journal, and one `fsync` after the last rename makes all of it
durable (tried: 25 of 25 whole with a commit right behind the rename). Of other file systems nothing is assumed. An ext4
without a journal is taken for one with it: whoever chose that gave up what a flush of each file could not bring back either.
"""

from __future__ import annotations

import os

from alcove.files import ops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Order", "order"]

_ORDERED = frozenset(
    (b"ext3", b"ext4", b"tmpfs")
)  # the last one forgets everything, whatever one does


class Order:
    """New files, of one file system, whose content is to be on disk before what is renamed after `end`."""

    def __init__(self) -> None:
        self._begun: list[str] = []
        self._ordered: bool | None = None

    def begin(self, paths: Iterable[str]) -> None:
        """Have the content of the files `paths` (absolute) written back, without waiting: the earlier, the less to wait for."""
        for path in paths:
            if self._ordered is None:
                self._ordered = _is_ordered(path)
            if self._ordered:
                ops.begin(path)
            self._begun.append(path)

    def end(self) -> None:
        """Wait until the content of all of them is on disk."""
        finish = ops.settle if self._ordered else ops.fsync
        for path in self._begun:
            finish(path)
        self._begun.clear()


def order(paths: Iterable[str]) -> None:
    """Have the content of the files `paths` (absolute, of one file system) on disk before what is renamed from now on."""
    all_of_them = Order()
    all_of_them.begin(paths)
    all_of_them.end()


def _is_ordered(path: str) -> bool:
    """Tell whether the file system's journal keeps a rename behind what was written back before it."""
    if not hasattr(os, "major"):
        return False
    device = os.stat(path).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        name = os.path.basename(os.readlink(f"/sys/dev/block/{number}"))
    except OSError:  # no block device, or no such directory here
        return _is_listed(number)
    # Quicker than the list of all mounts, which has the other kinds.
    return os.path.exists(f"/sys/fs/ext4/{name}") or _is_listed(number)


def _is_listed(number: str) -> bool:
    """Tell whether the mount of the device `number` is of an ordered kind."""
    wanted = f" {number} ".encode()
    try:
        with open("/proc/self/mountinfo", "rb") as stream:
            for line in stream:
                if wanted in line:
                    return line.partition(b" - ")[2].partition(b" ")[0] in _ORDERED
    except OSError:  # no Linux
        return False
    return False
