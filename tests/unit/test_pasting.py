"""Paths in messages, read back by a shell's own rules."""

from __future__ import annotations

import shlex

import pytest

from alcove.pasting import pasted


@pytest.mark.parametrize(
    "path",
    [
        "/home/me/.venv",
        "",
        "/a b",
        "/it's",
        "/$(touch x)",
        "/`x`",
        "/a;b",
        "/ü",
        "/a!b",
        "~",
        "/a*",
    ],
)
def test_a_path_in_a_hint_can_be_pasted(path: str) -> None:
    assert shlex.split(pasted(path)) == [path]
    assert (pasted(path) == path) == (path == "/home/me/.venv")
