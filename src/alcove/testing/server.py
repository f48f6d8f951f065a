"""An index over HTTP on 127.0.0.1, with the habits and the troubles that real ones have.

Rule: it serves what a `DiskIndex` wrote to disk and nothing else; what was asked is kept in `requests`.

>>> with serve(index("/tmp/index")) as server:  # doctest: +SKIP
...     server.trouble("/files/flask-3.0-py3-none-any.whl", status=503, times=2)
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from alcove.testing.listening import Listening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.testing.index import DiskIndex

__all__ = ["IndexServer", "Request", "Trouble", "serve"]

JSON = "application/vnd.pypi.simple.v1+json"


class Request(NamedTuple):
    """One request that was answered: method, path as asked, headers (names in lower case), status of the answer."""

    method: str
    path: str
    headers: dict[str, str]
    status: int


class Trouble(NamedTuple):
    """What goes wrong with one path: an error `status`, a wait in seconds, a body cut after `cut` bytes, other bytes.

    `stall`: for how many seconds nothing comes after the first half of the body.
    """

    status: int = 0
    wait: float = 0.0
    cut: int | None = None
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    stall: float = 0.0


class IndexServer:
    """A running server: `url` is the index URL to give; switches may be turned while it runs.

    `ranges`: answer byte ranges. `json`: offer PEP 691 to those that accept it. `etags`: send them, and answer 304.
    `credentials`: (user, password) without which everything is 401, or None.
    """

    def __init__(self, index: DiskIndex) -> None:
        self.index = index
        self.ranges = True
        self.json = True
        self.etags = True
        self.credentials: tuple[str, str] | None = None
        self.requests: list[Request] = []
        self._troubles: dict[str, list[Trouble]] = {}
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"server_of_tests": self})
        self._http = Listening(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """The address of the simple index."""
        return f"http://127.0.0.1:{self._http.server_port}/simple"

    def trouble(
        self,
        path: str,
        *,
        times: int = 1,
        status: int = 0,
        wait: float = 0.0,
        cut: int | None = None,
        body: bytes | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        stall: float = 0.0,
    ) -> None:
        """Let the next `times` requests for `path` go wrong as `Trouble` says."""
        what = Trouble(status, wait, cut, body, headers, stall)
        with self._lock:
            self._troubles.setdefault(path, []).extend([what] * times)

    def asked(self, path: str) -> int:
        """Return how often `path` was asked for."""
        return sum(request.path == path for request in self.requests)

    def _next_trouble(self, path: str) -> Trouble:
        with self._lock:
            waiting = self._troubles.get(path)
            return waiting.pop(0) if waiting else Trouble()


@contextmanager
def serve(index: DiskIndex) -> Iterator[IndexServer]:
    """Serve `index` on a port of 127.0.0.1 that was free, until the block ends."""
    server = IndexServer(index)
    thread = threading.Thread(target=server._http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server._http.shutdown()
        server._http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the index's directory."""

    protocol_version = "HTTP/1.1"
    server_of_tests: IndexServer

    def do_GET(self) -> None:
        """Answer with the body."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer without the body."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep quiet: `requests` is the log."""

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        trouble = self.server_of_tests._next_trouble(path)
        if trouble.wait:
            time.sleep(trouble.wait)
        if not self._allowed():
            self._send(401, b"who are you?", {"WWW-Authenticate": 'Basic realm="index"'})
            return
        found = self._file(path)
        if trouble.status or found is None:
            self._send(trouble.status or 404, trouble.body or b"no", dict(trouble.headers))
            return
        content, kind = found
        headers = {"Content-Type": kind, **dict(trouble.headers)}
        if trouble.body is not None:
            content = trouble.body
        self._send_content(content, headers, trouble.cut, trouble.stall)

    def _allowed(self) -> bool:
        if self.server_of_tests.credentials is None:
            return True
        import base64

        user, password = self.server_of_tests.credentials
        wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        return self.headers.get("Authorization", "") == wanted

    def _file(self, path: str) -> tuple[bytes, str] | None:
        """Return content and type of what lies at `path`, None where nothing does."""
        parts = [part for part in path.split("/") if part]
        if ".." in parts or not parts or parts[0] not in {"simple", "files"}:
            return None
        target = os.path.join(self.server_of_tests.index.directory, *parts)
        kind = "application/octet-stream"
        if os.path.isdir(target):
            as_json = self.server_of_tests.json and JSON in self.headers.get("Accept", "")
            target = os.path.join(target, "index.json" if as_json else "index.html")
            kind = JSON if as_json else "text/html; charset=utf-8"
        if not os.path.isfile(target):
            return None
        with open(target, "rb") as stream:
            return stream.read(), kind

    def _send_content(
        self, content: bytes, headers: dict[str, str], cut: int | None, stall: float
    ) -> None:
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self.server_of_tests.etags:
            headers["ETag"] = etag
            if self.headers.get("If-None-Match") == etag:
                self._send(304, b"", headers)
                return
        status = 200
        asked = self.headers.get("Range", "")
        if self.server_of_tests.ranges:
            headers["Accept-Ranges"] = "bytes"
            span = byte_span(asked, len(content)) if asked else None
            if asked and span is None:
                self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            if span is not None:
                first, last = span
                headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
                content, status = content[first : last + 1], 206
        self._send(status, content, headers, cut, stall)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str],
        cut: int | None = None,
        stall: float = 0.0,
    ) -> None:
        lower = {key.lower(): value for key, value in self.headers.items()}
        self.server_of_tests.requests.append(Request(self.command, self.path, lower, status))
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if cut is not None:
            body, self.close_connection = body[:cut], True
        if self.command != "HEAD":
            try:
                if stall:
                    half = len(body) // 2
                    self.wfile.write(body[:half])
                    time.sleep(stall)
                    body = body[half:]
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client went away, as some tests want


def byte_span(asked: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a Range header with one range (RFC 9110, 14.1.2), None where it does not fit."""
    unit, _, text = asked.partition("=")
    first, dash, last = text.partition("-")
    if unit != "bytes" or not dash or "," in text or not size:
        return None
    try:
        if not first:
            return (max(0, size - int(last)), size - 1) if int(last) > 0 else None
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    except ValueError:
        return None
    return (start, end) if start <= end else None
