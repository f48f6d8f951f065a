"""A real web server on 127.0.0.1 that misbehaves as told: for tests of what only sockets show."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, NamedTuple, Self

from alcove.testing.listening import Listening

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

__all__ = ["Serve", "WebServer"]


class Serve(NamedTuple):
    """One answer of the server.

    `ends_after`: the connection closes after so many bytes of the body. `delay`: seconds before the head.
    `login`: "user:password" in base64 that must be sent, else 401. `chunked`: without Content-Length.
    `slowly`: seconds between pieces of 64 KiB.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    ranges: bool = True
    ends_after: int | None = None
    delay: float = 0.0
    login: str = ""
    chunked: bool = False
    slowly: float = 0.0


class WebServer:
    """Serves `pages` (path or absolute URL -> answers given in turn, the last one for ever).

    `asked`: (path, headers in lower case) of every request so far. With `tls`, speaks HTTPS.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, list[Serve]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        owner = self

        class Handler(_Handler):
            server_of_test = owner

        self._server = Listening(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def add(self, path: str, *answers: Serve) -> str:
        """Serve `answers` at `path` in turn; returns the URL."""
        self.pages[path] = list(answers)
        return self.url + path

    def page(self, path: str, text: str) -> str:
        """Serve a page in HTML; returns the URL."""
        return self.add(path, Serve(text.encode(), headers={"Content-Type": "text/html"}))

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [path for path, _ in self.asked]

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End serving."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of_test: WebServer

    def do_CONNECT(self) -> None:
        """Answer as a proxy that builds no tunnel: `pages` has `HOST:PORT`, and a status that is an error."""
        self.do_GET()

    def do_GET(self) -> None:
        owner = self.server_of_test
        owner.asked.append(
            (self.path, {name.lower(): value for name, value in self.headers.items()})
        )
        answers = owner.pages.get(self.path, [Serve(status=404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.delay:
            time.sleep(answer.delay)
        if answer.login and self.headers.get("Authorization") != f"Basic {answer.login}":
            answer = Serve(status=401, headers={"WWW-Authenticate": "Basic"})
        self._answer(answer)

    def _answer(self, answer: Serve) -> None:
        body, status, headers = answer.body, answer.status, dict(answer.headers)
        wanted = self.headers.get("Range", "")
        if wanted and answer.ranges and status == 200:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(0, len(body) - int(last))
            end = min(int(last) + 1, len(body)) if first and last else len(body)
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
            status, body = 206, body[start:end]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header(
            *(
                ("Transfer-Encoding", "chunked")
                if answer.chunked
                else ("Content-Length", str(len(body)))
            )
        )
        self.end_headers()
        self._send(answer, body if answer.ends_after is None else body[: answer.ends_after])
        if answer.ends_after is not None:
            self.close_connection = True
        elif answer.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, answer: Serve, body: bytes) -> None:
        for place in range(0, len(body), 1 << 16):
            piece = body[place : place + (1 << 16)]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
            if answer.slowly:
                self.wfile.flush()
                time.sleep(answer.slowly)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # a client that goes away is what some tests want
            self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  its name there
        """Stay silent."""
