"""What was fetched before, below the cache's directory; may be deleted at any time, by anybody.

Rule: invisible to correctness. Every file is sealed with its length and checksum or named by its sha256; one
that is torn, garbled or unreadable counts as missing. Files are written aside in `tmp/` and renamed.

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

from alcove.errors import FetchError
from alcove.events import Reporter, Warned
from alcove.files import ops, reading, trees

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
        self._reporter = reporter
        self._lock = threading.Lock()
        self._staged: set[str] = set()
        self._swept = False
        self._told = False

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
        try:
            self.keep(self.stage(_sealed(data)), self._path(kind, key))
        except FetchError as error:
            with self._lock:
                told, self._told = self._told, True
            if not told:
                self._reporter.emit(Warned(error.message, error.hint))

    def file_path(self, sha256: str, filename: str) -> str:
        """Return where the file of that hash (hex) lies or would lie; `filename` is made safe."""
        return os.path.join(self.root, "files", sha256[:2], sha256, _safe(filename))

    def stage(self, data: bytes = b"") -> str:
        """Create a file in `tmp/` and return its path; raises FetchError where that fails."""
        directory = os.path.join(self.root, "tmp")
        path = os.path.join(directory, f"{os.getpid()}-{os.urandom(6).hex()}")
        with self._lock:
            self._staged.add(path)
        try:
            if not os.path.isdir(directory):
                trees.make_directories(directory, _PRIVATE)
            self._sweep(directory)
            ops.write(path, data, 0o600)
        except BaseException as error:
            self.drop(path)
            if isinstance(error, OSError):
                raise self.unwritable(error) from error
            raise
        return path

    def keep(self, staged: str, path: str) -> None:
        """Give the staged file its name `path` (absolute); raises FetchError where that fails."""
        try:
            directory = os.path.dirname(path)
            if not os.path.isdir(directory):
                trees.make_directories(directory, _PRIVATE)
            ops.rename(staged, path)
        except OSError as error:
            raise self.unwritable(error) from error
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

    def close(self) -> None:
        """Remove all that is staged by this session, also by its other threads."""
        with self._lock:
            left = list(self._staged)
        for path in left:
            self.drop(path)

    def unwritable(self, error: OSError) -> FetchError:
        """Return the error that says that the cache cannot be written, and why."""
        return FetchError(
            f"cannot write the cache {self.root}: {error.strerror or error}",
            hint="make room or give permission there, or name another place with ALCOVE_CACHE",
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
                if child.stat(follow_symlinks=False).st_mtime < oldest:
                    trees.remove(child.path)


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
