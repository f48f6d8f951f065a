"""A large file that is fetched once, by how many processes it may take: what one received, the next one goes on with.

Rule: it goes on only where a hash is known that will tell pieces of two files apart; without one it begins anew.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from alcove.errors import FetchError, HashMismatch, IndexUnreachable
from alcove.events import Progress, Step
from alcove.files import ops, trees
from alcove.index.fetch import Fetcher
from alcove.index.ranges import content_range
from alcove.index.transport import Broken
from alcove.index.urls import basename, redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.events import Reporter
    from alcove.index.transport import Response, Transport
    from alcove.index_settings import IndexSettings

__all__ = ["fetch"]

_BLOCK = 1 << 20  # bytes
_LIMIT = 2 << 30  # bytes of the largest file that is taken
_TOLD_EVERY = 1 << 18  # bytes between two events


def fetch(
    url: str,
    path: str,
    *,
    sha256: str,
    settings: IndexSettings,
    reporter: Reporter,
    transport: Transport | None = None,
    pause: Callable[[float], None] | None = None,
) -> None:
    """Have the file at `url` at `path` (absolute; what is there of it already is not asked for again).

    `sha256`: in hex, "" where nobody knows it. `transport` and `pause` as in `Fetcher`. HashMismatch, after which nothing is left
    at `path`; FetchError and its kinds, after which what was received is.
    """
    fetcher = Fetcher(settings, transport=transport, reporter=reporter, pause=pause)
    try:
        _File(url, path, sha256, fetcher, reporter).run()
    finally:
        fetcher.close()


class _File:
    """One file under way: `_done` bytes of it lie at `_path`, of which `_hasher` is the digest."""

    def __init__(
        self, url: str, path: str, sha256: str, fetcher: Fetcher, reporter: Reporter
    ) -> None:
        self._url = url
        self._path = path
        self._sha256 = sha256
        self._fetcher = fetcher
        self._reporter = reporter
        self._begin_anew = not sha256
        self._resumed = False
        self._done = 0
        self._total: int | None = None
        self._hasher = hashlib.sha256()

    def run(self) -> None:
        self._take_up()
        if self._is_whole():
            return
        self._reporter.emit(Step("fetching", basename(self._url)))
        self._fetcher.retrying(self._url, self._attempt)
        if not self._is_whole() and self._sha256 and self._resumed:
            self._begin_anew = True  # pieces of two files: once more, in one piece
            self._fetcher.retrying(self._url, self._attempt)
        if self._sha256 and not self._is_whole():
            found = self._hasher.hexdigest()
            self._forget()
            raise HashMismatch(
                f"{redact(self._url)}: its sha256 is {found}, expected {self._sha256}"
            )

    def _is_whole(self) -> bool:
        return bool(self._sha256) and self._hasher.hexdigest() == self._sha256

    def _take_up(self) -> None:
        """Read what an earlier process left, where it can be gone on with."""
        if self._begin_anew:
            return
        try:
            with open(self._path, "rb", buffering=0) as stream:
                while block := stream.read(_BLOCK):
                    self._done += len(block)
                    self._hasher.update(block)
        except FileNotFoundError:
            return

    def _forget(self) -> None:
        """Begin at the first byte."""
        trees.remove(self._path)
        self._done, self._total = 0, None
        self._hasher = hashlib.sha256()
        self._resumed = False

    def _attempt(self) -> None:
        if self._begin_anew or not self._done:
            self._forget()
        wanted = (self._done, 0) if self._done else None
        response = self._fetcher.once(self._url, {"Accept-Encoding": "identity"}, wanted)
        try:
            self._check(response, resuming=wanted is not None)
            self._receive(response)
        finally:
            response.close()

    def _check(self, response: Response, *, resuming: bool) -> None:
        """See that the answer is the file, or the rest of it."""
        if resuming:
            part = content_range(response)
            if part and part[0] == self._done:
                self._total = part[2]
                self._resumed = True
                return
            self._forget()
            if response.status in (206, 416):
                self._begin_anew = True
                raise Broken(f"the server gave no rest of the file ({response.status})")
        if response.status != 200:
            raise IndexUnreachable(
                f"{redact(self._url)}: answered {response.status}",
                hint="look whether there is such a file; another place is said by --mirror",
            )
        length = response.headers.get("content-length", "")
        self._total = int(length) if length.isascii() and length.isdigit() else None

    def _receive(self, response: Response) -> None:
        told = 0
        for chunk in self._fetcher.chunks(response):
            self._keep(chunk)
            if self._done > _LIMIT:
                raise FetchError(f"{redact(self._url)}: larger than {_LIMIT >> 30} GiB")
            told += len(chunk)
            if told >= _TOLD_EVERY:
                told = 0
                self._tell()
        self._tell()
        if self._total is not None and self._done < self._total:
            self._begin_anew = not self._sha256
            raise Broken(f"the file ended after {self._done} of {self._total} bytes")

    def _keep(self, chunk: bytes) -> None:
        try:
            if self._done:
                ops.append(self._path, chunk)
            else:
                ops.write(self._path, chunk)
        except OSError as error:
            raise FetchError(
                f"{self._path} cannot be written: {error.strerror or error}",
                hint="make room or give permission there, or name another place with ALCOVE_CACHE",
            ) from error
        self._done += len(chunk)
        self._hasher.update(chunk)

    def _tell(self) -> None:
        self._reporter.emit(Progress(basename(self._url), self._done, self._total))
