"""A server on 127.0.0.1 for tests, that says nothing when a client goes away in the middle of an answer."""

from __future__ import annotations

import sys
from http.server import ThreadingHTTPServer
from typing import Any

__all__ = ["Listening"]


class Listening(ThreadingHTTPServer):
    """Serves in threads; a client that has what it needs, or enough, is no error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, where it is the server's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
