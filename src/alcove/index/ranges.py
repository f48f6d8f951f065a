"""An archive on a server, of which only the parts that are needed are fetched (RFC 9110, section 14).

Rule: parts count only when they are provably of one and the same file: status 206, the range asked for, the same
total and the same ETag each time. Anything else is NoRanges, and the caller takes the whole file.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from alcove.index.transport import Broken

if TYPE_CHECKING:
    from alcove.index.fetch import Fetcher
    from alcove.index.transport import ByteRange, Response

__all__ = ["LocalBytes", "NoRanges", "RemoteBytes", "content_range"]

_TAIL = 32 << 10
"""Bytes asked for first. The directory of nearly every wheel is in them, METADATA in two of three."""

_LARGEST_PART = 80 << 20  # bytes
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)


class NoRanges(Exception):
    """The server does not give parts of this file."""


def content_range(response: Response) -> tuple[int, int, int] | None:
    """Return (first, end, total) of an answer 206, `end` not included; None for anything else."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", "").strip())
    if response.status != 206 or not match:
        return None
    first, last, total = (int(number) for number in match.groups())
    return (first, last + 1, total) if first <= last < total else None


class RemoteBytes:
    """The archive at `url`; its end is fetched at once. Raises NoRanges, and FetchError as `Fetcher` does."""

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self._fetcher = fetcher
        self._url = url
        self._etag: str | None = None
        self.size = -1
        self._tail = self._ask((-_TAIL, 0))

    def tail(self) -> bytes:
        """Return the last bytes of the archive."""
        return self._tail

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`, out of the tail where they are there."""
        at_hand = self.size - len(self._tail)
        if start >= at_hand:
            return self._tail[start - at_hand : end - at_hand]
        if end > at_hand:
            return self._ask((start, at_hand)) + self._tail[: end - at_hand]
        return self._ask((start, end)) if end > start else b""

    def _ask(self, byte_range: ByteRange) -> bytes:
        def attempt() -> bytes:
            headers = {"Accept-Encoding": "identity"}
            response = self._fetcher.once(self._url, headers, byte_range)
            try:
                return self._part(response, self._check(response, byte_range))
            finally:
                response.close()

        return self._fetcher.retrying(self._url, attempt)

    def _part(self, response: Response, length: int) -> bytes:
        """Return the body, which says that it has `length` bytes, and may come without a Content-Length."""
        found = bytearray()
        for chunk in self._fetcher.chunks(response):
            found += chunk
            if len(found) > length:
                break
        if len(found) != length:
            raise NoRanges("another length than that of the range")
        return bytes(found)

    def _check(self, response: Response, byte_range: ByteRange) -> int:
        """Return how many bytes the answer says to give."""
        part = content_range(response)
        if part is None or response.headers.get("content-encoding", "identity") != "identity":
            raise NoRanges(f"status {response.status}")
        first, end, total = part
        wanted, until = byte_range
        right = end == total if wanted < 0 else (first, end) == (wanted, until)
        if not right or end - first > min(_LARGEST_PART, -wanted if wanted < 0 else _LARGEST_PART):
            raise NoRanges("another range than the one asked for")
        if self.size not in {-1, total} or self._etag not in {None, response.headers.get("etag")}:
            raise NoRanges("the file changed meanwhile")
        length = response.headers.get("content-length", str(end - first))
        if length != str(end - first):
            raise Broken("the length of a part is not that of its range")
        self.size = total
        self._etag = response.headers.get("etag")
        return end - first


class LocalBytes:
    """The archive in the file `path` (absolute); raises OSError. Closed by `close`."""

    def __init__(self, path: str) -> None:
        self._stream = open(path, "rb")  # noqa: SIM115  closed by `close`
        self.size = os.fstat(self._stream.fileno()).st_size

    def tail(self) -> bytes:
        """Return the last bytes of the archive."""
        return self.read(max(0, self.size - _TAIL), self.size)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`."""
        self._stream.seek(start)
        return self._stream.read(max(0, end - start))

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
