"""The addresses of files that a lock names."""

from __future__ import annotations

import pytest

from alcove.locks.checks import file_url, path_of_url


@pytest.mark.parametrize("path", ["/a b/c#d?e%f", "/\xe9", "/p\udcff/x"])
def test_there_and_back(path: str) -> None:
    assert path_of_url(file_url(path)) == path
    assert file_url(path).isascii()


def test_what_is_no_file_has_no_path() -> None:
    assert path_of_url("https://files.example/x") == ""
