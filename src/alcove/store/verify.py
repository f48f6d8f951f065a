"""Compares entries with what they were when they were unpacked.

Rule: bytecode in `__pycache__` is expected, and what other tools keep there is tolerated; anything else that was
added, removed or changed is a difference.
"""

from __future__ import annotations

import hashlib
import os
import stat

from alcove.errors import StoreError
from alcove.files import reading, trees
from alcove.records import NamedTuple
from alcove.store import entries
from alcove.store.layout import Store, entry_path, mtime_of
from alcove.store.records import prepared_links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.wheels.entry import FileRecord

__all__ = ["Difference", "damaged", "tripwire"]

_OWN = frozenset(("entry.json", "view.json"))


class Difference(NamedTuple):
    """A path below an entry's directory (with `/`) and its state: "missing", "changed", "added", "unreadable"."""

    path: str
    kind: str


def tripwire(path: str, sha256: str) -> bool:
    """Say whether the directory `path` of the entry of the wheel `sha256` has the time that it was given.

    One `stat`. False: names in it were added, removed or replaced (an import does not do that); look closer.
    """
    try:
        return int(os.stat(path).st_mtime) == mtime_of(sha256)
    except FileNotFoundError:
        return False


def damaged(store: Store, directory: str, *, deep: bool = False) -> list[Difference]:
    """Return how the entry called `directory` differs from its `entry.json`, in the order of paths.

    Sizes and times are compared, and with `deep` the content; an edit in place that keeps both is found by `deep`
    alone. An entry whose `entry.json` cannot be read gives that alone.
    """
    root = entry_path(store, directory)
    try:
        entry, listed, view, _ = entries.complete(store, directory)
    except (StoreError, OSError):
        return [Difference("entry.json", "unreadable")]
    files = {one.path: one for one in listed}
    mtime = mtime_of(entry.sha256)
    found = _view(root, view)
    directories = _directories(files)
    links = prepared_links(entry)
    seen: set[str] = set()
    closed = ""
    try:
        for path, child in trees.walk(root):
            closed = path
            if path in files:
                seen.add(path)
                if _differs(child, files[path], mtime, deep=deep):
                    found.append(Difference(path, "changed"))
            elif path.startswith("links/"):
                found.extend(_wrong_link(path, child, links.get(path[len("links/") :])))
            elif not _is_expected(path, child, directories):
                found.append(Difference(path, "added"))
    except PermissionError as error:  # of what comes after it nothing is known
        where = os.path.relpath(error.filename, root) if error.filename else closed
        return sorted([*found, Difference(where.replace(os.sep, "/"), "unreadable")])
    found.extend(Difference(path, "missing") for path in files if path not in seen)
    found.extend(
        Difference(f"links/{name}", "missing")
        for name in links
        if not os.path.lexists(f"{root}/links/{name}")
    )
    return sorted(found)


def _view(root: str, wanted: bytes) -> list[Difference]:
    """Return how `view.json` differs from what it is to hold, which `entry.json` says."""
    try:
        kind = "" if reading.content(f"{root}/view.json") == wanted else "changed"
    except FileNotFoundError:
        kind = "missing"
    except OSError:
        kind = "unreadable"
    return [Difference("view.json", kind)] if kind else []


def _directories(files: Iterable[str]) -> set[str]:
    """Return the directories that the files of an entry stand in."""
    found = {"", "lib", "dist-info"}
    for path in files:
        parent = path.rpartition("/")[0]
        while parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return found


def _wrong_link(path: str, child: os.DirEntry[str], text: str | None) -> list[Difference]:
    """Return the difference of a link that is prepared for views, which take it as it is; `text`: what it is to say."""
    if text is None:
        return [Difference(path, "added")]
    if child.is_symlink() and os.readlink(child.path) == text:
        return []
    return [Difference(path, "changed")]


def _differs(child: os.DirEntry[str], record: FileRecord, mtime: int, *, deep: bool) -> bool:
    facts = child.stat(follow_symlinks=False)
    if not stat.S_ISREG(facts.st_mode) or facts.st_size != record.size:
        return True
    if int(facts.st_mtime) != mtime:
        return True
    if not deep:
        return False
    with open(reading.opened(child.path), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() != record.sha256


def _is_expected(path: str, child: os.DirEntry[str], directories: set[str]) -> bool:
    if path.partition("/")[0] in _OWN:
        return True  # they are looked at on their own
    parts = path.split("/")
    if path == "links":
        return child.is_dir(follow_symlinks=False)
    if "__pycache__" in parts:
        # Whatever stands in there: .pyc files, numba's and pytest's own; no link that leads elsewhere.
        return not child.is_symlink()
    return path in directories and child.is_dir(follow_symlinks=False)
