"""The one seam to the outside: a `Transport` answers one request, and knows nothing of indexes.

Rule: a transport follows no redirect, adds no credentials, decodes nothing and tries once; all of that is
decided in `fetch.py`, so that it holds for every transport and can be tested without a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["Broken", "ByteRange", "Response", "Transport", "range_header"]

ByteRange = tuple[int, int]
"""(first, end) of the bytes wanted, the end not included; (-n, 0) for the last n bytes; (n, 0) for all from n on."""


class Broken(Exception):
    """No answer, or one that ended early: `str()` says why, without a URL.

    `passing`: trying again may help. `wait`: seconds that the server asked for, 0 when it did not. `answered`: there was a
    beginning of an answer, so another address of that server may fare better.
    """

    def __init__(
        self, reason: str, *, passing: bool = True, wait: float = 0.0, answered: bool = False
    ) -> None:
        super().__init__(reason)
        self.passing = passing
        self.wait = wait
        self.answered = answered


class Response:
    """What a server answered: `status`, `headers` (names in lower case), the `url` that answered, and the body.

    `login`: where the login stands that was sent with the request, as `auth.Logins.whence` says it, "" for none.

    Iterating gives the body as it came over the wire, in chunks, once; it raises Broken where it ends early.
    """

    __slots__ = ("_body", "_close", "headers", "login", "status", "url")

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        *,
        url: str,
        body: Iterable[bytes] = (),
        close: Callable[[], None] | None = None,
    ) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.url = url
        self.login = ""
        self._body = body
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        """Yield the body's chunks; Broken when fewer or more bytes come than Content-Length says."""
        length = self.headers.get("content-length", "")
        expected = int(length) if length.isascii() and length.isdigit() else None
        received = 0
        for chunk in self._body:
            received += len(chunk)
            if expected is not None and received > expected:
                raise Broken(f"more than the {expected} bytes announced", answered=True)
            yield chunk
        if expected is not None and received < expected:
            told = f"the answer ended after {received} of {expected} bytes"
            raise Broken(told, answered=True)

    def close(self) -> None:
        """Give up what was not read."""
        if self._close is not None:
            self._close()
            self._close = None


class Transport(Protocol):
    """Whoever answers requests for http and https URLs."""

    def get(
        self, url: str, headers: Mapping[str, str], byte_range: ByteRange | None = None
    ) -> Response:
        """Send one GET for `url` (no credentials in it) and return the answer; raises Broken."""

    def close(self) -> None:
        """Let go of all connections."""


def range_header(byte_range: ByteRange) -> str:
    """Return the value of the Range header.

    >>> range_header((-100, 0)), range_header((5, 0)), range_header((5, 10))
    ('bytes=-100', 'bytes=5-', 'bytes=5-9')
    """
    first, end = byte_range
    if first < 0:
        return f"bytes={first}"
    return f"bytes={first}-{end - 1}" if end else f"bytes={first}-"
