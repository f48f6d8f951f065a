"""New files made durable by one `fsync` for all of them, where the file system allows that.

ext4 allocates the blocks of a new file only when its content is written back, up to half a minute later; an `fsync` of
another file before that commits its name and not its content, which a power cut then leaves empty (tried: 60 of 60
files). Once the writing back is begun, the next commit covers it (60 of 60 whole), at a tenth of the price of an `fsync`
each. Of other file systems nothing is assumed.
"""

from __future__ import annotations

import os

from alcove.files import ops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["order", "prepare"]

_ORDERED = frozenset(
    (b"ext3", b"ext4", b"tmpfs")
)  # the last one forgets everything, whatever one does


def prepare(paths: Iterable[str]) -> None:
    """Have the content of the files `paths` (absolute, of one file system) durable by the next `fsync` there."""
    _write_back(list(paths))


def order(paths: Iterable[str]) -> None:
    """Have the content of the files `paths` (as above) on disk before whatever is renamed from now on.

    Nothing need be durable when this returns; but no power cut shows the new name of a directory with files in it that
    are empty. ext4 may turn the blocks of a file from reserved to written in a later commit than that of a rename which
    came after the writing back had begun; once that has ended, no more.
    """
    listed = list(paths)
    if _write_back(listed):
        for path in listed:
            ops.settle(path)


def _write_back(paths: list[str]) -> bool:
    """Begin to write files back where that is enough (True), else flush each."""
    begun = bool(paths) and _is_ordered(paths[0])
    make = ops.begin if begun else ops.fsync
    for path in paths:
        make(path)
    return begun


def _is_ordered(path: str) -> bool:
    """Tell whether one commit of the file system's journal covers all that was begun before it."""
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
