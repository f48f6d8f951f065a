"""Paths as addresses, and back."""

from __future__ import annotations

import pytest

from alcove.requirements.addresses import path_of, url_of


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/a b/c", "file:///a%20b/c"),
        ("/a#b?c%d", "file:///a%23b%3Fc%25d"),
        ("/\xe9", "file:///%C3%A9"),
        ("/p\udcff/x", "file:///p%FF/x"),  # the name of a directory may be any bytes
    ],
)
def test_there_and_back(path: str, url: str) -> None:
    assert url_of(path) == url
    assert path_of(url, "/") == path
