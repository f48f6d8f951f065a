"""Placing a file or a directory of the store somewhere else: hard link, copy, clone or symbolic link.

Rule: where a link cannot be had (another device, too many links, a forbidden or unknown operation) a copy is made;
nothing else is swallowed.
"""

from __future__ import annotations

import errno
import os

from alcove.files import ops, reading

__all__ = [
    "SMALL",
    "NoLinkError",
    "keep",
    "place_alike",
    "place_file",
    "place_kept",
    "place_link",
    "place_ready",
    "place_tree",
    "relink",
]

SMALL = (
    64 << 10
)  # bytes; real files up to here are copied, so that an edit in place stays in one environment

_NO_LINK = frozenset(
    (
        errno.EXDEV,
        errno.EMLINK,
        errno.EPERM,
        errno.EACCES,
        errno.ENOTSUP,
        errno.EOPNOTSUPP,
        errno.ENOSYS,
    )
)


# Why a link need not be kept: another process was quicker, there is no place for it or none to write to, or no name.
_NOT_KEPT = frozenset(
    (
        errno.EEXIST,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENAMETOOLONG,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
    )
)


class NoLinkError(Exception):
    """A hard link cannot be had here."""


def relink(source: str, target: str, *, copy: bool = True) -> bool:
    """Make `target` a hard link to `source` (a file or a symbolic link), or where that cannot be, a copy of it.

    True where content was written, which is not yet durable. Without `copy` NoLinkError is raised instead of copying.
    """
    try:
        ops.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        if not copy:
            raise NoLinkError from error
        if not os.path.islink(source):
            ops.copy(source, target)
            return True
        ops.symlink(os.readlink(source), target)
    return False


def place_link(text: str, target: str, *, twin: str) -> None:
    """Make `target` a symbolic link that says `text`; `twin`, where it is there and says the same, is hard-linked.

    A hard link to a symbolic link costs a fraction of a new one.
    """
    try:
        same = os.readlink(twin) == text
    except OSError:  # not there, or no link
        same = False
    if same:
        relink(twin, target)
        return
    ops.symlink(text, target)


def place_ready(text: str, target: str, *, ready: str) -> None:
    """Make `target` a hard link to the symbolic link `ready`, which says `text`; where that is not there, a new one."""
    try:
        relink(ready, target)
    except FileNotFoundError:
        ops.symlink(text, target)


def place_kept(text: str, target: str, *, kept: str) -> None:
    """Make `target` a symbolic link that says `text`: a hard link to the one in the directory `kept` (absolute).

    Where that has none yet this one becomes it, if it can; so the next environment has one file less to make.
    """
    ready = f"{kept}/{text.replace('/', '+')}"
    place_link(text, target, twin=ready)
    keep(target, ready)


def place_alike(content: bytes, target: str, *, twin: str) -> bool:
    """Make `target` a file of `content`; `twin` (absolute), where it is there and has the same content, is hard-linked.

    True where content was written, which is not yet durable.
    """
    try:
        same = reading.content(twin, limit=len(content) + 1) == content
    except OSError:  # not there, or no file
        same = False
    if same:
        return relink(twin, target)
    ops.write(target, content)
    return True


def keep(path: str, kept: str) -> None:
    """Have `path` (a file or a symbolic link) under the name `kept`, too, if that is free and can be had."""
    if os.path.lexists(kept):
        return
    try:
        ops.link(path, kept)
    except OSError as error:  # it is only a saving
        if error.errno not in _NO_LINK | _NOT_KEPT:
            raise


def place_file(source: str, target: str, *, mode: str, always_copy: bool = False) -> bool:
    """Place one file: in mode "copy" a copy, in "hardlink" a hard link, in "clone" a clone of the blocks.

    In mode "view", files up to `SMALL` bytes are copied and larger ones hard-linked. True where content was written,
    which is not yet durable.
    """
    if mode == "clone" and _clone(source, target):
        return True
    if (
        always_copy
        or mode in ("copy", "clone")
        or (mode == "view" and os.lstat(source).st_size <= SMALL)
    ):
        ops.copy(source, target)
        return True
    return relink(source, target)


def place_tree(source: str, target: str, *, mode: str, bytecode: bool = True) -> list[str]:
    """Place a directory as real directories and files; in mode "view" as `place_file` says. Bytecode stays behind.

    `bytecode`: with an empty `__pycache__` where the source has one. Returns the paths of the files whose content was written.
    """
    written: list[str] = []
    ops.mkdir(target)
    with os.scandir(source) as found:
        children = list(found)
    for child in children:
        if child.is_dir(follow_symlinks=False):
            below = f"{target}/{child.name}"
            if child.name != "__pycache__":
                written += place_tree(child.path, below, mode=mode, bytecode=bytecode)
            elif bytecode:
                ops.mkdir(below)
        elif place_file(child.path, f"{target}/{child.name}", mode=mode):
            written.append(f"{target}/{child.name}")
    return written


def _clone(source: str, target: str) -> bool:
    """Clone a file's blocks (FICLONE of Linux); False where the file system cannot."""
    try:
        import fcntl  # noqa: PLC0415  only this mode needs it
    except ImportError:
        return False
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with open(reading.opened(source), "rb") as reader:
        facts = os.fstat(reader.fileno())
        writer = os.open(target, flags, facts.st_mode & 0o777)
        try:
            fcntl.ioctl(writer, 0x40049409, reader.fileno())
        except OSError:
            ops.unlink(target)
            return False
        finally:
            os.close(writer)
    ops.utime(target, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    return True
