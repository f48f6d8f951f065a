"""Entries placed outside any environment, as real files: what pip's `--target`, `--prefix`, `--root` and `--user` ask for.

Rule: each file comes whole, by a rename; RECORD is written last, so a distribution without one was not finished. Nothing
is linked to the store: others copy, edit and pack these directories.
"""

from __future__ import annotations

import os
from contextlib import suppress

from alcove.errors import PathCollision
from alcove.files import atomic, digest, ops, reading, trees
from alcove.records import NamedTuple
from alcove.wheels import launchers, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alcove.wheels.entry import Entry
    from alcove.wheels.record import Row

__all__ = ["Marks", "Scheme", "place", "remove", "write_record"]


class Scheme(NamedTuple):
    """Where the parts of a wheel go; all absolute. A folder of the distribution's name is put below `headers`."""

    library: str
    scripts: str
    data: str
    headers: str


class Marks(NamedTuple):
    """What the installation adds: REQUESTED, the text of direct_url.json or "", the interpreter of launchers."""

    requested: bool
    direct_url: str
    python: str


def place(entry: Entry, base: str, scheme: Scheme, marks: Marks) -> list[str]:
    """Write all files of an entry but RECORD; return their paths (absolute), in the order in which they were written.

    `base`: the entry's directory (absolute). A file that is there is replaced, as by pip. PathCollision where a directory
    stands where a file is to be, or a link to one where a directory is: what lies behind it is somebody else's.
    """
    written: list[str] = []
    seen = {scheme.library}
    for source, target in _copies(entry, base, scheme):
        _check_way(os.path.dirname(target), scheme.library, seen)
        _replace(target, copy=source)
        written.append(target)
    for name, text in _scripts(entry, base, marks.python):
        target = f"{scheme.scripts}/{name}"
        _replace(target, text=text, mode=0o777)
        written.append(target)
    info = f"{scheme.library}/{entry.dist_info_name}"
    extra = [("REQUESTED", b"")] if marks.requested else []
    if marks.direct_url:
        extra.append(("direct_url.json", marks.direct_url.encode()))
    for name, content in extra:
        _replace(f"{info}/{name}", text=content)
        written.append(f"{info}/{name}")
    return written


def _check_way(directory: str, library: str, seen: set[str]) -> None:
    """Refuse to go through a link below the library: it may lead into another environment, or into a store."""
    if directory in seen or not directory.startswith(library + "/"):
        return
    _check_way(os.path.dirname(directory), library, seen)
    if os.path.islink(directory):
        raise PathCollision(
            f"{directory} is a link, and what lies behind it is not changed",
            hint="remove the link, or choose another place",
        )
    seen.add(directory)


def _copies(entry: Entry, base: str, scheme: Scheme) -> Iterable[tuple[str, str]]:
    """Yield (source, target) of each file that is copied as it is."""
    for path, child in trees.walk(f"{base}/lib"):
        if not child.is_dir(follow_symlinks=False) and "__pycache__" not in path.split("/"):
            yield child.path, f"{scheme.library}/{path}"
    for path, _ in entry.dist_info:
        yield f"{base}/dist-info/{path}", f"{scheme.library}/{entry.dist_info_name}/{path}"
    for file in entry.data:
        yield f"{base}/data/{file.path}", f"{scheme.data}/{file.path}"
    for file in entry.headers:
        yield f"{base}/headers/{file.path}", f"{scheme.headers}/{entry.name}/{file.path}"


def _scripts(entry: Entry, base: str, python: str) -> Iterable[tuple[str, bytes]]:
    named = {point.name for point in entry.entry_points}
    for point in entry.entry_points:
        yield point.name, launchers.launcher(python, point.module, point.attribute, gui=point.gui)
    for name in entry.scripts:
        if name not in named:
            text = reading.content(f"{base}/scripts/{name}")
            yield name, launchers.rewrite_shebang(text, python)


def _replace(target: str, *, copy: str = "", text: bytes = b"", mode: int = 0o666) -> None:
    directory = os.path.dirname(target)
    try:
        trees.make_directories(directory)
    except FileExistsError as error:
        raise PathCollision(
            f"{directory} is needed as a directory and is none", hint="move it away"
        ) from error
    staged = atomic.aside(target)
    try:
        if copy:
            ops.copy(copy, staged)
        else:
            ops.write(staged, text, mode)
        ops.rename(staged, target)
    except IsADirectoryError as error:
        trees.remove(staged)
        raise PathCollision(
            f"{target} is a directory, and a file of that name is to be installed",
            hint="move it away",
        ) from error
    except BaseException:
        trees.remove(staged)
        raise


def write_record(
    entry: Entry, scheme: Scheme, files: Sequence[str], compiled: Sequence[str]
) -> None:
    """Write RECORD: each of `files` with its hash, each of `compiled` without, sorted as pip sorts them (absolute paths)."""
    own = f"{scheme.library}/{entry.dist_info_name}/RECORD"
    rows: list[Row] = [
        record.row(_shown(path, scheme), digest.sha256_of(path), os.stat(path).st_size)
        for path in dict.fromkeys(files)
    ]
    rows += [record.row(_shown(path, scheme)) for path in (*compiled, own)]
    _replace(own, text=record.text(sorted(rows)))


def _shown(path: str, scheme: Scheme) -> str:
    return os.path.relpath(path, scheme.library).replace(os.sep, "/")


def remove(dist_info: str, *, inside: Sequence[str]) -> None:
    """Remove the distribution with the directory `dist_info` by its RECORD; nothing that is not below one of `inside`.

    All absolute. Directories that become empty go, too. Without a RECORD that can be read only its dist-info goes. Of what
    is a link the link goes, and nothing that lies behind one: it is of somebody else, or of every environment of a store.
    """
    library = os.path.dirname(dist_info)
    try:
        rows = record.parse(reading.content(f"{dist_info}/RECORD"), f"{dist_info}/RECORD")
    except OSError:
        rows = {}
    directories: set[str] = set()
    real = {library, *inside}
    for path in rows:
        full = os.path.normpath(os.path.join(library, path))
        if not any(full.startswith(root + os.sep) for root in inside):
            continue
        is_directory = os.path.isdir(full) and not os.path.islink(full)
        if not is_directory and _is_real(os.path.dirname(full), real):
            trees.remove(full)
            directories.add(os.path.dirname(full))
            if full.endswith(".py"):
                _forget_bytecode(full)
    trees.remove(dist_info)
    for directory in sorted(directories, key=len, reverse=True):
        _drop(directory, stop=(library, *inside))


def _is_real(directory: str, real: set[str]) -> bool:
    """Tell whether no link leads from the nearest of `real` to `directory`; those that do not are added to them."""
    if directory in real:
        return True
    if os.path.islink(directory) or not _is_real(os.path.dirname(directory), real):
        return False
    real.add(directory)
    return True


def _forget_bytecode(source: str) -> None:
    folder, name = os.path.split(source)
    try:
        names = os.listdir(f"{folder}/__pycache__")
    except OSError:
        return
    for one in names:
        if one.startswith(name[:-2]) and one.endswith(".pyc"):
            trees.remove(f"{folder}/__pycache__/{one}")


def _drop(directory: str, *, stop: Sequence[str]) -> None:
    """Remove a directory and those above it while they hold nothing but empty bytecode directories."""
    while directory not in stop and any(directory.startswith(root + os.sep) for root in stop):
        try:
            names = os.listdir(directory)
        except FileNotFoundError:
            names = []
        if names == ["__pycache__"] and not os.listdir(f"{directory}/__pycache__"):
            ops.rmdir(f"{directory}/__pycache__")
            names = []
        if names:
            return
        with suppress(FileNotFoundError):
            ops.rmdir(directory)
        directory = os.path.dirname(directory)
