"""A `Transport` out of a dictionary: what an index, a file server or a broken network would answer, without one.

>>> transport = FakeTransport({"https://index.example/simple/six/": "<a href='six-1.0.tar.gz'>"})
>>> transport.get("https://index.example/simple/six/", {}).status
200
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from alcove.index.transport import Broken, ByteRange, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Asked", "FakeTransport", "Reply"]


class Reply(NamedTuple):
    """One answer. `ranges`: a range asked for is given with 206, as servers of files do.

    `ends_after`: the body breaks off after so many bytes, though Content-Length promises all of it.
    `broken`: no answer at all, for this reason.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    ranges: bool = True
    ends_after: int | None = None
    broken: str = ""


class Asked(NamedTuple):
    """One request that came: URL, headers, and the range wanted."""

    url: str
    headers: dict[str, str]
    byte_range: ByteRange | None


Answers = "Reply | bytes | str | list[Reply] | Callable[[Asked], Reply]"


class FakeTransport:
    """Answers from `pages`: URL -> bytes, text (HTML), a Reply, several to be given in turn, or a function.

    An address that is not there answers 404. `asked` is every request so far, in order.
    """

    def __init__(
        self, pages: Mapping[str, Reply | bytes | str | list[Reply] | Callable[[Asked], Reply]]
    ) -> None:
        self.pages = dict(pages)
        self.asked: list[Asked] = []
        self.closed = False
        self._lock = threading.Lock()

    def get(
        self, url: str, headers: Mapping[str, str], byte_range: ByteRange | None = None
    ) -> Response:
        """Answer one request."""
        asked = Asked(url, dict(headers), byte_range)
        with self._lock:
            self.asked.append(asked)
            reply = self._reply(asked)
        if reply.broken:
            raise Broken(reply.broken)
        return _response(asked, reply)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def urls(self) -> list[str]:
        """Return the URLs asked for, in order."""
        return [asked.url for asked in self.asked]

    def _reply(self, asked: Asked) -> Reply:
        found = self.pages.get(asked.url, Reply(status=404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Reply):
            return found
        if isinstance(found, bytes):
            return Reply(found)
        if isinstance(found, str):
            return Reply(found, headers={"Content-Type": "text/html"})
        return found(asked)


def _response(asked: Asked, reply: Reply) -> Response:
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    status = reply.status
    headers = dict(reply.headers)
    if asked.byte_range and reply.ranges and status == 200:
        first, end = asked.byte_range
        start = max(0, len(body) + first) if first < 0 else first
        stop = len(body) if first < 0 or not end else min(end, len(body))
        if start >= stop:
            return Response(416, {}, url=asked.url)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
        status, body = 206, body[start:stop]
    headers.setdefault("Content-Length", str(len(body)))
    return Response(status, headers, url=asked.url, body=_chunks(body, reply.ends_after))


def _chunks(body: bytes, ends_after: int | None) -> Iterator[bytes]:
    body = body if ends_after is None else body[:ends_after]
    for place in range(0, len(body), 4096):
        yield body[place : place + 4096]
