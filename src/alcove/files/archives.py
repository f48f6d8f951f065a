"""A directory as one archive file, the same bytes for the same content: no times, owners or order of the machine are in it.

Rule: regular files only, named in sorted order below one top folder; what is compressed already is stored as it is.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import zipfile

from alcove.files import ops, packed, reading, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["SUFFIXES", "can_write", "suffix_of", "write"]

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_LIBRARIES = {".tar.bz2": "bz2", ".tar.xz": "lzma"}
_LEVELS = {".tar.bz2": {"compresslevel": 9}, ".tar.xz": {"preset": 6}}
_EPOCH = 315532800  # 1980-01-01 in UTC, the oldest time that a ZIP can say
_MODE = 0o644


def suffix_of(path: str) -> str:
    """Return the ending by which `path` names an archive, "" where it names a directory.

    >>> suffix_of("a.tar.gz"), suffix_of("a.ZIP"), suffix_of("a")
    ('.tar.gz', '.zip', '')
    """
    name = os.path.basename(path).lower()
    found = [suffix for suffix in SUFFIXES if name.endswith(suffix) and name != suffix]
    return max(found, key=len, default="")


def can_write(suffix: str) -> bool:
    """Tell whether this Python was built with what writes archives of the form `suffix`, one of SUFFIXES or ""."""
    try:
        return suffix not in _LIBRARIES or bool(packed.module(_LIBRARIES[suffix]))
    except NotImplementedError:
        return False


def write(directory: str, target: str, *, suffix: str, top: str) -> None:
    """Write the files below `directory` (absolute) to the new file `target` (absolute), below the folder `top`.

    `suffix`: one of SUFFIXES, which says the form. FileExistsError where `target` is there.
    """
    ops.write(target, b"")
    with open(target, "r+b") as stream:
        if suffix == ".zip":
            _zip(directory, stream, top)
        elif suffix in (".tar.gz", ".tgz"):
            # no name and no time in the header; the level is said, so that a default cannot change
            with gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0) as zipped:
                _tar(directory, zipped, top)  # type: ignore[arg-type]
        elif suffix in _LIBRARIES:
            library, level = packed.module(_LIBRARIES[suffix]), _LEVELS[suffix]
            with library.open(stream, "wb", **level) as compressed:
                _tar(directory, compressed, top)
        else:
            _tar(directory, stream, top)


def _zip(directory: str, stream: BinaryIO, top: str) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, path in _files(directory):
            info = zipfile.ZipInfo(f"{top}/{name}", (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o100000 | _MODE) << 16
            info.create_system = 3  # as made on Unix, wherever it is made
            info.file_size = os.stat(path).st_size
            with open(reading.opened(path), "rb") as source, archive.open(info, "w") as sink:
                shutil.copyfileobj(source, sink)


def _tar(directory: str, stream: BinaryIO, top: str) -> None:
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in _files(directory):
            info = _member(tarfile.TarInfo(f"{top}/{name}"), path)
            with open(reading.opened(path), "rb") as source:
                archive.addfile(info, source)


def _member(info: tarfile.TarInfo, path: str) -> tarfile.TarInfo:
    info.size = os.stat(path).st_size
    info.mtime = _EPOCH
    info.mode = _MODE
    return info


def _files(directory: str) -> Iterator[tuple[str, str]]:
    found = {
        relative: entry.path
        for relative, entry in trees.walk(directory)
        if entry.is_file(follow_symlinks=False)
    }
    yield from sorted(found.items())
