"""Paths in messages, read back by a shell's own rules."""

from __future__ import annotations

import shlex

import pytest

from alcove.pasting import pasted, tame


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü", "plain ü"),
        ("two\n\tlines", "two\n\tlines"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("bytes \udcff\x1b", "bytes \\udcff\\x1b"),
        ("over\rwritten\x9b2J\x7f", "over\\rwritten\\x9b2J\\x7f"),
    ],
)
def test_nothing_that_a_terminal_obeys(text: str, shown: str) -> None:
    assert tame(text) == shown
