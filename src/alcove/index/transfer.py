"""One download under way: into a staged file, hashed as it comes, gone on with where it broke off.

Rule: it goes on only where the rest is provably of the same file (`If-Range`), or where a hash will tell.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from alcove.errors import FetchError, IndexUnreachable, NoSuchDistribution
from alcove.events import Progress, Reporter, Step
from alcove.index.fetch import Stopped
from alcove.index.ranges import content_range
from alcove.index.refusals import refusal
from alcove.index.transport import Broken
from alcove.index.urls import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.index.cache import Cache
    from alcove.index.fetch import Fetcher
    from alcove.index.file import Hashes
    from alcove.index.transport import ByteRange, Response

__all__ = ["Transfer"]

_BUFFER = 1 << 20  # bytes written at once
_TOLD_EVERY = 1 << 18  # bytes between two events


class Transfer:
    """The download of `url`. `staged`: path of the file so far; `received` bytes; `answered`: the last headers."""

    def __init__(self, url: str, cache: Cache, fetcher: Fetcher, reporter: Reporter) -> None:
        self._url = url
        self._cache = cache
        self._fetcher = fetcher
        self._reporter = reporter
        self._subject = redact(url)
        self._hashes: Hashes = ()
        self._size: int | None = None
        self._whole = False
        self.staged = ""
        self.answered: dict[str, str] = {}
        self.restart()

    def prepare(self, filename: str, hashes: Hashes, size: int | None) -> None:
        """Say what is expected: the name for events, hashes to compute, size in bytes where it is known."""
        self._subject = filename
        self._hashes = hashes
        self._size = size
        self.restart()

    def restart(self, *, whole: bool = False) -> None:
        """Forget what was received; with `whole`, never ask for a part again."""
        self.close()
        self._whole = self._whole or whole
        names = {"sha256", *(name for name, _ in self._hashes)}
        self._hashers = {name: hashlib.new(name) for name in names}
        self._buffer = bytearray()
        self._told = 0
        self.received = 0
        self.resumed = False

    def run(self, questions: Mapping[str, str]) -> bool:
        """Receive the whole file; False when the server says that the known one still holds (304).

        `questions`: headers of a conditional request. Raises FetchError and its kinds.
        """
        self._reporter.emit(Step("fetching", self._subject))
        changed = self._fetcher.retrying(self._url, lambda: self._attempt(questions))
        if changed and not self.staged:
            self.staged = self._cache.stage()
        self._tell(self._size or self.received, last=True)
        return changed

    def digests(self) -> dict[str, str]:
        """Return algorithm -> hex of what was received."""
        return {name: hasher.hexdigest() for name, hasher in self._hashers.items()}

    def close(self) -> None:
        """Remove the staged file, if it has no other name by now."""
        if self.staged:
            self._cache.drop(self.staged)
            self.staged = ""

    def _attempt(self, questions: Mapping[str, str]) -> bool:
        headers = {"Accept-Encoding": "identity"}
        byte_range = self._rest()
        if byte_range:
            validator = self._validator()
            headers |= {"If-Range": validator} if validator else {}
        else:
            self.restart()
            headers |= questions
        response = self._fetcher.once(self._url, headers, byte_range)
        try:
            if response.status == 304 and questions and not byte_range:
                return False
            self._begin(response, byte_range)
            self._receive(response)
        finally:
            response.close()
        return True

    def _rest(self) -> ByteRange | None:
        """Return the range that is missing, None to begin anew."""
        if self._whole or not self.received or not (self._hashes or self._validator()):
            return None
        return self.received, 0

    def _validator(self) -> str:
        etag = self.answered.get("etag", "")
        if etag and not etag.startswith("W/"):
            return etag
        return self.answered.get("last-modified", "")

    def _begin(self, response: Response, byte_range: ByteRange | None) -> None:
        """Check that the answer is what was asked for; raises where it is no file."""
        status = response.status
        if byte_range:
            part = content_range(response)
            if part and part[0] == self.received:
                self.resumed = True
                return
            self.restart()
            if status != 200:
                self._whole = True
                raise Broken(f"the server gave no rest of the file ({status})")
        elif status != 200:
            raise _refused(self._url, status, response.login)
        self.answered = response.headers
        length = response.headers.get("content-length", "")
        if self._size is None and length.isascii() and length.isdigit():
            self._size = int(length)

    def _receive(self, response: Response) -> None:
        try:
            for chunk in self._fetcher.chunks(response):
                for hasher in self._hashers.values():
                    hasher.update(chunk)
                self._buffer += chunk
                self.received += len(chunk)
                if self._size is not None and self.received > self._size:
                    message = f"larger than the {self._size} bytes that were announced"
                    raise FetchError(f"{redact(self._url)}: {message}")
                if len(self._buffer) >= _BUFFER:
                    self._flush()
                self._tell(self._size, last=False)
        finally:
            self._flush()
        if self._size is not None and self.received < self._size:
            raise Broken(f"the file ended after {self.received} of {self._size} bytes")

    def _flush(self) -> None:
        data, self._buffer = bytes(self._buffer), bytearray()
        if not data:
            return
        if not self.staged:
            self.staged = self._cache.stage(data)
            return
        try:
            self.staged = self._cache.append(self.staged, data, at=self.received - len(data))
        except FileNotFoundError:
            raise Stopped("interrupted") from None  # the session was closed, its files removed

    def _tell(self, total: int | None, *, last: bool) -> None:
        if last or self.received - self._told >= _TOLD_EVERY:
            self._told = self.received
            self._reporter.emit(Progress(self._subject, self.received, total))


def _refused(url: str, status: int, login: str) -> FetchError:
    where = redact(url)
    if status in {404, 410}:
        return NoSuchDistribution(
            f"{where}: there is no such file ({status})",
            hint="check the address; what an index lists may be removed from it meanwhile",
        )
    if status in {401, 403}:
        text, hint = refusal(status, login)
        return IndexUnreachable(f"{where}: {text}", hint=hint)
    return IndexUnreachable(f"{where}: answered {status}", hint="try again later")
