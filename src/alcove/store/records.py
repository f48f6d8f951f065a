"""RECORD of an entry's distribution in a view: the rows, and the list that is prepared at unpack.

The prepared list is right wherever a view links what the entry's rules say. A view that differs (collisions,
materialised entries, a direct_url.json, headers) composes its own from the same rows.
"""

from __future__ import annotations

from alcove.records import NamedTuple
from alcove.wheels.record import Row, compose, row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.wheels.entry import Entry, FileRecord

__all__ = ["Rows", "info_links", "prepared", "prepared_links", "requested_row", "rows"]

_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # sha256 of nothing
_PREPARED = frozenset(("RECORD", "RECORD.requested", "REQUESTED"))


def prepared_links(entry: Entry) -> dict[str, str]:
    """Return name and text of the symbolic links that an entry has ready in `links/`.

    NAME: a directory at the top of site-packages. `@NAME`: one of the dist-info. `+NAME`: a program in `bin`.
    """
    found = {}
    if not entry.rules.whole:
        for path in entry.rules.links:
            if "/" not in path:
                found[path] = f"../../e/{entry.directory}/lib/{path}"
    for path in info_links(entry):
        name = path.partition("/")[2]
        found[f"@{name}"] = f"../../../e/{entry.directory}/dist-info/{name}"
    for name in (*(point.name for point in entry.entry_points), *entry.scripts):
        found[f"+{name}"] = f"../.alcove/current/bin/{name}"
    return found


class Rows(NamedTuple):
    """What `wheels.record.compose` takes, for one entry; all paths relative to site-packages.

    `dist_info`: files directly in the dist-info; `scripts`: names in `bin`; `data`: the data scheme with
    "../../../" before it; `headers`: paths below `headers/`, as their place depends on the interpreter;
    `files`: those of `lib/`, and of the dist-info's sub-directories.
    """

    dist_info: tuple[Row, ...]
    scripts: tuple[str, ...]
    data: tuple[Row, ...]
    headers: tuple[Row, ...]
    files: tuple[Row, ...]


def info_links(entry: Entry) -> tuple[str, ...]:
    """Return the sub-directories of the dist-info (licenses, sboms), which are links in a view, sorted."""
    tops = {path.partition("/")[0] for path, _ in entry.dist_info if "/" in path}
    return tuple(f"{entry.dist_info_name}/{top}" for top in sorted(tops))


def rows(entry: Entry, files: Iterable[FileRecord]) -> Rows:
    """Return the rows of an entry; `files`: all its files, as `entries.full` gives them."""
    info: list[Row] = []
    inner: list[Row] = []
    lib: list[Row] = []
    for path, sha256, size in files:
        top, _, rest = path.partition("/")
        if top == "lib":
            lib.append(row(rest, sha256, size))
        elif top == "dist-info" and rest not in _PREPARED:
            where = inner if "/" in rest else info
            where.append(row(f"{entry.dist_info_name}/{rest}", sha256, size))
    return Rows(
        tuple(info),
        (*(point.name for point in entry.entry_points), *entry.scripts),
        tuple(row(f"../../../{one.path}", one.sha256, one.size) for one in entry.data),
        tuple(row(one.path, one.sha256, one.size) for one in entry.headers),
        (*lib, *inner),
    )


def requested_row(entry: Entry) -> Row:
    """Return the row of the empty file that marks what the user asked for by name."""
    return row(f"{entry.dist_info_name}/REQUESTED", _EMPTY, 0)


def prepared(entry: Entry, files: Iterable[FileRecord]) -> tuple[bytes, bytes]:
    """Return RECORD for a view that follows the entry's rules: without and with REQUESTED in it.

    Headers are in neither: a view that places some composes its own.
    """
    parts = rows(entry, files)
    links = () if entry.rules.whole else entry.rules.links

    def composed(*more: Row) -> bytes:
        return compose(
            entry.dist_info_name,
            (*links, *info_links(entry)),
            dist_info=(*parts.dist_info, *more),
            scripts=parts.scripts,
            outside=parts.data,
            files=parts.files,
        )

    return composed(), composed(requested_row(entry))
