"""Entries, read: the small `view.json` that every view needs, and the complete `entry.json`.

An entry counts when both are there and fit: `view.json` names the wheel's full sha256 and the size in bytes of
`entry.json`, which is written last. A wheel half unpacked has neither under its final name (it is built aside
and renamed); one torn by a power cut has an `entry.json` of another size. One `stat` and one small read tell.
Both carry a checksum (format 1, which is still read, had none). `view.json` says nothing that `entry.json` does not:
where it is damaged, an `entry.json` that its checksum proves gives it anew.

On the hot path: no `json`, `re`, `packaging`, `zipfile`.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import EntryDamaged, StoreError
from alcove.files import data, reading
from alcove.files.checksums import FORMAT, checked, refuse_unlike
from alcove.records import NamedTuple
from alcove.store.layout import Store, directory_names, entry_path
from alcove.wheels.entry import Entry, EntryPoint, FileRecord, LinkRules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _Made = TypeVar("_Made")

__all__ = ["Complete", "complete", "decode", "encode", "full", "lookup", "names", "read", "view"]

# What the system says of a file that is not what was unpacked: there is none, it is something else, or its disk is bad.
_NO_FILE = frozenset((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EIO))


_REFUSED = frozenset((errno.EACCES, errno.EPERM))


class Complete(NamedTuple):
    """What `entry.json` says: the entry, all its files but the two json files, and what `view.json` is to hold.

    `proven`: a checksum says that it is as it was written.
    """

    entry: Entry
    files: tuple[FileRecord, ...]
    view: bytes
    proven: bool


def read(store: Store, directory: str) -> Entry:
    """Return the entry called `directory`; EntryDamaged where it is missing or not whole.

    A `view.json` that is damaged is no harm where `entry.json` is proven: `verify` tells of it, and `repair` writes it anew.
    """
    try:
        return view(store, directory)
    except EntryDamaged as error:
        try:
            found = complete(store, directory)
        except EntryDamaged:
            raise error from None
        if not found.proven:
            raise
        return found.entry


def view(store: Store, directory: str) -> Entry:
    """Return the entry called `directory` as its `view.json` alone says it; EntryDamaged where that or the entry is not whole."""
    path = entry_path(store, directory)
    try:
        entry, size = decode(directory, reading.content(f"{path}/view.json"))
        if os.stat(f"{path}/entry.json").st_size != size:
            raise EntryDamaged(f"{path}/entry.json is cut off", hint="alcove repair")
    except OSError as error:
        raise _damaged(error, f"{path}/view.json") from None
    except (data.DataError, LookupError, TypeError, ValueError) as error:
        raise EntryDamaged(
            f"{path}/view.json cannot be read: {error}", hint="alcove repair"
        ) from None
    return entry


def full(store: Store, directory: str) -> tuple[FileRecord, ...]:
    """Return all files of an entry but the two json files, in the order of paths; else EntryDamaged."""
    return _complete(store, directory, lambda value, *_: _files(value))


def complete(store: Store, directory: str) -> Complete:
    """Return all that `entry.json` says of the entry called `directory`; EntryDamaged where it cannot be read."""

    def made(value: Any, size: int, proven: bool) -> Complete:  # noqa: FBT001  as `_loaded` gives it
        facts = value["entry"]
        said = {"complete": size, **facts}
        derived = _sealed(said) if proven else data.dumps({"format": 1, **said})
        return Complete(_entry(directory, facts), _files(value), derived, proven)

    return _complete(store, directory, made)


def _complete(store: Store, directory: str, made: Callable[[Any, int, bool], _Made]) -> _Made:
    """Return what `made` makes of the value of an `entry.json`, its size in bytes, and whether a checksum proves it."""
    path = f"{entry_path(store, directory)}/entry.json"
    try:
        text = reading.content(path)
        value, proven = _loaded(text)
        return made(value, len(text), proven)
    except OSError as error:
        raise _damaged(error, path) from None
    except (data.DataError, LookupError, TypeError, ValueError) as error:
        raise EntryDamaged(f"{path} cannot be read: {error}", hint="alcove repair") from None


def _files(value: Any) -> tuple[FileRecord, ...]:
    return tuple(
        FileRecord(str(name), str(digest), int(size)) for name, digest, size in value["files"]
    )


def _damaged(error: OSError, path: str) -> OSError | StoreError:
    """Return what is to be raised where `path` (absolute), a file of an entry, or what `error` names, could not be read."""
    if error.errno in _REFUSED:
        return _closed(error, path)
    if error.errno not in _NO_FILE:
        return error
    said = "is missing" if error.errno == errno.ENOENT else f"cannot be read: {error.strerror}"
    return EntryDamaged(f"{error.filename or path} {said}", hint="alcove repair")


def _closed(error: OSError, path: str) -> StoreError:
    """Return what is to be raised where the system lets this user not read `path`: damage where the entry is this user's."""
    text = f"{path} may not be read by this user: {error.strerror}"
    try:
        mine = os.stat(os.path.dirname(path)).st_uid == os.geteuid()
    except (OSError, AttributeError):  # Windows asks nobody who he is
        mine = False
    if mine:
        return EntryDamaged(text, hint="alcove repair")
    other = "choose another store with ALCOVE_HOME, or one of the environment's own with alcove create --private"
    return StoreError(text, hint=f"have the owner of the store let you read it, {other}")


def lookup(store: Store, sha256: str, *, name: str, version: str) -> Entry | None:
    """Return the entry of the wheel with this `sha256`, or None where the store has no whole one.

    `name` normalised (PEP 503), `version` in normal form (PEP 440).
    """
    for directory in directory_names(name, version, sha256):
        try:
            entry = read(store, directory)
        except EntryDamaged:
            continue
        if entry.sha256 == sha256:
            return entry
    return None


def names(store: Store) -> list[str]:
    """Return the names of all entries' directories, whole or not, sorted; not what is being built."""
    try:
        found = os.listdir(store.entries)
    except FileNotFoundError:
        return []
    return sorted(name for name in found if not name.startswith("."))


def encode(entry: Entry, files: tuple[FileRecord, ...]) -> tuple[bytes, bytes]:
    """Return the contents of `view.json` and `entry.json`."""
    facts: dict[str, Any] = entry._asdict()
    del facts["directory"]
    facts["rules"] = entry.rules._asdict()
    complete = _sealed({"entry": facts, "files": files})
    return _sealed({"complete": len(complete), **facts}), complete


def _sealed(value: dict[str, Any]) -> bytes:
    return checked(data.dumps(value)[1:])


def decode(directory: str, text: bytes) -> tuple[Entry, int]:
    """Return the entry that `view.json` says, and the size of its `entry.json`; LookupError, TypeError, ValueError."""
    value, _ = _loaded(text)
    return _entry(directory, value), value["complete"]


def _loaded(text: bytes) -> tuple[Any, bool]:
    """Return what a json file says, and whether a checksum proves it; DataError, LookupError, TypeError, ValueError."""
    proven = refuse_unlike(text)
    value = data.loads(text)
    if value["format"] not in (1, FORMAT):
        raise ValueError(f"its format is {value['format']!r:.20}")
    if not proven and (value["format"] == FORMAT or "crc32" in value):
        raise ValueError("its checksum cannot be read")
    return value, proven


def _entry(directory: str, value: Any) -> Entry:
    rules = value["rules"]
    entry = Entry(
        directory,
        value["name"],
        value["version"],
        value["wheel"],
        value["sha256"],
        tuple(value["tags"]),
        value["requires_python"],
        tuple(value["requires"]),
        tuple(value["extras"]),
        tuple(EntryPoint(*point) for point in value["entry_points"]),
        LinkRules(
            tuple(rules["links"]),
            tuple(rules["directories"]),
            _pairs(rules["files"]),
            tuple(rules["shared"]),
            rules["whole"],
            tuple(rules["needs"]),
            _pairs(rules["provides"]),
        ),
        _pairs(value["dist_info"]),
        value["dist_info_name"],
        tuple(value["scripts"]),
        tuple(FileRecord(*file) for file in value["data"]),
        tuple(FileRecord(*file) for file in value["headers"]),
    )
    _refuse_ways_out(entry)
    return entry


def _refuse_ways_out(entry: Entry) -> None:
    """Raise ValueError where a path leads out of the entry, which `unpack` lets through none: the store is not all ours.

    That of an environment with a store of its own is of whoever sent it.
    """
    paths = [entry.dist_info_name, entry.name, *entry.scripts, *entry.rules.links]
    paths += (*entry.rules.directories, *entry.rules.shared)
    paths += [point.name for point in entry.entry_points]
    for named in (entry.dist_info, entry.rules.files, entry.data, entry.headers):
        paths += [one[0] for one in named]
    for path in paths:
        if not isinstance(path, str) or path[:1] == "/" or "\0" in path:
            raise ValueError(f"{path!r:.80} is no path in it")
        if ".." in path and ".." in path.split("/"):
            raise ValueError(f"the path {path!r} leads elsewhere")


def _pairs(value: Any) -> tuple[Any, ...]:
    return tuple(map(tuple, value))
