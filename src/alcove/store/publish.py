"""Entries that were built aside get their names, once they are durable.

Rule (DESIGN 3): built aside, flushed once, renamed in, their parent flushed. Several are flushed together, which costs the
disk little more than one; of two processes with one wheel the second takes the entry of the first. What is damaged keeps
its name until the one that takes its place is durable.
"""

from __future__ import annotations

import errno
import os
import stat

from alcove.errors import StoreError
from alcove.files import ops, trees
from alcove.files.refusals import DENIED
from alcove.records import NamedTuple
from alcove.store import entries
from alcove.store.layout import directory_names, entry_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from alcove.store.layout import Store
    from alcove.wheels.entry import Entry

__all__ = ["Built", "drop", "let_read", "settle"]

_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EACCES, errno.EPERM}


class Built(NamedTuple):
    """All of an entry, in the directory `aside` (absolute), not durable yet and without its name; the store's lock is held."""

    aside: str
    project: str
    version: str
    entry: Entry
    held: ExitStack


def settle(store: Store, built: Sequence[Built], *, instead: str = "") -> list[Entry]:
    """Make what was built durable, all at once, and give it its place; return the entries in the same order.

    `instead`: the name of the entry whose place the only one that was built takes, whatever stands there. OSError,
    StoreError, after which none of what has no place yet is left.
    """
    try:
        if not (built and ops.syncfs(built[0].aside)):
            for one in built:
                trees.flush(one.aside)
        if instead:
            found = [_replace(store, one, instead) for one in built]
        else:
            found = [_publish(store, one) for one in built]
        ops.fsync(store.entries)
    finally:
        for one in built:
            drop(one.aside)
            one.held.close()
    return found


def _publish(store: Store, built: Built) -> Entry:
    """Give the finished directory its name, or take the entry that another process has made meanwhile."""
    entry = built.entry
    path = ""
    for directory in directory_names(built.project, built.version, entry.sha256):
        path = entry_path(store, directory)
        there = None
        while not _has_name(built.aside, path):
            try:
                there = entries.read(store, directory)
                break
            except StoreError:
                if _has_traded(built.aside, path):
                    break
        if there is None:
            return entry._replace(directory=directory)
        if there.sha256 == entry.sha256:
            return there
    raise StoreError(f"{path} is taken by another wheel", hint="alcove verify --all")


def _replace(store: Store, built: Built, directory: str) -> Entry:
    """Give the finished directory the name `directory`."""
    path = entry_path(store, directory)
    while not (_has_name(built.aside, path) or _has_traded(built.aside, path)):
        continue  # what stood there went between the two
    return built.entry._replace(directory=directory)


def drop(aside: str) -> None:
    """Remove what was built and has no place, or what stood in its place: that may be another user's, and waits for `gc`."""
    try:
        trees.remove_all(aside)
    except OSError as error:
        if error.errno not in DENIED:
            raise


def _has_name(aside: str, path: str) -> bool:
    """Rename the finished directory to `path`; False where something stands there."""
    try:
        ops.rename(aside, path)
    except OSError as error:
        if error.errno not in _TAKEN or not os.path.lexists(path):
            raise
        return False
    return True


def _has_traded(aside: str, path: str) -> bool:
    """Let the finished directory trade names with what stands at `path`; False where nothing does any more.

    In one step where the platform can, since programs read what is damaged only in part.
    """
    try:
        if ops.exchange(aside, path):
            return True
        before = f"{aside}-before"
        ops.rename(path, before)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno != errno.EXDEV:  # overlayfs renames no directory that an image brought
            raise
        trees.remove(path)
        return False
    try:
        ops.rename(aside, path)
    except BaseException:
        ops.rename(before, path)
        raise
    ops.rename(before, aside)
    return True


def let_read(aside: str, store: Store) -> None:
    """Let whoever may read the store read what was built in `aside` (absolute), whatever the umask here.

    Environments of others may show it.
    """
    lacking = os.stat(store.entries).st_mode & ~os.stat(aside).st_mode & 0o055
    if not lacking:
        return
    ops.chmod(aside, stat.S_IMODE(os.stat(aside).st_mode) | lacking)
    for _, one in trees.walk(aside):
        if not one.is_symlink():
            mode = stat.S_IMODE(one.stat().st_mode)
            more = lacking if mode & 0o100 else lacking & 0o044
            ops.chmod(one.path, mode | more)
