"""A web server on 127.0.0.1 that does what each test tells it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.testing.web import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server
