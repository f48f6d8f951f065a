"""A decompressed stream that is read forwards only, and not beyond a limit."""

from __future__ import annotations

import io
from typing import Protocol

__all__ = ["Forward", "Source", "TooMuch"]

_KEPT = 512  # bytes: tarfile steps back by one at the end of a member
_CHUNK = 1 << 18  # bytes
_ONE_READ = 16 << 20  # bytes: tarfile reads a long header at once


class Source(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes."""


class TooMuch(Exception):
    """More than `limit` bytes would come out."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"more than {limit >> 20} MiB" if limit >= 1 << 20 else f"more than {limit} bytes"
        )


class Forward(io.RawIOBase):
    """What `tarfile` needs of a file, on a stream that cannot go back: `read`, `seek` forwards, `tell`."""

    def __init__(self, stream: Source, limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._limit = limit
        self._position = 0  # where the reader believes to be
        self._end = 0  # how far the stream was read
        self._last = b""  # the bytes before `_end`

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True: forwards, and a few bytes back."""
        return True

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset` bytes from the start; io.UnsupportedOperation where that is too far back."""
        if whence != io.SEEK_SET or offset < self._end - len(self._last):
            raise io.UnsupportedOperation("this stream is read forwards")
        if offset > self._limit:
            raise TooMuch(self._limit)
        while self._end < offset and self._pull(min(_CHUNK, offset - self._end)):
            pass
        self._position = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; TooMuch beyond the limit."""
        if size < 0 or size > _ONE_READ:
            raise TooMuch(_ONE_READ)
        known = b""
        if self._position < self._end:
            start = len(self._last) - (self._end - self._position)
            known = self._last[start : start + size]
        parts = [known]
        missing = size - len(known)
        while missing and self._position + size - missing == self._end:
            data = self._pull(missing)
            if not data:
                break
            parts.append(data)
            missing -= len(data)
        result = b"".join(parts)
        self._position += len(result)
        return result

    def _pull(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._end += len(data)
        if self._end > self._limit:
            raise TooMuch(self._limit)
        self._last = (self._last + data)[-_KEPT:] if len(data) < _KEPT else data[-_KEPT:]
        return data
