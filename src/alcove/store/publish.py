"""Entries that were built aside get their names, once they are durable.

Rule (DESIGN 3): built aside, flushed once, renamed in, their parent flushed. Several are flushed together, which costs the
disk little more than one; of two processes with one wheel the second takes the entry of the first.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import StoreError
from alcove.files import ops, trees
from alcove.records import NamedTuple
from alcove.store import entries
from alcove.store.layout import ASIDE, directory_name, entry_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from alcove.store.layout import Store
    from alcove.wheels.entry import Entry

__all__ = ["Built", "settle"]

_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EACCES, errno.EPERM}


class Built(NamedTuple):
    """All of an entry, in the directory `aside` (absolute), not durable yet and without its name; the store's lock is held."""

    aside: str
    project: str
    version: str
    entry: Entry
    held: ExitStack


def settle(store: Store, built: Sequence[Built]) -> list[Entry]:
    """Make what was built durable, all at once, and give it its place; return the entries in the same order.

    OSError, StoreError, after which none of what has no place yet is left.
    """
    try:
        if not (built and ops.syncfs(built[0].aside)):
            for one in built:
                trees.flush(one.aside)
        entries = [_publish(store, one) for one in built]
        ops.fsync(store.entries)
    finally:
        for one in built:
            trees.remove(one.aside)
            one.held.close()
    return entries


def _publish(store: Store, built: Built) -> Entry:
    """Give the finished directory its name, or take the entry that another process has made meanwhile."""
    entry = built.entry
    for long in (False, True):
        directory = directory_name(built.project, built.version, entry.sha256, long=long)
        path = entry_path(store, directory)
        while True:
            try:
                ops.rename(built.aside, path)
            except OSError as error:
                if error.errno not in _TAKEN or not os.path.lexists(path):
                    raise
            else:
                return entry._replace(directory=directory)
            try:
                there = entries.read(store, directory)
            except StoreError:
                _push_away(store, path)
                continue
            if there.sha256 == entry.sha256:
                return there
            break
    raise StoreError(f"{path} is taken by another wheel", hint="alcove verify --store")


def _push_away(store: Store, path: str) -> None:
    """Rename what stands in an entry's place and is none, and remove it."""
    rubbish = f"{store.entries}/{ASIDE}{os.getpid()}-{os.urandom(4).hex()}"
    try:
        ops.rename(path, rubbish)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno != errno.EXDEV:  # overlayfs renames no directory that an image brought
            raise
        rubbish = path
    trees.remove(rubbish)
