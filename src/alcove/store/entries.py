"""Entries, read: the small `view.json` that every view needs, and the complete `entry.json`.

An entry counts when both are there and fit: `view.json` names the wheel's full sha256 and the size in bytes of
`entry.json`, which is written last. A wheel half unpacked has neither under its final name (it is built aside
and renamed); one torn by a power cut has an `entry.json` of another size. One `stat` and one small read tell.

On the hot path: no `json`, `re`, `packaging`, `zipfile`.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import EntryDamaged
from alcove.files import data
from alcove.store.layout import Store, directory_name, entry_path
from alcove.wheels.entry import Entry, EntryPoint, FileRecord, LinkRules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["decode", "encode", "full", "lookup", "names", "read"]

_FORMAT = 1
# What the system says of a file that is not what was unpacked: there is none, it is something else, or its disk is bad.
_NO_FILE = frozenset((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EIO))


def read(store: Store, directory: str) -> Entry:
    """Return the entry called `directory`; EntryDamaged where it is missing or not whole."""
    path = entry_path(store, directory)
    try:
        value = data.read(f"{path}/view.json")
        entry, size = decode(directory, value)
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
    path = f"{entry_path(store, directory)}/entry.json"
    try:
        value = data.read(path)
        return tuple(
            FileRecord(str(name), str(digest), int(size)) for name, digest, size in value["files"]
        )
    except OSError as error:
        raise _damaged(error, path) from None
    except (data.DataError, LookupError, TypeError, ValueError) as error:
        raise EntryDamaged(f"{path} cannot be read: {error}", hint="alcove repair") from None


def _damaged(error: OSError, path: str) -> OSError | EntryDamaged:
    """Return what is to be raised where `path`, or what `error` names, could not be read."""
    if error.errno not in _NO_FILE:
        return error
    said = "is missing" if error.errno == errno.ENOENT else f"cannot be read: {error.strerror}"
    return EntryDamaged(f"{error.filename or path} {said}", hint="alcove repair")


def lookup(store: Store, sha256: str, *, name: str, version: str) -> Entry | None:
    """Return the entry of the wheel with this `sha256`, or None where the store has no whole one.

    `name` normalised (PEP 503), `version` in normal form (PEP 440).
    """
    for long in (False, True):
        directory = directory_name(name, version, sha256, long=long)
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
    complete = data.dumps({"format": _FORMAT, "entry": facts, "files": files})
    return data.dumps({"format": _FORMAT, "complete": len(complete), **facts}), complete


def decode(directory: str, value: Any) -> tuple[Entry, int]:
    """Return the entry that `view.json` says, and the size of its `entry.json`; LookupError, TypeError, ValueError."""
    if value["format"] != _FORMAT:
        raise ValueError(f"its format is {value['format']!r:.20}")
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
    return entry, value["complete"]


def _pairs(value: Any) -> tuple[Any, ...]:
    return tuple(map(tuple, value))
