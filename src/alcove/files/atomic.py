"""Files and links that are there whole or not at all: written aside, made durable, renamed."""

from __future__ import annotations

import os

from alcove.files import ops

__all__ = ["aside", "fill", "is_aside", "meant", "replace_file", "replace_link"]


def aside(path: str) -> str:
    """Return a name beside `path` (absolute) that nobody else uses: `.NAME.PID-RANDOM.tmp`."""
    head, tail = os.path.split(path)
    return os.path.join(head, f".{tail}.{os.getpid()}-{os.urandom(4).hex()}.tmp")


def is_aside(name: str) -> bool:
    """Tell whether `name` (without directory) is one that `aside` gives; `.notes.tmp` may be anybody's.

    >>> is_aside(".notes.tmp"), is_aside(".x.1234-0a1b2c3d.tmp")
    (False, True)
    """
    stem, _, end = name.rpartition(".")
    process, _, random = stem.rpartition(".")[2].partition("-")
    ours = len(random) == 8 and process.isdecimal() and not random.strip("0123456789abcdef")
    return ours and end == "tmp" and name.startswith(".")


def meant(path: str) -> str:
    """Return what `path` is to become where `aside` gave it that name; `path` itself otherwise.

    >>> meant("/d/.x.y.1234-0a1b2c3d.tmp"), meant("/d/.x.tmp")
    ('/d/x.y', '/d/.x.tmp')
    """
    head, tail = os.path.split(path)
    return os.path.join(head, tail[1:].rsplit(".", 2)[0]) if is_aside(tail) else path


def replace_file(
    path: str, data: bytes, *, mode: int = 0o666, durable: bool = False, directory: str = ""
) -> None:
    """Give the file `path` (absolute) the content `data` by one rename; with `durable`, flushed first.

    `directory` (absolute, of the same file system): where it is written first; the one of `path` otherwise.
    """
    staged = aside(f"{directory}/{os.path.basename(path)}" if directory else path)
    try:
        ops.write(staged, data, mode)
        if durable:
            ops.fsync(staged)
        ops.rename(staged, path)
    except BaseException:  # Ctrl-C too
        _forget(staged)
        raise


_STREAMS = ("/dev/stdout", "/dev/stderr")
_DESCRIPTORS = ("/dev/fd/", "/proc/self/fd/")


def fill(path: str, data: bytes, *, mode: int = 0o666) -> None:
    """Give what a user named as `path` (absolute) the content `data`, through the link that it may be.

    A file by one rename; a device or a pipe (/dev/stdout) stays, and gets the bytes, and so does a file that is open already:
    what others write into it is to stay, too. OSError, for a directory too.
    """
    is_open = path in _STREAMS or path.startswith(_DESCRIPTORS)
    if not is_open and (os.path.isfile(path) or not os.path.exists(path)):
        replace_file(os.path.realpath(path), data, mode=mode)
    else:
        ops.append(path, data)


def replace_link(path: str, target: str, *, directory: str = "") -> None:
    """Make `path` (absolute) a symbolic link that says `target`, by one rename, whatever link or file was there.

    `directory` (absolute, of the same file system): where the link is made first; the one of `path` otherwise.
    """
    staged = aside(f"{directory}/{os.path.basename(path)}" if directory else path)
    try:
        ops.symlink(target, staged)
        ops.rename(staged, path)
    except BaseException:  # Ctrl-C too
        _forget(staged)
        raise


def _forget(staged: str) -> None:
    try:
        ops.unlink(staged)
    except FileNotFoundError:
        return
