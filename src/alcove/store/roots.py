"""Roots: what keeps entries alive. One file for each environment, named by a digest of its path.

Rules: a root is durable before an environment shows the entries that it names; so a power cut can leave a root
too many, never one too few. Whoever registers holds the store's lock shared since before it looked entries up.
An environment that moved or was copied gets a root of its own at the next command there; the old one counts on
until `collect` finds its path gone for 30 days.
"""

from __future__ import annotations

import os
import time

from alcove.errors import NotAFile, StoreError
from alcove.files import atomic, data, digest, ops, reading, trees
from alcove.files.refusals import REFUSED
from alcove.pasting import pasted, tame
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from alcove.store.layout import Store

__all__ = ["Root", "every", "find", "mark", "part", "paths", "register", "remove", "sharing"]

_FRESH = 86_400  # seconds for which "last seen" is not written again
_APART = (
    "/.alcove/left-"  # in the path of a root whose environment left it: nothing lies at such a path
)


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
    store: Store,
    path: str,
    entries: Iterable[str],
    *,
    now: float | None = None,
    durable: bool = True,
    known: Root | None = None,
) -> Root:
    """Say that the environment at `path` (absolute) uses `entries`, which replace those that it used before.

    `entries`: names of their directories. Durable when it returns (where `durable`). Nothing is
    written where the file says so already and is not older than a day; so every command can call it. `known`: what `find`
    said just now, where the caller has asked. StoreError where it is refused to be written, and nothing there names all
    of `entries`.
    """
    seen = int(time.time() if now is None else now)
    used = tuple(sorted(set(entries)))
    root = Root(_identifier(path), path, used, seen)
    if known is None:
        try:
            known = find(store, path)
        except StoreError:
            known = None  # torn by a power cut; it is written anew
    if (
        known is not None
        and known[:3] == root[:3]
        and not known.missing
        and 0 <= seen - known.seen < _FRESH
    ):
        return known
    try:
        trees.make_directories(store.roots)
        _write(store, root, durable=durable)
        if durable:
            ops.fsync(store.roots)
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        if known is not None and known.path == path and set(known.entries).issuperset(used):
            return known  # which keeps them alive, though it names more or is old
        raise _not_noted(store, path, error) from error
    return root


def _not_noted(store: Store, path: str, error: OSError) -> StoreError:
    from alcove.store import refused  # noqa: PLC0415  where something is wrong only

    return StoreError(
        f"the store {store.root} cannot note what {path} uses of it: {error.strerror}: {store.roots}",
        hint=refused.hint(error),
    )


def mark(store: Store, root: Root, *, missing: int) -> None:
    """Note since when the path of a root is gone (seconds), or with 0 that it is back."""
    _write(store, root._replace(missing=missing))


def part(store: Store, root: Root, *, now: float | None = None) -> None:
    """Let a root count on, as one whose path is gone, beside that of another environment that comes to its path.

    StoreError where it is refused to be written.
    """
    since = int(time.time() if now is None else now)
    path = f"{root.path}{_APART}{digest.text_digest(*root.entries)[:8]}"
    apart = Root(_identifier(path), path, root.entries, root.seen, since)
    try:
        known = find(store, path)
    except StoreError:
        known = None
    if known is not None and 0 <= since - known.missing < _FRESH:
        return
    try:
        _write(store, apart)
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        raise _not_noted(store, root.path, error) from error


def remove(store: Store, path: str) -> None:
    """Remove the root of `path`, as the last act of deleting an environment; nothing happens where there is none."""
    try:
        ops.unlink(_file(store, _identifier(path)))
    except FileNotFoundError:
        return


def find(store: Store, path: str) -> Root | None:
    """Return the root of the environment at `path`, or None; StoreError where its file cannot be read."""
    return _read(store, _identifier(path))


def paths(store: Store) -> list[str]:
    """Return the paths of all environments that use the store, there or not; files that cannot be read are left out."""
    return sorted(root.path for root in _readable(store))


def sharing(store: Store, directory: str, *, besides: str) -> tuple[str, ...]:
    """Return the paths of the environments that use the entry `directory` (its name), but for `besides`."""
    users = (root.path for root in _readable(store) if directory in root.entries)
    return tuple(sorted(path for path in users if path != besides and _APART not in path))


def _readable(store: Store) -> Iterator[Root]:
    try:
        known = _identifiers(store)
    except PermissionError:
        return
    for identifier in known:
        try:
            root = _read(store, identifier)
        except StoreError:
            continue
        if root is not None:
            yield root


def every(store: Store) -> Iterator[Root]:
    """Yield all roots, in the order of ids; StoreError at the first whose file cannot be read."""
    for identifier in _identifiers(store):
        root = _read(store, identifier)
        if root is not None:
            yield root


def _identifiers(store: Store) -> list[str]:
    try:
        names = os.listdir(store.roots)
    except FileNotFoundError:
        return []
    return sorted(name for name in names if not name.startswith("."))


def _identifier(path: str) -> str:
    return digest.text_digest(path)


def _file(store: Store, identifier: str) -> str:
    return f"{store.roots}/{identifier}"


def _write(store: Store, root: Root, *, durable: bool = True) -> None:
    facts: dict[str, Any] = root._asdict()
    del facts["id"]
    atomic.replace_file(_file(store, root.id), data.dumps(facts), durable=durable)


def _read(store: Store, identifier: str) -> Root | None:
    file = _file(store, identifier)
    try:
        return _decode(identifier, data.read(file))
    except FileNotFoundError:
        return None
    except PermissionError as error:  # it is whole, and another user's: nothing is to be removed
        raise StoreError(
            f"{file}, which keeps what an environment uses, may not be read by this user: {error.strerror}",
            hint="run the command as the owner of the store, or choose another one with ALCOVE_HOME",
        ) from None
    except (data.DataError, LookupError, NotAFile, TypeError, ValueError) as error:
        raise StoreError(
            f"{file}, which keeps what {_left_of(file) or 'an environment'} uses, cannot be read: {error}",
            hint=_way_out(file),
        ) from None


def _left_of(file: str) -> str:
    """Return the path of the environment that a torn root is of, or as much of it as is left, tame enough to be shown."""
    try:
        text = reading.content(file)
    except OSError:
        return ""
    start = text.partition(b"\0")[0]  # a power cut may leave zeros
    path, end, _ = start.partition(b'"path":"')[2].partition(b'"')
    return tame(path.decode("utf-8", "replace")) + ("" if end or not path else "...")


def _way_out(file: str) -> str:
    """Return what to do about a root that cannot be read: only who uses the store can know that nothing needs it."""
    path = _left_of(file)
    if os.path.isabs(path) and os.path.isdir(f"{path}/.alcove"):
        return f"alcove repair --env {pasted(path)} writes it anew"
    return (
        "alcove repair --env PATH in the environment that it is of writes it anew; where that is gone for good,"
        f" rm {pasted(file)}: what nobody else uses goes with the next gc"
    )


def _decode(identifier: str, value: Any) -> Root:
    path, seen, missing = value["path"], value["seen"], value["missing"]
    entries = tuple(value["entries"])
    if not (isinstance(path, str) and isinstance(seen, int) and isinstance(missing, int)):
        raise TypeError("a path, a time or an entry is of the wrong type")
    if not all(isinstance(name, str) for name in entries):
        raise TypeError("a path, a time or an entry is of the wrong type")
    return Root(identifier, path, entries, seen, missing)
