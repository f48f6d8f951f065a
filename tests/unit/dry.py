"""What a dry run is held against: all that a directory holds and says of itself, and a disk that takes no change."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from alcove.files import ops

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["held_against", "read_only", "untouched", "whole"]


def whole(root: str) -> dict[str, tuple[object, ...]]:
    """Return path -> inode, mode, links, times and content of all below `root` (absolute), itself too; links are not followed.

    With the time of the inode's last change nothing that was done and taken back goes unseen.
    """
    found: dict[str, tuple[object, ...]] = {}
    paths = [root]
    for folder, names, files in os.walk(root):
        paths += [os.path.join(folder, name) for name in (*names, *files)]
    for path in paths:
        facts = os.lstat(path)
        content: object = None
        if stat.S_ISLNK(facts.st_mode):
            content = os.readlink(path)
        elif stat.S_ISREG(facts.st_mode):
            with open(path, "rb") as stream:
                content = stream.read()
        times = facts.st_mtime_ns, facts.st_ctime_ns
        found[path] = (facts.st_ino, facts.st_mode, facts.st_nlink, times, content)
    return found


@contextmanager
def read_only() -> Iterator[None]:
    """Let every operation that would change the disk fail, as on a file system that is mounted read-only."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with pytest.MonkeyPatch.context() as patch:
        for name in ops.__all__:
            if callable(getattr(ops, name)):
                patch.setattr(ops, name, refuse)
        yield


@contextmanager
def untouched(root: str) -> Iterator[None]:
    """Expect that all below `root` (absolute) is exactly what it was, and that nothing was tried that would change a disk."""
    before = whole(root)
    with read_only():
        yield
    assert whole(root) == before


def held_against(dry: tuple[list[str], bool], done: list[str]) -> None:
    """Expect that what was done was told before: only places that are known afterwards may be missing from it."""
    told, is_all = dry
    rest = [text for text in done if not text.startswith("what stood in the way is kept as ")]
    for text in told:
        assert rest, f"told and not done: {text}"
        if is_all:
            assert rest[0].startswith(text)
        rest = rest[next(at for at, one in enumerate(rest) if one.startswith(text)) + 1 :]
    assert not (is_all and rest)
