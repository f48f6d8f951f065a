"""New files on disk before the rename that shows them, without a flush of each, where the file system allows that.

ext4 allocates the blocks of a new file only when its content is written back, up to half a minute later; a rename of a
directory that is committed before that has names in it and no content, after a power cut (tried: 60 of 60 files empty).
Even when the writing back has begun, the blocks may be turned from reserved to written in a later commit. Once it has
ended, whatever is renamed from then on comes later in the journal, and one `fsync` after the last rename makes all of it
durable (tried: 25 of 25 whole with a commit right behind the rename). Of other file systems nothing is assumed.
"""

from __future__ import annotations

import os

from alcove.files import ops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["order"]

_ORDERED = frozenset(
    (b"ext3", b"ext4", b"tmpfs")
)  # the last one forgets everything, whatever one does


def order(paths: Iterable[str]) -> None:
    """Have the content of the files `paths` (absolute, of one file system) on disk before what is renamed from now on."""
    listed = list(paths)
    if not listed:
        return
    if not _is_ordered(listed[0]):
        for path in listed:
            ops.fsync(path)
        return
    for path in listed:
        ops.begin(path)
    for path in listed:
        ops.settle(path)


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
