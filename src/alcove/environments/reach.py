"""Who may reach an environment and its store (DESIGN section 9), and what the file system at its place lets one do."""

from __future__ import annotations

import os

__all__ = ["forbids_programs", "has_no_links", "reason_for_private"]

_MOUNTS = "/proc/self/mountinfo"  # of Linux
_WITHOUT_LINKS = frozenset((b"exfat", b"fuse.exfat", b"fuse.fusefat", b"msdos", b"vfat"))


def reason_for_private(path: str, data: str, home: str) -> str:
    """Return why an environment at `path` (absolute) should not depend on the store in `data` (absolute), or "".

    Others can reach it, and cannot read the store; or the store lies on a device of its own that may go away.
    """
    if os.name == "nt":
        return ""
    if not _open_to_others(data) and _open_to_others(path):
        return f"others can reach {path} but not the store in {data}"
    device = _device(data)
    if not any(_device(other) == device for other in (path, "/", home)):
        return f"the store in {data} lies on a file system of its own, which may go away"
    return ""


def forbids_programs(path: str) -> bool:
    """Tell whether the file system of `path` (absolute, there) lets no program be started that lies on it."""
    if not hasattr(os, "statvfs"):
        return False
    try:
        return bool(os.statvfs(path).f_flag & os.ST_NOEXEC)
    except OSError:
        return False


def has_no_links(path: str) -> bool:
    """Tell whether the file system of `path` (absolute, there) is of a kind that has no symbolic links; to ask writes nothing.

    False where that is not known: one of FUSE on a device (`fuseblk`) may be of any kind.
    """
    try:
        device = os.stat(path).st_dev
        with open(_MOUNTS, "rb") as stream:
            mounts = stream.read().splitlines()
    except OSError:
        return False
    wanted = b"%d:%d" % (os.major(device), os.minor(device))
    for line in mounts:
        place, _, kind = line.partition(b" - ")  # proc(5): optional fields stand before it
        if place.split(b" ", 3)[2:3] == [wanted]:
            return kind.partition(b" ")[0] in _WITHOUT_LINKS
    return False


def _open_to_others(path: str) -> bool:
    """Tell whether others may pass through `path` and all directories above it; what is missing will be made open."""
    here = path
    while True:
        try:
            if not os.stat(here).st_mode & 0o001:
                return False
        except OSError:
            umask = os.umask(0)
            os.umask(umask)
            if umask & 0o001:
                return False
        parent = os.path.dirname(here)
        if parent == here:
            return True
        here = parent


def _device(path: str) -> int:
    while True:
        try:
            return os.stat(path).st_dev
        except OSError:
            parent = os.path.dirname(path)
            if parent == path:
                return -1
            path = parent
