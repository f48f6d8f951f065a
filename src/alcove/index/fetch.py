"""Requests that end in an answer or a clear error: tries, redirects, logins, limits.

Rule: whatever a server says, no `file:` address is reached from it, nothing falls from https to http unasked,
no login crosses to another origin, and no body grows past its limit, packed or unpacked.
"""

from __future__ import annotations

import os
import sys
import threading
import zlib
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from alcove.errors import FetchError, IndexUnreachable
from alcove.events import Notice
from alcove.index.auth import Logins, basic
from alcove.index.http_dates import retry_after
from alcove.index.local import LocalFiles
from alcove.index.transport import Broken, ByteRange, Response, Transport
from alcove.index.trust import HINT_OF_NONE, NONE_HERE, trusted, trusting
from alcove.index.urls import (
    credentials,
    host,
    join,
    origin,
    redact,
    scheme,
    without_credentials,
    without_fragment,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from alcove.events import Reporter
    from alcove.index_settings import IndexSettings

__all__ = ["Answer", "Fetcher", "NoAnswer", "Stopped"]

T = TypeVar("T")

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 10
_AGAIN = {429, 500, 502, 503, 504, 520, 522, 524, 527}
_FIRST_WAIT = 0.25  # seconds; doubled after each try
_LONGEST_WAIT = 30.0
_TOLD_WAIT = 2.0


class Stopped(FetchError):
    """The session was closed while this was under way."""


class NoAnswer(IndexUnreachable):
    """All tries failed for a `reason` (without a URL) that may pass by itself: nobody listens, no answer in time, an error 5xx.

    `answered`: as in `Broken`; another page of the same server may be had.
    """

    def __init__(self, url: str, reason: str, *, answered: bool) -> None:
        super().__init__(f"{redact(url)}: {reason}", hint=_hint(url, reason))
        self.reason = reason
        self.answered = answered


class Answer(NamedTuple):
    """A whole answer: the body decoded, `url` the one that answered (without credentials), `login` as in `Response`."""

    status: int
    headers: dict[str, str]
    url: str
    body: bytes
    login: str = ""


class Fetcher:
    """Asks for URLs of http, https and file; may be used from many threads.

    `transport` answers http and https; without one, urllib3 does. `pause(seconds)` waits between tries.
    """

    def __init__(
        self,
        settings: IndexSettings,
        *,
        transport: Transport | None,
        reporter: Reporter,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._settings = settings
        self._http = transport
        self._local = LocalFiles()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._pause = pause or self._wait
        self._reporter = reporter
        self.logins = Logins(settings, reporter=reporter)

    def read(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        limit: int,
        byte_range: ByteRange | None = None,
    ) -> Answer:
        """Return the whole answer, at most `limit` bytes of body after decoding.

        Raises NoAnswer when all tries failed, FetchError where another try would not help.
        """

        def attempt() -> Answer:
            response = self.once(url, headers, byte_range)
            try:
                body = b"".join(self._decoded(response, limit))
            finally:
                response.close()
            return Answer(response.status, response.headers, response.url, body, response.login)

        return self.retrying(url, attempt)

    def chunks(self, response: Response) -> Iterator[bytes]:
        """Yield the body as it comes, not decoded; raises Broken, and Stopped after `stop`."""
        for chunk in response:
            self.check()
            yield chunk

    def check(self) -> None:
        """Raise Stopped after `stop`."""
        if self._stop.is_set():
            raise Stopped("interrupted")

    def stop(self) -> None:
        """Let everything under way in other threads end at its next chunk."""
        self._stop.set()

    def close(self) -> None:
        """Stop, and close the connections."""
        self.stop()
        if self._http is not None:
            self._http.close()

    def _wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def retrying(self, url: str, attempt: Callable[[], T]) -> T:
        """Call `attempt` until it does not raise Broken, as often as the settings allow.

        Raises NoAnswer, which names `url`, when all tries failed; IndexUnreachable where more would not help.
        """
        for number in range(self._settings.retries + 1):
            self.check()
            try:
                return attempt()
            except Broken as error:
                last = error
                if not error.passing or number == self._settings.retries:
                    break
                spread = 0.75 + os.urandom(1)[0] / 512  # so that clients do not come in step
                wait = max(error.wait, _FIRST_WAIT * 2**number * spread)
                self._tell(url, error, seconds=min(wait, _LONGEST_WAIT))
                self._pause(min(wait, _LONGEST_WAIT))
        if last.passing:
            raise NoAnswer(url, str(last), answered=last.answered)
        raise IndexUnreachable(f"{redact(url)}: {last}", hint=_hint(url, str(last)))

    def _tell(self, url: str, error: Broken, *, seconds: float) -> None:
        """Say why nothing happens, where a server asks for more patience than a person has unasked."""
        if error.wait >= _TOLD_WAIT:
            text = f"{host(url)}: {error}, and asks for a pause: the next try is in {seconds:.0f} s"
            self._reporter.emit(Notice(text))

    def once(self, url: str, headers: Mapping[str, str], byte_range: ByteRange | None) -> Response:
        """Follow redirects to an answer, with one try: statuses that may pass raise Broken, as breaks do."""
        current = without_fragment(url)
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._with_login(current, headers, byte_range)
            target = response.headers.get("location", "")
            if response.status in _REDIRECTS and target:
                response.close()
                current = self._redirected(current, target)
            elif response.status in _AGAIN:
                response.close()
                wait = retry_after(response.headers)
                raise Broken(f"the server answered {response.status}", wait=wait, answered=True)
            else:
                return response
        raise FetchError(f"{redact(url)}: more than {_MOST_REDIRECTS} redirects")

    def _redirected(self, current: str, target: str) -> str:
        url = join(current, target)
        kind = scheme(url)
        shown = f"{redact(current)} redirects to {redact(url or target)}"
        if kind not in {"http", "https"} or scheme(current) not in {"http", "https"}:
            raise FetchError(f"{shown}: only http and https may be reached so")
        falls = scheme(current) == "https" and kind == "http"
        if falls and not trusted(url, self._settings.trusted_hosts):
            raise FetchError(
                f"{shown}, which is not protected by TLS",
                hint=f"{trusting(url)} allows it",
            )
        return without_fragment(url)

    def _with_login(
        self, address: str, headers: Mapping[str, str], byte_range: ByteRange | None
    ) -> Response:
        """Ask for `address`; credentials in it are for this request only."""
        transport = self._transport(address)
        if transport is self._local:
            return transport.get(address, headers, byte_range)
        url = without_credentials(address)
        own_login = credentials(address)
        login = own_login or self.logins.first(url)
        own = {**headers, "Authorization": basic(login)} if login else headers
        response = transport.get(url, own, byte_range)
        if login and response.status in {401, 403}:
            response.login = "the address given" if own_login else self.logins.whence(url, login)
        if response.status == 401:
            other = self.logins.after_refusal(url)
            if other and other != login:
                response.close()
                own = {**headers, "Authorization": basic(other)}
                response = transport.get(url, own, byte_range)
                response.login = "keyring"
        return response

    def _transport(self, url: str) -> Transport:
        kind = scheme(url)
        if kind == "file":
            return self._local
        if kind not in {"http", "https"} or not origin(url)[1]:
            raise FetchError(
                f"{redact(url)}: not an address that alcove can fetch",
                hint="use http, https or file",
            )
        with self._lock:
            if self._http is None:
                self._http = _http(self._settings)
            return self._http

    def _decoded(self, response: Response, limit: int) -> Iterator[bytes]:
        """Yield the body, unpacked as Content-Encoding says, never more than `limit` bytes."""
        coding = response.headers.get("content-encoding", "").lower().strip()
        if coding in {"", "identity"}:
            yield from self._limited(response, limit)
        elif coding in {"gzip", "x-gzip", "deflate"}:
            yield from self._unpacked(response, limit)
        else:
            raise FetchError(f"{redact(response.url)}: answered in the unknown coding {coding!r}")

    def _limited(self, response: Response, limit: int) -> Iterator[bytes]:
        total = 0
        for chunk in self.chunks(response):
            total += len(chunk)
            if total > limit:
                raise _too_large(response.url, limit)
            yield chunk

    def _unpacked(self, response: Response, limit: int) -> Iterator[bytes]:
        unpack = zlib.decompressobj(32 + zlib.MAX_WBITS)  # gzip and zlib by their first bytes
        left = limit + 1
        empty = True
        for chunk in self.chunks(response):
            if empty and _is_bare(response, chunk):
                unpack = zlib.decompressobj(-zlib.MAX_WBITS)
            empty = False
            try:
                data = unpack.decompress(chunk, left)
            except zlib.error:
                message = "the body is not packed as the answer says"
                raise FetchError(f"{redact(response.url)}: {message}") from None
            left -= len(data)
            if left <= 0:
                raise _too_large(response.url, limit)
            yield data
        if not unpack.eof and not empty:
            raise Broken("the packed body ended early", answered=True)


def _is_bare(response: Response, chunk: bytes) -> bool:
    """Say whether a body that begins with `chunk` has no header: what some servers take `deflate` for."""
    if "deflate" not in response.headers.get("content-encoding", "").lower():
        return False
    # RFC 1950: the method is 8, and the first two bytes are a multiple of 31
    return len(chunk) > 1 and (chunk[0] & 15 != 8 or (chunk[0] << 8 | chunk[1]) % 31 != 0)


def _http(settings: IndexSettings) -> Transport:
    try:
        from alcove.index.client import HttpTransport  # noqa: PLC0415  urllib3 is dear
    except ImportError as error:
        if error.name not in {"ssl", "_ssl"}:
            raise
        raise FetchError(
            f"the Python that runs alcove, {sys.executable}, was built without ssl: no index can be reached",
            hint="install alcove with another Python, or name files on disk: --no-index --find-links DIR",
        ) from None
    return HttpTransport(settings)


def _too_large(url: str, limit: int) -> FetchError:
    return FetchError(
        f"{redact(url)}: the answer is larger than {limit >> 20} MB, the most that alcove reads",
    )


def _hint(url: str, reason: str) -> str:
    if NONE_HERE in reason:
        return HINT_OF_NONE
    if "certificate" in reason:
        return f"PIP_CERT=FILE names another CA bundle; {trusting(url)} trusts the host blindly"
    if "proxy" in reason:
        return "check PIP_PROXY (in pip: --proxy) and the variables http_proxy, https_proxy and no_proxy"
    return "check the address and the network; --offline uses only what is in the cache"
