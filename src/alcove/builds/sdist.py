"""Archives of sources: unpacked safely (PEP 625, PEP 706), and their static metadata (PEP 643)."""

from __future__ import annotations

import os
import stat
import tarfile
import time
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple

from packaging.metadata import parse_email
from packaging.utils import InvalidSdistFilename, canonicalize_name, parse_sdist_filename
from packaging.version import InvalidVersion, Version

from alcove import limits
from alcove.builds.members import Bounds, Member, Unpacking
from alcove.builds.streams import Forward, TooMuch
from alcove.errors import BuildFailed
from alcove.files import packed
from alcove.files.refusals import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Bounds", "static_metadata", "unpack_sdist"]

_BOUNDS = Bounds()
_CHUNK = 1 << 20  # bytes
_PKG_INFO_LIMIT = 32 << 20  # bytes
# PEP 643: what a backend may fill in only at build time decides whether metadata can be trusted.
_DECIDING = frozenset({"requires-dist", "requires-python", "provides-extra", "name", "version"})


class _Found(NamedTuple):
    """One member of an archive and the stream of its bytes."""

    member: Member
    stream: IO[bytes] | None
    size: int
    replaces: bool = False


def unpack_sdist(path: str, into: str, *, bounds: Bounds = _BOUNDS) -> str:
    """Unpack an sdist (.tar.gz, .tar.bz2, .tar.xz, .tar, .zip; absolute path) below `into`, a new directory.

    Return the absolute path of its top directory. BuildFailed where a member would leave it, is no file,
    directory or inner link, or where the archive is broken or a bomb; what was written by then lies in `into`.
    """
    unpacking = Unpacking(into, archive=os.path.basename(path), bounds=bounds)
    with _members(path, bounds) as members:
        for found in members:
            # In a tar the later member counts; a ZIP has one of a name, or two readers see two trees.
            unpacking.place(found.member, _chunks(found), replace=found.replaces)
    return unpacking.finish()


def static_metadata(path: str, *, bounds: Bounds = _BOUNDS) -> bytes | None:
    """Return the PKG-INFO of an sdist (absolute path) where it says all that a resolver needs, else None.

    BuildFailed where the archive is broken, or where PKG-INFO is of another distribution than the file name says.
    """
    with _members(path, bounds) as members:
        for found in members:
            top, _, rest = found.member.name.removeprefix("./").partition("/")
            if rest == "PKG-INFO" and top and found.member.kind == "file":
                content = b"".join(_chunks(found)) if found.size <= _PKG_INFO_LIMIT else b""
                return content if _is_static(content, os.path.basename(path)) else None
    return None


def _is_static(content: bytes, filename: str) -> bool:
    fields, unparsed = parse_email(content)
    _check_identity(fields.get("name", ""), fields.get("version", ""), filename)
    try:
        # PEP 643: before metadata version 2.2, nothing in PKG-INFO can be relied on.
        if Version(fields.get("metadata_version", "0")) < Version("2.2"):
            return False
    except InvalidVersion:
        return False
    dynamic = {name.lower() for name in fields.get("dynamic", [])}
    return not dynamic & _DECIDING and not unparsed.keys() & (_DECIDING | {"dynamic"})


def _check_identity(name: str, version: str, filename: str) -> None:
    try:
        expected_name, expected_version = parse_sdist_filename(filename)
        same = canonicalize_name(name) == expected_name and Version(version) == expected_version
    except InvalidSdistFilename:
        return  # an archive from a URL may have any name
    except InvalidVersion:
        same = False
    if not same:
        raise BuildFailed(
            f"{filename} is not what its name says: its PKG-INFO is of {name[:100]!r} {version[:100]!r}",
            hint="the archive is damaged or mislabelled: take another version",
        )


@contextmanager
def _members(path: str, bounds: Bounds) -> Iterator[Iterator[_Found]]:
    """Open an archive by what it is, not by what it is called."""
    name = os.path.basename(path)
    try:
        with open(path, "rb") as raw:
            size = os.fstat(raw.fileno()).st_size
            most = min(bounds.size, max(bounds.free, size * bounds.ratio))
            # By its start: a tar whose last member is a ZIP ends like one.
            if raw.read(4) in (b"PK\x03\x04", b"PK\x05\x06"):
                with zipfile.ZipFile(raw) as archive:
                    yield _zip_members(archive, most)
                return
            raw.seek(0)
            stream = Forward(packed.unpacked(raw), most)
            with tarfile.open(
                fileobj=stream, mode="r:", encoding="utf-8", errors="surrogateescape"
            ) as tar:
                yield _tar_members(tar)
    except TooMuch as error:
        raise BuildFailed(
            f"{name} is a bomb: it unpacks to {error}", hint="do not use this archive"
        ) from None
    except packed.damage() as error:
        reason = str(error) or type(error).__name__
        raise BuildFailed(f"{name} is no archive that can be read: {reason}", hint=_RETRY) from None
    except OSError as error:
        # gzip and bz2 report damage as an OSError without a number
        hint = _RETRY if error.errno is None else _of_system(error)
        raise BuildFailed(
            f"{name} cannot be unpacked: {error.strerror or error}", hint=hint
        ) from error


def _of_system(error: OSError) -> str | None:
    """Return what to do where not the archive is at fault but the place that it is unpacked to."""
    if error.errno in REFUSED:
        return "free some space or give permission there, or name another place: ALCOVE_CACHE=DIR, TMPDIR=DIR"
    return limits.advice(error) or None


def _tar_members(tar: tarfile.TarFile) -> Iterator[_Found]:
    while (info := tar.next()) is not None:
        tar.members = []  # type: ignore[attr-defined]  # a list of all that was seen serves nobody here
        member = Member(
            info.name, _tar_kind(info), info.linkname, bool(info.mode & 0o111), float(info.mtime)
        )
        yield _Found(
            member, tar.extractfile(info) if info.isreg() else None, info.size, replaces=True
        )


def _tar_kind(info: tarfile.TarInfo) -> str:
    if info.isreg():
        return "file"
    if info.isdir():
        return "directory"
    if info.issym():
        return "symlink"
    if info.islnk():
        return "hardlink"
    return "device or pipe"


def _zip_members(archive: zipfile.ZipFile, most: int) -> Iterator[_Found]:
    total = 0
    for info in archive.infolist():
        total += info.file_size
        if total > most:
            raise TooMuch(most)
        mode = info.external_attr >> 16
        kind = "directory" if info.is_dir() else "file"
        target = ""
        if stat.S_ISLNK(mode):
            kind, target = "symlink", archive.read(info).decode() if info.file_size < 4096 else ""
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            kind = "device or pipe"
        member = Member(info.filename, kind, target, bool(mode & 0o111), _zip_time(info))
        yield _Found(member, archive.open(info) if kind == "file" else None, info.file_size)


def _zip_time(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def _chunks(found: _Found) -> Iterator[bytes]:
    if found.stream is None:
        return
    with found.stream as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


_RETRY = "it may have been cut off: fetch it again"
