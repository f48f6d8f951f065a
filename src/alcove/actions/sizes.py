"""How much disk an environment takes: what it shares by the store, and what is its own. Counted once, and remembered.

Rule: what is remembered is in the cache and may go at any time; a size counts for as long as what it was taken of has not
changed. Of an entry only its bytecode changes, which is not counted; an environment is known by its generation and the times of its directories.
"""

from __future__ import annotations

import os

from alcove.files import atomic, data, trees
from alcove.store.layout import entry_path, store_at
from alcove.store.sizes import measure, taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Sizes"]


class Sizes:
    """The sizes remembered below `cache` (absolute); `keep` remembers what was counted since."""

    def __init__(self, cache: str) -> None:
        self._file = os.path.join(cache, "sizes-v2.json")
        self._changed = False
        try:
            found = data.read(self._file)
            self._entries: dict[str, int] = dict(found["entries"])
            self._own: dict[str, list[object]] = dict(found["own"])
        except (OSError, data.DataError, LookupError, TypeError, ValueError):
            self._entries, self._own = {}, {}

    def of_entries(self, root: str, directories: Iterable[str]) -> int:
        """Return the bytes on disk of entries in the store at `root` (absolute), without bytecode; missing ones are 0."""
        total = 0
        for directory in directories:
            size = self._entries.get(directory)
            if not isinstance(size, int):
                try:
                    found = measure(entry_path(store_at(root), directory))
                except OSError:
                    continue
                size = self._entries[directory] = found.size - found.bytecode
                self._changed = True
            total += size
        return total

    def own(self, path: str, stamp: str) -> int:
        """Return the bytes on disk below `path` (absolute) that no hard link shares; `stamp` says when to count again."""
        known = self._own.get(path)
        if isinstance(known, list) and len(known) == 2 and known[0] == stamp:
            size = known[1]
            if isinstance(size, int):
                return size
        size = _taken(path)
        self._own[path] = [stamp, size]
        self._changed = True
        return size

    def keep(self) -> None:
        """Write what was counted; a cache that cannot be written is no error, only slower."""
        if not self._changed:
            return
        there = {path: known for path, known in self._own.items() if os.path.lexists(path)}
        try:
            trees.make_directories(os.path.dirname(self._file))
            atomic.replace_file(self._file, data.dumps({"entries": self._entries, "own": there}))
        except OSError:
            return


def _taken(path: str) -> int:
    total = 0
    pending = [path]
    while pending:
        try:
            with os.scandir(pending.pop()) as children:
                for child in children:
                    facts = child.stat(follow_symlinks=False)
                    directory = child.is_dir(follow_symlinks=False)
                    if directory:
                        pending.append(child.path)
                    if directory or facts.st_nlink == 1:
                        total += taken(facts)
        except OSError:
            continue  # removed meanwhile, or not ours to read
    return total
