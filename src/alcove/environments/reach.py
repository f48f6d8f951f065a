"""Who may reach an environment and its store (DESIGN section 9)."""

from __future__ import annotations

import os

__all__ = ["forbids_programs", "reason_for_private"]


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
