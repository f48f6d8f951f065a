"""What was fetched before, below the cache's directory; may be deleted at any time, by anybody.

Rule: invisible to correctness. Every file is sealed with its length and checksum or named by its sha256; one
that is torn, garbled or unreadable counts as missing. Files are written aside in `tmp/` and renamed. Where the cache takes
nothing, whole files go to a directory that is there until the session ends, and all else is not kept.

    <cache>/index-v1/pages/AB/KEY        parsed pages (`page_cache.py`), KEY from the URL
    <cache>/index-v1/metadata/AB/KEY     METADATA of wheels, PKG-INFO of sdists
    <cache>/index-v1/urls/AB/KEY         what the file of a URL without known hash turned out to be
    <cache>/index-v1/files/AB/SHA256/NAME
    <cache>/index-v1/tmp/                what is being written
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import zlib
from typing import TYPE_CHECKING

from alcove import limits
from alcove.errors import FetchError
from alcove.files import ops, reading, spare, trees

if TYPE_CHECKING:
    from alcove.events import Reporter

__all__ = ["Cache", "key_of"]

_FOLDER = "index-v1"
_MARK = b"alcove "
_PRIVATE = 0o700  # what a private index says is nobody else's
_ABANDONED = 24 * 3600.0  # seconds after which a file in tmp/ has no owner any more


def key_of(*words: str) -> str:
    """Return a name for the cache, made from a URL or other words."""
    return hashlib.sha256("\0".join(words).encode(errors="surrogatepass")).hexdigest()[:40]


class Cache:
    """The cache below `root` (absolute, need not exist); may be used from many threads."""

    def __init__(self, root: str, *, reporter: Reporter) -> None:
        self.root = os.path.join(root, _FOLDER)
        self._cache = root
        self._spare = ""  # the directory in the place of one that takes nothing
        self._reporter = reporter
        self._lock = threading.Lock()
        self._staged: set[str] = set()
        self._swept = False
        self._told = False
        self._closed = False

    def read(self, kind: str, key: str) -> bytes | None:
        """Return what was written under `key`; None where nothing whole is there."""
        try:
            data = reading.content(self._path(kind, key))
        except OSError:
            return None
        return _unsealed(data)

    def age(self, kind: str, key: str) -> float | None:
        """Return the seconds since something was written under `key`; None where there is nothing."""
        try:
            return time.time() - os.stat(self._path(kind, key)).st_mtime
        except OSError:
            return None

    def write(self, kind: str, key: str, data: bytes) -> None:
        """Keep `data` under `key`; where that fails, the user is told once and work goes on."""
        staged = ""
        try:
            staged = self._begin(os.path.join(self.root, "tmp"), _sealed(data))
            _name(staged, self._path(kind, key))
        except OSError as error:
            self._tell(error)
        finally:
            if staged:
                self.drop(staged)

    def file_path(self, sha256: str, filename: str) -> str:
        """Return where the file of that hash (hex) lies or would lie; `filename` is made safe."""
        if self._spare:
            path = os.path.join(self._spare, sha256, _safe(filename))
            if os.path.exists(path):
                return path
        return os.path.join(self.root, "files", sha256[:2], sha256, _safe(filename))

    def stage(self, data: bytes = b"") -> str:
        """Create a file that is to be kept, and return its path; FetchError where it has a place nowhere."""
        if not self._spare:
            try:
                return self._begin(os.path.join(self.root, "tmp"), data)
            except OSError as error:
                self._go_aside(error)
        try:
            return self._begin(self._spare, data)
        except OSError as error:
            raise self.unwritable(error) from error

    def append(self, staged: str, data: bytes, *, at: int) -> str:
        """Add `data` to a staged file that holds `at` bytes; return its path, which is another one where the cache is full.

        FileNotFoundError where the session was closed; FetchError where it has room nowhere.
        """
        try:
            ops.append(staged, data)
        except FileNotFoundError:
            raise
        except OSError as error:
            moved = self._moved(staged, error)
            try:
                ops.truncate(moved, at)  # some of it may be there
                ops.append(moved, data)
            except OSError as again:
                self.drop(moved)
                raise self.unwritable(again) from again
            return moved
        return staged

    def keep(self, staged: str, sha256: str, filename: str) -> str:
        """Give the staged file of that hash (hex) its place; return its path (absolute). FetchError where it has none."""
        try:
            if not self._is_aside(staged):
                path = self.file_path(sha256, filename)
                try:
                    _name(staged, path)
                except OSError as error:
                    staged = self._moved(staged, error)
                else:
                    return path
            path = os.path.join(self._spare, sha256, _safe(filename))
            try:
                _name(staged, path)
            except OSError as error:
                raise self.unwritable(error) from error
            return path
        finally:
            self.drop(staged)

    def drop(self, staged: str) -> None:
        """Remove a staged file if it is still there."""
        with self._lock:
            self._staged.discard(staged)
        try:
            ops.unlink(staged)
        except OSError:
            return  # renamed by now, or swept later

    def _begin(self, directory: str, data: bytes) -> str:
        path = os.path.join(directory, f"{os.getpid()}-{os.urandom(6).hex()}")
        with self._lock:
            self._staged.add(path)
        try:
            if not os.path.isdir(directory):
                trees.make_directories(directory, _PRIVATE)
            self._sweep(directory)
            ops.write(path, data, 0o600)
        except BaseException:
            self.drop(path)
            raise
        return path

    def _is_aside(self, staged: str) -> bool:
        return bool(self._spare) and os.path.dirname(staged) == self._spare

    def _moved(self, staged: str, error: OSError) -> str:
        """Return where a copy of the staged file lies that the cache has refused with `error`; FetchError."""
        if self._is_aside(staged):
            self.drop(staged)
            raise self.unwritable(error) from error
        self._go_aside(error)
        moved = os.path.join(self._spare, os.path.basename(staged))
        with self._lock:
            self._staged.add(moved)
        try:
            ops.copy(staged, moved)
        except OSError as again:
            self.drop(moved)
            raise self.unwritable(again) from again
        finally:
            self.drop(staged)
        return moved

    def _go_aside(self, error: OSError) -> None:
        self._tell(error)
        with self._lock:
            if self._closed:  # by whom it would have been removed
                raise self.unwritable(error) from error
            if not self._spare:
                self._spare = spare.directory()

    def _tell(self, error: OSError) -> None:
        with self._lock:
            told, self._told = self._told, True
        if not told:
            self._reporter.emit(spare.without(self._cache, error))

    def close(self) -> None:
        """Remove all that is staged by this session, also by its other threads."""
        with self._lock:
            left, self._closed = list(self._staged), True
        for path in left:
            self.drop(path)
        if self._spare:
            trees.remove(self._spare)
            self._spare = ""

    def unwritable(self, error: OSError) -> FetchError:
        """Return the error that says that neither the cache nor what stands in for it can be written, and why."""
        return FetchError(
            f"cannot write the cache {self._cache}, nor a temporary directory: {error.strerror or error}",
            hint=limits.advice(error)
            or "make room or give permission there, or name other places: export ALCOVE_CACHE=DIR TMPDIR=DIR",
        )

    def _path(self, kind: str, key: str) -> str:
        return os.path.join(self.root, kind, key[:2], key)

    def _sweep(self, directory: str) -> None:
        """Remove what killed processes left in `tmp/`; once a session."""
        with self._lock:
            swept, self._swept = self._swept, True
        if swept:
            return
        oldest = time.time() - _ABANDONED
        with os.scandir(directory) as children:
            for child in children:
                try:
                    if child.stat(follow_symlinks=False).st_mtime < oldest:
                        trees.remove(child.path)
                except OSError:
                    continue  # another user's, who sweeps it


def _name(staged: str, path: str) -> None:
    directory = os.path.dirname(path)
    if not os.path.isdir(directory):
        trees.make_directories(directory, _PRIVATE)
    ops.rename(staged, path)


def _sealed(data: bytes) -> bytes:
    return b"%s%08x %d\n%s" % (_MARK, zlib.crc32(data), len(data), data)


def _unsealed(data: bytes) -> bytes | None:
    end = data.find(b"\n", 0, 64)
    if not data.startswith(_MARK) or end < 0:
        return None
    body = data[end + 1 :]
    return (
        body if data[: end + 1] == b"%s%08x %d\n" % (_MARK, zlib.crc32(body), len(body)) else None
    )


def _safe(filename: str) -> str:
    """Return `filename` as one harmless name of a file.

    >>> _safe("../../x"), _safe(".."), _safe("six-1.0.tar.gz")
    ('.._.._x', 'file', 'six-1.0.tar.gz')
    """
    name = "".join(
        "_" if char in '/\\:*?"<>|' or not char.isprintable() else char for char in filename
    )
    while len(os.fsencode(name)) > 250:
        name = name[1:]
    return name if name.strip(". ") else "file"
