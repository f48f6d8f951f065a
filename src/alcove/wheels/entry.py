"""What is known of one unpacked wheel: the records that the store keeps and views are made from.

Plain tuples throughout: they are read on the hot path, where `dataclasses` would cost more than the reading.
"""

from __future__ import annotations

from alcove.records import NamedTuple

__all__ = ["Entry", "EntryPoint", "FileRecord", "LinkRules"]


class FileRecord(NamedTuple):
    """One file of an entry: its path relative to the entry's directory with `/`, sha256 in hex, size in bytes."""

    path: str
    sha256: str
    size: int


class EntryPoint(NamedTuple):
    """One line of entry_points.txt that becomes a launcher: `NAME = MODULE:ATTRIBUTE`; attribute may be dotted."""

    name: str
    module: str
    attribute: str
    gui: bool


class LinkRules(NamedTuple):
    """How an entry's `lib/` is shown in a view (paths relative to `lib/`, with `/`).

    `links`: directories that may be linked whole. `directories`: those on the way, which are real, parents first.
    `files`: (path, size in bytes) of the files that stand in real directories. Together the three cover `lib/`.
    `shared`: those of `directories` that are import packages whose `__init__.py` is empty or extends `__path__`.
    `whole`: the reason why the entry must be materialised whole ("pth": a `.pth` runs code; "appended": people
    write into it), or "". `links` are then the top directories, each of which is placed as real files.
    `needs`: names of shared libraries that neither the wheel nor a usual system has. The files that need them
    are in `files` already, and the directories on the way to them in `directories` (rule 3): a view has nothing
    left to do for them.
    `provides`: (name, path) of the shared libraries that the wheel brings.
    """

    links: tuple[str, ...]
    directories: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    shared: tuple[str, ...]
    whole: str
    needs: tuple[str, ...]
    provides: tuple[tuple[str, str], ...] = ()


class Entry(NamedTuple):
    """One unpacked wheel. `directory` is its name below `entries-v1`; `name` and `version` as METADATA writes them.

    `dist_info`: (path below `dist-info/`, size) of each file there that a view takes as it is: all but the two
    prepared `RECORD`, `RECORD.requested` and `REQUESTED`. `dist_info_name`: the directory's name in site-packages.
    `scripts`: names below `scripts/` (never that of an entry point). `data`, `headers`: the files below `data/`
    and `headers/`, with their paths below these.
    """

    directory: str
    name: str
    version: str
    wheel: str
    sha256: str
    tags: tuple[str, ...]
    requires_python: str
    requires: tuple[str, ...]
    extras: tuple[str, ...]
    entry_points: tuple[EntryPoint, ...]
    rules: LinkRules
    dist_info: tuple[tuple[str, int], ...]
    dist_info_name: str
    scripts: tuple[str, ...]
    data: tuple[FileRecord, ...]
    headers: tuple[FileRecord, ...]
