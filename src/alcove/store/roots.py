"""Roots: what keeps entries alive. One file for each environment, named by its id.

Rule: a root is durable before an environment shows the entries that it names; so a power cut can leave a root
too many, never one too few. Whoever registers holds the store's lock shared since before it looked entries up.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from alcove.errors import StoreError
from alcove.files import atomic, data, ops, trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alcove.store.layout import Store

__all__ = ["Root", "claimed", "every", "find", "forget", "mark", "register"]

_FRESH = 86_400  # seconds for which "last seen" is not written again
_LONGEST_ID = 64
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class Root(NamedTuple):
    """An environment: its `id`, its absolute `path`, the names of the entries that its generations use (sorted).

    `seen`: when a command last found it there; `missing`: when `collect` first found its path gone, or 0. Both in
    seconds since 1970.
    """

    id: str
    path: str
    entries: tuple[str, ...]
    seen: int
    missing: int = 0


def register(
    store: Store, identifier: str, *, path: str, entries: Iterable[str], now: float
) -> Root:
    """Say that the environment at `path` (absolute) uses `entries`, which replace those that it used before.

    Durable when it returns. Nothing is written where the file says so already and is not older than a day; so
    every command can call it. StoreError where `identifier` cannot be a file name.
    """
    file = _file(store, identifier)
    root = Root(identifier, path, tuple(sorted(set(entries))), int(now))
    known = find(store, identifier)
    if (
        known is not None
        and known[:3] == root[:3]
        and not known.missing
        and 0 <= root.seen - known.seen < _FRESH
    ):
        return known
    trees.make_directories(store.roots)
    _write(file, root)
    ops.fsync(store.roots)
    return root


def mark(store: Store, root: Root, *, missing: int) -> None:
    """Note since when the path of a root is gone (seconds), or with 0 that it is back."""
    _write(_file(store, root.id), root._replace(missing=missing))


def forget(store: Store, identifier: str) -> None:
    """Remove a root, as the last act of deleting an environment; nothing happens where there is none."""
    try:
        ops.unlink(_file(store, identifier))
    except FileNotFoundError:
        return


def find(store: Store, identifier: str) -> Root | None:
    """Return the root with this id, or None; StoreError where its file cannot be read."""
    file = _file(store, identifier)
    try:
        value = data.read(file)
        return _decode(identifier, value)
    except FileNotFoundError:
        return None
    except (data.DataError, LookupError, TypeError, ValueError) as error:
        raise StoreError(
            f"{file} cannot be read: {error}",
            hint="run any alcove command in the environment that it is of, or remove the file if there is none",
        ) from None


def claimed(store: Store, identifier: str, *, path: str) -> bool:
    """Say whether another place than `path` has this id and is there: then `path` is a copy and needs a new one."""
    try:
        known = find(store, identifier)
    except StoreError:
        return False
    if known is None or known.path == path or not os.path.isdir(f"{known.path}/.alcove"):
        return False
    return not os.path.samefile(known.path, path)


def every(store: Store) -> Iterator[Root]:
    """Yield all roots, in the order of ids; StoreError at the first whose file cannot be read."""
    try:
        names = os.listdir(store.roots)
    except FileNotFoundError:
        return
    for name in sorted(names):
        if not name.startswith("."):
            found = find(store, name)
            if found is not None:
                yield found


def _write(file: str, root: Root) -> None:
    facts: dict[str, Any] = root._asdict()
    del facts["id"]
    atomic.replace_file(file, data.dumps(facts), durable=True)


def _decode(identifier: str, value: Any) -> Root:
    path, seen, missing = value["path"], value["seen"], value["missing"]
    entries = tuple(value["entries"])
    if not (isinstance(path, str) and isinstance(seen, int) and isinstance(missing, int)):
        raise TypeError("a path, a time or an entry is of the wrong type")
    if not all(isinstance(name, str) for name in entries):
        raise TypeError("a path, a time or an entry is of the wrong type")
    return Root(identifier, path, entries, seen, missing)


def _file(store: Store, identifier: str) -> str:
    if not 0 < len(identifier) <= _LONGEST_ID or not _ID_CHARACTERS.issuperset(identifier):
        raise StoreError(f"{identifier!r:.80} cannot be the id of an environment")
    return f"{store.roots}/{identifier}"
