"""Answers for `file:` URLs: a file, or the `index.html` of a directory, as pip has it.

Rule: reads only; never reached through a redirect (`fetch.py` sees to that).
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from alcove.index.transport import Broken, ByteRange, Response
from alcove.index.urls import local_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LocalFiles"]

_CHUNK = 1 << 18  # bytes


class LocalFiles:
    """A `Transport` for `file:` URLs; a missing file answers 404, an unreadable one 403."""

    def get(
        self, url: str, headers: Mapping[str, str], byte_range: ByteRange | None = None
    ) -> Response:
        """Return the file's content, or a part of it; `headers` do not matter."""
        del headers
        path = local_path(url)
        if path and os.path.isdir(path):
            path = os.path.join(path, "index.html")
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | _BINARY)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
            return Response(404, {}, url=url)
        except OSError as error:
            return Response(403, {"x-reason": error.strerror or ""}, url=url)
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            os.close(descriptor)
            return Response(403, {"x-reason": "not a regular file"}, url=url)
        first, end = _bounds(byte_range, facts.st_size)
        answer = {"content-length": str(end - first), "accept-ranges": "bytes"}
        if byte_range:
            answer["content-range"] = f"bytes {first}-{end - 1}/{facts.st_size}"
        body = _Part(descriptor, first, end)
        return Response(206 if byte_range else 200, answer, url=url, body=body, close=body.close)

    def close(self) -> None:
        """Nothing is kept open."""


_BINARY = getattr(os, "O_BINARY", 0)


def _bounds(byte_range: ByteRange | None, size: int) -> tuple[int, int]:
    first, end = byte_range or (0, 0)
    if first < 0:
        return max(0, size + first), size
    return min(first, size), min(end or size, size)


class _Part:
    """Yields the bytes from `place` to `end` of an open file."""

    __slots__ = ("_descriptor", "_end", "_place")

    def __init__(self, descriptor: int, place: int, end: int) -> None:
        self._descriptor = descriptor
        self._place = place
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._place >= self._end or self._descriptor < 0:
            self.close()
            raise StopIteration
        try:
            os.lseek(self._descriptor, self._place, os.SEEK_SET)
            chunk = os.read(self._descriptor, min(_CHUNK, self._end - self._place))
        except OSError as error:
            self.close()
            raise Broken(error.strerror or "cannot be read", passing=False) from error
        if not chunk:
            self.close()
            raise StopIteration
        self._place += len(chunk)
        return chunk

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        self.close()
