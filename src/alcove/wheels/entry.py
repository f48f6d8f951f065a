"""What is known of one unpacked wheel: the records that the store keeps and views are made from.

Plain tuples throughout: they are read on the hot path, where `dataclasses` would cost more than the reading.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
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

    `links`: directories that may be linked whole. `directories`: those on the way, which are real.
    `files`: (path, size in bytes) of the files that stand in real directories. Together the three cover `lib/`.
    `shared`: those of `links` and `directories` at the top whose `__init__.py` is empty or extends `__path__`.
    `whole`: the reason why the entry must be materialised whole ("pth", "writes", "appended"), or "".
    `needs`: names of shared libraries which other distributions may provide (rule 3), for the view's builder.
    """

    links: tuple[str, ...]
    directories: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    shared: tuple[str, ...]
    whole: str
    needs: tuple[str, ...]


class Entry(NamedTuple):
    """One unpacked wheel. `directory` is its name below `entries-v1`; `name` and `version` as METADATA writes them.

    `dist_info`: (path below `dist-info/`, size) of each file there; `scripts`: names below `scripts/`;
    `data`, `headers`: (path, sha256 hex, size) of the files below `data/` and `headers/`.
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
