"""The metadata of a file with as little traffic as possible.

A wheel: its metadata file (PEP 658, PEP 714), else the bytes of METADATA inside it, else the whole wheel.
An sdist: its metadata file or PKG-INFO where they are static (PEP 643), else `NeedsBuild`.

Rule: kept by the file's hash, checked against name and version of the file each time it is fetched.
"""

from __future__ import annotations

import errno
import hashlib
import threading
from typing import TYPE_CHECKING

from alcove.errors import AlcoveError, FetchError, HashMismatch, InvalidWheel
from alcove.index.cache import key_of
from alcove.index.core_metadata import METADATA_LIMIT, check, is_static
from alcove.index.ranges import LocalBytes, NoRanges, RemoteBytes
from alcove.index.urls import local_path, origin, redact, scheme
from alcove.index.zip_member import Bytes, Member, Unreadable, find, read_member

if TYPE_CHECKING:
    from alcove.index.cache import Cache
    from alcove.index.downloads import Downloaded, Downloads
    from alcove.index.fetch import Fetcher
    from alcove.index.file import File

__all__ = ["MetadataReader", "NeedsBuild"]

_FRESH = 600.0  # seconds
_SMALL = 48 << 10  # bytes: such a wheel is fetched whole, it takes one request either way


class NeedsBuild(AlcoveError):
    """The metadata of `file` (an sdist) is known only after its backend was asked."""

    def __init__(self, file: File) -> None:
        super().__init__(
            f"{file.filename}: its metadata is not static; it must be built to be known",
            hint="a wheel of another version may do without a build",
        )
        self.file = file


class MetadataReader:
    """Reads the metadata of files; may be used from many threads."""

    def __init__(
        self, cache: Cache, fetcher: Fetcher, downloads: Downloads, *, offline: bool
    ) -> None:
        self._cache = cache
        self._fetcher = fetcher
        self._downloads = downloads
        self._offline = offline
        self._lock = threading.Lock()
        self._without_ranges: set[tuple[str, str, int]] = set()

    def read(self, file: File) -> bytes:
        """Return METADATA or PKG-INFO; raises NeedsBuild, InvalidWheel, and FetchError and its kinds."""
        if scheme(file.url) == "file":
            return self._from_disk(file)
        key = key_of("sha256", file.sha256) if file.sha256 else key_of(file.url, file.upload_time)
        data = self._cache.read("metadata", key) if self._holds(file, key) else None
        if data is None:
            data = self._fetched(file)
            self._cache.write("metadata", key, data)
        if file.kind == "sdist" and not is_static(data):
            raise NeedsBuild(file)
        return data

    def _holds(self, file: File, key: str) -> bool:
        """Say whether what is kept may be used: without a hash, the file may have been replaced."""
        if file.sha256 or self._offline:
            return True
        age = self._cache.age("metadata", key)
        return age is not None and age < _FRESH

    def _from_disk(self, file: File) -> bytes:
        path = local_path(file.url)
        if file.kind == "sdist":
            data = _package_info(path)
            if data is None or not is_static(data):
                raise NeedsBuild(file)
            return check(file, data)
        return _whole(file, path)

    def _fetched(self, file: File) -> bytes:
        at_hand = self._downloads.cached(file.sha256, file.filename)
        if self._offline and not at_hand:
            raise FetchError(
                f"offline, and not in the cache: the metadata of {file.filename} ({redact(file.url)})",
                hint="run once without --offline",
            )
        data = None if at_hand else self._offered(file)
        if data is None and file.kind == "sdist":
            found = _package_info((at_hand or self._obtain(file)).path)
            if found is None:
                raise NeedsBuild(file)
            return check(file, found)
        if data is None and not at_hand:
            data = self._from_ranges(file)
        if data is None:
            data = _whole(file, (at_hand or self._obtain(file)).path)
        return check(file, data)

    def _offered(self, file: File) -> bytes | None:
        """Return what the metadata file beside `file` holds; None where there is none after all."""
        if file.metadata is None:
            return None
        # PEP 658: at the file's URL with .metadata appended
        url = file.url + ".metadata"
        answer = self._fetcher.read(url, {"Accept-Encoding": "gzip"}, limit=METADATA_LIMIT)
        if answer.status != 200:
            return None
        for name, wanted in file.metadata:
            digest = hashlib.new(name, answer.body).hexdigest()
            if digest != wanted:
                raise HashMismatch(
                    f"{redact(url)}: its {name} is {digest}, expected {wanted}",
                    hint="it was damaged or replaced on its way; try again",
                )
        return answer.body

    def _from_ranges(self, file: File) -> bytes | None:
        """Return METADATA fetched out of the wheel; None where the whole wheel must do."""
        place = origin(file.url)
        with self._lock:
            useless = place in self._without_ranges
        if useless or (file.size is not None and file.size <= _SMALL):
            return None
        try:
            archive = RemoteBytes(self._fetcher, file.url)
            return read_member(archive, _metadata_member(file, archive), limit=METADATA_LIMIT)
        except NoRanges:
            with self._lock:
                self._without_ranges.add(place)
        except Unreadable:
            return None  # the whole file is checked against its hash, and then judged
        return None

    def _obtain(self, file: File) -> Downloaded:
        return self._downloads.obtain(
            file.url, hashes=file.hashes, filename=file.filename, size=file.size
        )


def _metadata_member(file: File, archive: Bytes) -> Member:
    """Return where METADATA stands; raises InvalidWheel where there is none or more than one."""
    found = find(archive, _is_metadata)
    if len(found) != 1:
        raise InvalidWheel(f"{file.filename}: holds {len(found)} METADATA files, not one")
    return found[0]


def _is_metadata(name: str) -> bool:
    top, _, rest = name.partition("/")
    return rest == "METADATA" and top.endswith(".dist-info")


def _whole(file: File, path: str) -> bytes:
    """Return METADATA of the wheel `path` (absolute)."""
    try:
        archive = LocalBytes(path)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise  # which says nothing of the path
        raise FetchError(f"{path}: {error.strerror}", hint="check the path") from error
    try:
        member = _metadata_member(file, archive)
        return check(file, read_member(archive, member, limit=METADATA_LIMIT))
    except Unreadable as error:
        found = _in_full(path)
        if found is None:
            message = f"{file.filename}: cannot be read as a wheel: {error}"
            raise InvalidWheel(message, hint="fetch it again, or take another version") from error
        return check(file, found)
    finally:
        archive.close()


def _in_full(path: str) -> bytes | None:
    """Return METADATA of a wheel that is at hand, by the reader that unpacks: it knows ZIP64, too; None where there is none."""
    from alcove.wheels import members  # noqa: PLC0415  few are of that kind

    with open(path, "rb") as stream:
        try:
            inside = members.read_members(stream, path)
            found = [one for one in inside if _is_metadata(one.name)]
            fits = len(found) == 1 and found[0].size <= METADATA_LIMIT
            return members.content(stream, found[0], path) if fits else None
        except InvalidWheel:
            return None


def _package_info(path: str) -> bytes | None:
    from alcove.index.sdists import package_info  # noqa: PLC0415  tarfile and its kind are dear

    return package_info(path)
