"""An archive of an interpreter unpacked into a directory that nothing leaves: the rules of PEP 706's `data` filter, and more.

Rule: `tarfile` and `zipfile` only read. Names and links are judged here, since the filters came into Python after the
releases that alcove runs on: nothing is written through a link, no link leads out of the directory, no device is made,
and what the archive says of owners and of bits beyond permission is ignored.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
from functools import partial

from alcove.errors import InvalidArchive
from alcove.files import ops, packed
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

__all__ = ["unpack"]

_BLOCK = 1 << 20  # bytes
_MOST_BYTES = 4 << 30  # unpacked; a whole build with its objects is a tenth of that
_MOST_MEMBERS = 200_000


class _Member(NamedTuple):
    """One member: `kind` is "file", "directory", "link" (`target` as written) or "again" (`target`: another member)."""

    name: str
    kind: str
    mode: int
    time: float
    size: int
    target: str
    open: Callable[[], IO[bytes] | None]


def unpack(archive: str, directory: str) -> None:
    """Unpack the file `archive` (absolute) into the empty `directory` (absolute), without its one top directory.

    InvalidArchive where it is no archive or a member breaks the rules; what was written by then stays, for the caller to
    remove.
    """
    root = _Root(directory)
    try:
        for number, member in enumerate(_members(archive)):
            if number >= _MOST_MEMBERS:
                raise InvalidArchive(f"{archive} has more than {_MOST_MEMBERS} members")
            root.place(member)
    except packed.damage() as error:
        raise InvalidArchive(f"{archive} cannot be read: {error}") from None
    except OSError as error:
        if error.filename is None and error.errno is None:  # what gzip and bz2 say of torn data
            raise InvalidArchive(f"{archive} cannot be read: {error}") from None
        raise
    if not root.top:
        raise InvalidArchive(f"{archive} is empty")
    root.check_links()


class _Root:
    """The directory that is filled; `top` is the archive's one top directory, which is left out."""

    def __init__(self, directory: str) -> None:
        self.top = ""
        self._directory = directory
        self._kinds: dict[str, str] = {"": "directory"}
        self._bytes = 0

    def place(self, member: _Member) -> None:
        """Make one member below the directory."""
        name = self._below_top(member.name, member)
        if not name:
            return
        if member.kind == "directory" and self._kinds.get(name) == "directory":
            return
        if name in self._kinds:
            raise InvalidArchive(f"the archive holds {member.name!r} twice")
        self._make_parents(name)
        path = f"{self._directory}/{name}"
        if member.kind == "directory":
            ops.mkdir(path)
        elif member.kind == "link":
            self._check_target(name, member)
            ops.symlink(member.target, path)
        elif member.kind == "again":
            source = self._below_top(member.target, member)
            if self._kinds.get(source) != "file":
                raise InvalidArchive(
                    f"{member.name!r} is a hard link to {member.target!r}, which is no file before it"
                )
            ops.link(f"{self._directory}/{source}", path)
        else:
            self._write(member, path)
        self._kinds[name] = "file" if member.kind == "again" else member.kind

    def check_links(self) -> None:
        """Follow every link as the system does: a link to a link may lead where neither says so alone."""
        root = os.path.realpath(self._directory)
        for name, kind in self._kinds.items():
            if kind == "link":
                found = os.path.realpath(f"{self._directory}/{name}")
                if found != root and not found.startswith(root + os.sep):
                    raise InvalidArchive(f"the link {name!r} leads out of the archive")

    def _below_top(self, name: str, member: _Member) -> str:
        """Return the path of a name below the directory, "" for the top itself; InvalidArchive where it may not be."""
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
        absolute = name.startswith(("/", "\\")) or ":" in name.split("/", 1)[0]
        if absolute or ".." in parts or "\0" in name:
            raise InvalidArchive(f"{member.name!r} would leave the directory")
        if not parts:
            return ""
        self.top = self.top or parts[0]
        if parts[0] != self.top or (len(parts) == 1 and member.kind != "directory"):
            raise InvalidArchive(
                f"{member.name!r} does not lie in the archive's directory {self.top!r}"
            )
        return "/".join(parts[1:])

    def _make_parents(self, name: str) -> None:
        parent = ""
        for part in name.split("/")[:-1]:
            parent = f"{parent}/{part}" if parent else part
            kind = self._kinds.get(parent)
            if kind is None:
                ops.mkdir(f"{self._directory}/{parent}")
                self._kinds[parent] = "directory"
            elif kind != "directory":
                raise InvalidArchive(f"{name!r} lies below {parent!r}, which is a {kind}")

    @staticmethod
    def _check_target(name: str, member: _Member) -> None:
        target = member.target
        place = os.path.normpath(os.path.join(os.path.dirname(name), target))
        if not target or os.path.isabs(target) or "\0" in target or place.split("/")[0] == "..":
            raise InvalidArchive(
                f"the link {member.name!r} leads out of the archive, to {target!r}"
            )

    def _write(self, member: _Member, path: str) -> None:
        self._bytes += member.size
        if self._bytes > _MOST_BYTES:
            raise InvalidArchive(f"the archive unpacks to more than {_MOST_BYTES >> 30} GiB")
        # PEP 706, data: without the owner's right to execute, nobody has it; nobody but the owner may write
        mode = (member.mode & 0o755 if member.mode & 0o100 else member.mode & 0o644) | 0o600
        ops.stream(path, _content(member), mode)
        ops.utime(path, ns=(int(member.time * 10**9),) * 2)


def _content(member: _Member) -> Iterator[bytes]:
    """Yield what a file holds, and no more than it said."""
    stream = member.open()
    if stream is None:
        raise InvalidArchive(f"{member.name!r} has no content")
    left = member.size
    with stream:
        while chunk := stream.read(_BLOCK):
            left -= len(chunk)
            if left < 0:
                break
            yield chunk
    if left:
        raise InvalidArchive(f"{member.name!r} is not as long as the archive says")


def _members(archive: str) -> Iterator[_Member]:
    with open(archive, "rb") as stream:
        if stream.read(2) == b"PK":
            yield from _of_zip(archive)
            return
        stream.seek(0)
        # not by `tarfile`, whose streams leave the checksum of gzip unread
        with _plain(archive, stream) as plain:
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                yield from _of_tar(tar)
            while plain.read(_BLOCK):
                continue


def _plain(archive: str, stream: IO[bytes]) -> IO[bytes]:
    try:
        return packed.unpacked(stream)
    except NotImplementedError as error:
        raise InvalidArchive(
            f"{archive} cannot be read: {error}",
            hint="run alcove under a Python that can (Zstandard: 3.14 or newer), or choose a version whose build is a .tar.gz",
        ) from None


def _of_tar(tar: tarfile.TarFile) -> Iterator[_Member]:
    for info in tar:
        if info.isdir():
            kind = "directory"
        elif info.isreg():
            kind = "file"
        elif info.issym():
            kind = "link"
        elif info.islnk():
            kind = "again"
        else:
            raise InvalidArchive(f"{info.name!r} is neither a file, a directory nor a link")
        # called while this is the current member: a stream has no way back
        yield _Member(
            info.name,
            kind,
            info.mode,
            info.mtime,
            info.size,
            info.linkname,
            partial(tar.extractfile, info),
        )


def _of_zip(archive: str) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            mode = info.external_attr >> 16
            if mode & 0o170000 not in (0, 0o100000, 0o040000):
                raise InvalidArchive(f"{info.filename!r} is neither a file nor a directory")
            kind = "directory" if info.is_dir() else "file"
            time = _seconds(info)
            yield _Member(
                info.filename,
                kind,
                mode or 0o755,
                time,
                info.file_size,
                "",
                partial(packed.open, info),
            )


def _seconds(info: zipfile.ZipInfo) -> float:
    import time  # noqa: PLC0415

    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0
