"""Whole directories: removed, walked, flushed. No symbolic link is ever followed."""

from __future__ import annotations

import errno
import os

from alcove.files import ops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["copy", "flush", "make_directories", "move", "remove", "remove_all", "walk"]


def remove(path: str) -> None:
    """Remove a file, a link or a directory with all it holds; nothing happens where there is none.

    What another process removes meanwhile counts as removed.
    """
    try:
        ops.unlink(path)
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError):  # POSIX lets unlink(directory) fail with EPERM
        if os.path.isdir(path) and not os.path.islink(path):
            _remove_directory(path)
        elif os.path.lexists(path):
            raise


def _remove_directory(path: str) -> None:
    try:
        with os.scandir(path) as children:
            names = [(child.path, child.is_dir(follow_symlinks=False)) for child in children]
    except FileNotFoundError:
        return
    for child, is_directory in names:
        if is_directory:
            remove(child)
        else:
            try:
                ops.unlink(child)
            except FileNotFoundError:
                continue
    try:
        ops.rmdir(path)
    except FileNotFoundError:
        return


def remove_all(root: str) -> None:
    """Remove what is at `root` (absolute), and in it directories of this user that may not be written, too."""
    try:
        remove(root)
    except PermissionError:
        ops.chmod(root, 0o700)
        pending = [root]
        while pending:
            with os.scandir(pending.pop()) as children:
                inner = [child.path for child in children if child.is_dir(follow_symlinks=False)]
            for path in inner:
                ops.chmod(path, 0o700)
            pending.extend(inner)
        remove(root)


def make_directories(path: str, mode: int = 0o777) -> None:
    """Make the directory `path` (absolute) and those above it that are missing."""
    try:
        ops.mkdir(path, mode)
    except FileExistsError:
        if not os.path.isdir(path):
            raise
    except FileNotFoundError:
        make_directories(os.path.dirname(path), mode)
        try:
            ops.mkdir(path, mode)
        except FileExistsError:
            if not os.path.isdir(path):
                raise


def copy(source: str, target: str, *, made: bool = False) -> list[str]:
    """Copy the directory `source` to the new directory `target` (absolute) as it is, with permission bits and times.

    `made`: the target is there already, and empty.
    Return the paths of the files that were written. NotAFile where something is neither a file, a directory nor a link.
    """
    if not made:
        ops.mkdir(target)
    folders, files = [""], []
    for path, entry in walk(source):
        if entry.is_dir(follow_symlinks=False):
            ops.mkdir(f"{target}/{path}")
            folders.append(path)
        elif entry.is_symlink():
            ops.symlink(os.readlink(entry.path), f"{target}/{path}")
        else:
            files.append(f"{target}/{path}")
            ops.copy(entry.path, files[-1])
    for path in reversed(folders):
        facts = os.stat(f"{source}/{path}")
        ops.chmod(f"{target}/{path}", facts.st_mode & 0o7777)
        ops.utime(f"{target}/{path}", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    return files


def move(source: str, target: str) -> None:
    """Give the directory `source` the new path `target` (absolute, of the same file system), in one step where that can be had.

    overlayfs renames no directory that an image brought (EXDEV): all that it holds is copied, then removed.
    """
    try:
        ops.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        try:
            copy(source, target)
        except BaseException:
            remove(target)
            raise
        remove(source)


def walk(root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield (path relative to `root` with `/`, entry) of all below `root`, in the order of names."""
    pending = [("", root)]
    while pending:
        prefix, directory = pending.pop()
        with os.scandir(directory) as children:
            entries = sorted(children, key=lambda child: child.name)
        deeper = []
        for entry in entries:
            relative = prefix + entry.name
            yield relative, entry
            if entry.is_dir(follow_symlinks=False):
                deeper.append((relative + "/", entry.path))
        pending.extend(reversed(deeper))


def flush(root: str) -> None:
    """Make all files and names below `root`, and `root` itself, durable."""
    if ops.syncfs(root):
        return
    for _, entry in walk(root):
        if not entry.is_symlink():
            ops.fsync(entry.path)
    ops.fsync(root)
