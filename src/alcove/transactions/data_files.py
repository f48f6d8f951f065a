"""Data files and headers: real files of the environment outside the slots (DESIGN section 4.6).

Added ones are placed before the switch, removed ones go after it; a directory that is missing for added ones comes whole,
by one rename. One that both generations have with different content is a link through `.alcove/current/data/` while the
switch happens. What the user changed is kept, and told.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import PathCollision
from alcove.events import Notice
from alcove.files import atomic, digest, durable, links, ops, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = [
    "Row",
    "alias",
    "by_directory",
    "is_placed",
    "is_script_link",
    "place",
    "place_in",
    "refuse_collisions",
    "remove",
    "rows",
    "stage",
    "tidy",
    "turn",
]


class Row(NamedTuple):
    """One data file: `source` below `.alcove`, sha256 in hex."""

    source: str
    sha256: str


_MOST = 4
_rows: dict[
    int, tuple[Generation, dict[str, Row]]
] = {}  # a change asks for those of two, several times
_own_rows: dict[int, tuple[Placement, dict[str, Row]]] = {}


def rows(generation: Generation | None) -> dict[str, Row]:
    """Return the data files of a generation by their path relative to the environment."""
    if generation is None:
        return {}
    known = _rows.get(id(generation))
    if known is not None and known[0] is generation:
        return known[1]
    found: dict[str, Row] = {}
    for placement in generation.placements:
        if placement.data:
            found.update(_rows_of(placement))
    if len(_rows) > _MOST:
        _rows.clear()
    _rows[id(generation)] = (generation, found)
    return found


def _rows_of(placement: Placement) -> dict[str, Row]:
    """Return the data files of one distribution, which most generations share."""
    known = _own_rows.get(id(placement))
    if known is not None and known[0] is placement:
        return known[1]
    make, source = (
        tuple.__new__,
        placement.source,
    )  # of hundreds of files a call of the class each is what it takes
    found = {
        path: make(Row, (f"{source}/{below}", sha256)) for path, below, sha256 in placement.data
    }
    _own_rows[id(placement)] = (placement, found)
    return found


def stage(
    layout: Layout,
    shown: dict[str, Row],
    want: dict[str, Row],
    reporter: Reporter,
    *,
    hidden: str,
    written: list[str],
) -> list[str]:
    """Put both contents of the files that change into the slots; return their paths. `hidden` is "a" or "b".

    Files whose content is new are added to `written` (absolute): they must be durable before the switch. What the user
    changed, or put in the place of one, is kept, and told.
    """
    other = layout.slot("b" if hidden == "a" else "a")
    slot = layout.slot(hidden)
    staged = []
    for path, old in shown.items():
        row = want.get(path)
        if row is None or old.sha256 == row.sha256:
            continue
        real = f"{layout.root}/{path}"
        if os.path.lexists(real) and not is_placed(real, old, layout):
            reporter.emit(Notice(f"{real} was changed by hand and is kept"))
            continue
        for target in (f"{other}/data/{path}", f"{slot}/data/{path}"):
            trees.remove(target)
            trees.make_directories(os.path.dirname(target))
        if os.path.isfile(real) and links.relink(real, f"{other}/data/{path}"):
            written.append(f"{other}/data/{path}")
        if place(f"{layout.private}/{row.source}", f"{slot}/data/{path}", path):
            written.append(f"{slot}/data/{path}")
        staged.append(path)
    return staged


def refuse_collisions(layout: Layout, coming: dict[str, Row], reporter: Reporter) -> None:
    """Raise PathCollision where a new data file would take the place of a file that is not ours.

    `coming`: those for whom something may be there (`Incoming.beside`). A file below `etc/` is kept instead, and told: it
    is what the user changed, and an uninstall or undo left.
    """
    for directory, names in by_directory(coming).items():
        for name in sorted(names & _names(f"{layout.root}/{directory}")):
            path = f"{directory}/{name}" if directory else name
            real = f"{layout.root}/{path}"
            if is_placed(real, coming[path], layout) or is_script_link(real):
                continue
            if path.startswith("etc/") and os.path.isfile(real):
                reporter.emit(Notice(f"{real} is kept as it is"))
                continue
            raise PathCollision(
                f"{real} is there already and no distribution placed it",
                hint="move it away, or remove it, and try again",
            )


def turn(layout: Layout, staged: Iterable[str]) -> None:
    """Turn what changes into links through the switch."""
    for path in staged:
        up = "../" * path.count("/")
        atomic.replace_link(
            f"{layout.root}/{path}", f"{up}.alcove/current/data/{path}", directory=layout.private
        )


def tidy(
    layout: Layout,
    shown: dict[str, Row],
    other: dict[str, Row],
    reporter: Reporter,
    *,
    sure: Collection[str] = (),
) -> None:
    """Bring the data files in line with what is shown; `other` are those that the hidden slot knows.

    `sure`: directories that whoever calls has placed just now with all their files, by one rename.
    """
    _settle(layout)
    for directory, names in by_directory(shown).items():
        if directory not in sure:
            for name in names - _names(f"{layout.root}/{directory}"):
                path = f"{directory}/{name}" if directory else name
                place_in(layout, path, shown[path])
        if directory == "lib":
            for name in names:
                alias(layout, f"lib/{name}")
    remove(layout, {path: row for path, row in other.items() if path not in shown}, reporter)


def remove(layout: Layout, gone: dict[str, Row], reporter: Reporter) -> None:
    """Remove data files that are still what we placed; what the user changed is kept, and told."""
    for directory, names in by_directory(gone).items():
        for name in names & _names(f"{layout.root}/{directory}"):
            path = f"{directory}/{name}" if directory else name
            real = f"{layout.root}/{path}"
            if is_placed(real, gone[path], layout):
                ops.unlink(real)
            else:
                reporter.emit(Notice(f"{real} was changed by hand and is kept"))
        _drop_empty(layout.root, directory)
    for path in gone:
        _drop_alias(layout, path)


def _settle(layout: Layout) -> None:
    """Make links through the switch real files again, and forget what was staged."""
    folder = layout.current + "/data"
    if os.path.isdir(folder):
        for path, entry in trees.walk(folder):
            real = f"{layout.root}/{path}"
            if not entry.is_dir(follow_symlinks=False) and os.path.islink(real):
                staged = f"{layout.private}/.data.tmp"
                trees.remove(staged)
                if links.relink(entry.path, staged):
                    durable.order([staged])
                ops.rename(staged, real)
    for name in ("a", "b"):
        trees.remove(layout.slot(name) + "/data")


def place_in(layout: Layout, path: str, row: Row) -> None:
    """Place a data file at its path in the environment, whole or not at all."""
    real = f"{layout.root}/{path}"
    if path.startswith("etc/"):
        _copy_in(layout, path, row)
        return
    source = f"{layout.private}/{row.source}"
    try:
        try:
            links.relink(source, real, copy=False)
        except FileNotFoundError:
            trees.make_directories(os.path.dirname(real))
            links.relink(source, real, copy=False)
    except links.NoLinkError:
        _copy_in(layout, path, row)


def is_script_link(real: str) -> bool:
    """Tell whether `real` is a link to a launcher, which goes when its distribution does: `tidy` places the file then."""
    return os.path.islink(real) and os.readlink(real).startswith("../.alcove/current/bin/")


def _copy_in(layout: Layout, path: str, row: Row) -> None:
    real = f"{layout.root}/{path}"
    if os.path.lexists(real):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), real)
    staged = f"{layout.private}/.data.tmp"
    trees.remove(staged)
    if place(f"{layout.private}/{row.source}", staged, path):
        durable.order([staged])
    try:
        ops.rename(staged, real)
    except (FileNotFoundError, NotADirectoryError):
        trees.make_directories(os.path.dirname(real))
        ops.rename(staged, real)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        place(staged, real, path)  # a folder that is a mount of its own
        ops.unlink(staged)


def alias(layout: Layout, path: str) -> None:
    """Let a shared library in `lib` be found by `$ORIGIN/../../..` of a package, which leads to `.alcove` here.

    So look the packages of mkl-service and its kin for mkl's libraries; two levels are as in any environment.
    """
    if _is_library(path) and not os.path.islink(f"{layout.private}/{path[4:]}"):
        ops.symlink(f"../{path}", f"{layout.private}/{path[4:]}")


def _drop_alias(layout: Layout, path: str) -> None:
    if _is_library(path) and os.path.islink(f"{layout.private}/{path[4:]}"):
        ops.unlink(f"{layout.private}/{path[4:]}")


def _is_library(path: str) -> bool:
    return path.startswith("lib/lib") and "/" not in path[4:] and (".so" in path or ".dy" in path)


def place(source: str, target: str, path: str) -> bool:
    """Place a data file (absolute paths) whose path in the environment is `path`; True where content was written.

    As hard links a configuration edited in one environment changed all of them; elsewhere as symbolic links static file
    servers refuse them.
    """
    return links.place_file(source, target, mode="hardlink", always_copy=path.startswith("etc/"))


def is_placed(real: str, row: Row, layout: Layout) -> bool:
    """Tell whether the file `real` (absolute) is still what we placed, as `row` says."""
    try:
        mine = os.lstat(real)
        try:
            theirs = os.lstat(f"{layout.private}/{row.source}")
        except (FileNotFoundError, PermissionError):
            theirs = None
        if theirs is not None and (mine.st_dev, mine.st_ino) == (theirs.st_dev, theirs.st_ino):
            return True
        if os.path.islink(real):
            return "/.alcove/current/data/" in f"/{os.readlink(real)}"
        return os.path.isfile(real) and digest.sha256_of(real) == row.sha256
    except FileNotFoundError:
        return False


def _names(directory: str) -> set[str]:
    try:
        return set(os.listdir(directory))
    except (FileNotFoundError, NotADirectoryError):
        return set()


def by_directory(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return the names of relative paths by their directory, "" for none.

    >>> by_directory(["share/a", "share/b", "c"])["share"] == {"a", "b"}
    True
    """
    grouped: dict[str, set[str]] = {}
    for path in paths:
        directory, _, name = path.rpartition("/")
        grouped.setdefault(directory, set()).add(name)
    return grouped


# Why a directory stays: something is in it, it is the user's link to one, or a file system is mounted there.
_STAYS = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EBUSY)


def _drop_empty(root: str, directory: str) -> None:
    while directory:
        try:
            ops.rmdir(f"{root}/{directory}")
        except OSError as error:
            if error.errno in _STAYS:
                return
            if error.errno != errno.ENOENT:
                raise
        directory = directory.rpartition("/")[0]
