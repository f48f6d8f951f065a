"""Whole files: fetched once, their hash known before they get a name, kept by it.

Rule: a file of the cache is hashed again at each first use in a session; what does not match is fetched again.
Files of this disk are not copied.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import FetchError, HashMismatch
from alcove.files.data import DataError, dumps, loads
from alcove.index.cache import key_of
from alcove.index.transfer import Transfer
from alcove.index.urls import basename, local_path, redact, scheme, without_credentials

if TYPE_CHECKING:
    from alcove.events import Reporter
    from alcove.index.cache import Cache
    from alcove.index.fetch import Fetcher
    from alcove.index.file import Hashes

__all__ = ["Downloaded", "Downloads"]

_BLOCK = 1 << 20  # bytes


class Downloaded(NamedTuple):
    """A file at hand: `path` absolute (in the cache, or where a `file:` URL led), sha256 in hex, size in bytes."""

    path: str
    sha256: str
    size: int


class Downloads:
    """Gets files into the cache; may be used from many threads."""

    def __init__(
        self, cache: Cache, fetcher: Fetcher, *, reporter: Reporter, offline: bool
    ) -> None:
        self._cache = cache
        self._fetcher = fetcher
        self._reporter = reporter
        self._offline = offline

    def obtain(
        self, url: str, *, hashes: Hashes, filename: str = "", size: int | None = None
    ) -> Downloaded:
        """Return the file at `url`, all of `hashes` checked; raises FetchError and its kinds."""
        filename = filename or basename(url) or "file"
        if scheme(url) == "file":
            return self._local(url, hashes)
        sha256 = dict(hashes).get("sha256", "")
        found = self.cached(sha256, filename) if sha256 else None
        if found:
            return found
        kept = None if sha256 else self._remembered(url, filename, hashes)
        if kept and self._offline:
            return kept[0]
        if self._offline:
            raise FetchError(
                f"offline, and not in the cache: {filename} ({redact(url)})",
                hint="run once without --offline",
            )
        return self._fetched(url, filename, hashes, size=size, kept=kept)

    def cached(self, sha256: str, filename: str) -> Downloaded | None:
        """Return the file of that hash if it lies in the cache undamaged."""
        if len(sha256) != 64 or sha256.strip("0123456789abcdef"):
            return None
        path = self._cache.file_path(sha256, filename)
        try:
            digests, size = _digests(path, {"sha256"})
        except OSError:
            return None
        return Downloaded(path, sha256, size) if digests["sha256"] == sha256 else None

    def _fetched(
        self,
        url: str,
        filename: str,
        hashes: Hashes,
        *,
        size: int | None,
        kept: tuple[Downloaded, dict[str, str]] | None,
    ) -> Downloaded:
        transfer = Transfer(url, self._cache, self._fetcher, self._reporter)
        transfer.prepare(filename, hashes, size)
        try:
            if not transfer.run(kept[1] if kept else {}) and kept:
                return kept[0]
            problem = _mismatch(transfer.digests(), hashes)
            if problem and transfer.resumed:
                # pieces of two files: once more, in one piece
                transfer.restart(whole=True)
                transfer.run({})
                problem = _mismatch(transfer.digests(), hashes)
            if problem:
                raise _refuse(url, problem)
            sha256 = transfer.digests()["sha256"]
            path = self._cache.keep(transfer.staged, sha256, filename)
        finally:
            transfer.close()
        self._remember(url, sha256, transfer.answered)
        return Downloaded(path, sha256, transfer.received)

    def _local(self, url: str, hashes: Hashes) -> Downloaded:
        path = local_path(url)
        if not path or not os.path.isfile(path):
            raise FetchError(f"{redact(url)}: there is no such file", hint="check the path")
        try:
            digests, size = _digests(path, {"sha256", *(name for name, _ in hashes)})
        except OSError as error:
            raise FetchError(f"{path}: {error.strerror}", hint="check its permissions") from error
        problem = _mismatch(digests, hashes)
        if problem:
            raise _refuse(url, problem)
        return Downloaded(path, digests["sha256"], size)

    def _remember(self, url: str, sha256: str, headers: dict[str, str]) -> None:
        """Keep which file a URL gave, for URLs whose hash nobody tells."""
        known = {
            "sha256": sha256,
            "etag": headers.get("etag", ""),
            "modified": headers.get("last-modified", ""),
        }
        self._cache.write("urls", key_of(without_credentials(url)), dumps(known))

    def _remembered(
        self, url: str, filename: str, hashes: Hashes
    ) -> tuple[Downloaded, dict[str, str]] | None:
        """Return the file that a URL gave last time, and the headers that ask whether it changed."""
        data = self._cache.read("urls", key_of(without_credentials(url)))
        try:
            known = loads(data) if data else {}
        except DataError:
            return None
        found = self.cached(str(known.get("sha256", "")), filename)
        if not found or _mismatch(_digests(found.path, {name for name, _ in hashes})[0], hashes):
            return None
        pairs = {
            "If-None-Match": known.get("etag"),
            "If-Modified-Since": known.get("modified"),
        }
        return found, {name: value for name, value in pairs.items() if value}


def _digests(path: str, algorithms: set[str]) -> tuple[dict[str, str], int]:
    hashers = {name: hashlib.new(name) for name in algorithms}
    size = 0
    with open(path, "rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            for hasher in hashers.values():
                hasher.update(block)
    return {name: hasher.hexdigest() for name, hasher in hashers.items()}, size


def _mismatch(digests: dict[str, str], hashes: Hashes) -> str:
    """Return what is wrong with the digests, "" where all fit."""
    for name, wanted in hashes:
        if name in digests and digests[name] != wanted:
            return f"its {name} is {digests[name]}, expected {wanted}"
    return ""


def _refuse(url: str, problem: str) -> HashMismatch:
    return HashMismatch(
        f"{redact(url)}: {problem}",
        hint="it was damaged or replaced on its way; try again, and if it stays so, do not use this index",
    )
