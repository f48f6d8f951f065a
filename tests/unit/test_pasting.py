"""Paths in messages, read back by a shell's own rules."""

from __future__ import annotations

import shlex

import pytest

from alcove.cli.table import every
from alcove.pasting import TAKE_ENV, addressed, pasted, repair_of, tame


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


def test_a_command_in_a_hint_says_for_which_environment() -> None:
    hint = (
        "alcove check shows it, alcove undo takes it back; alcove repair --env /x; alcove envs, "
        "alcove site-packages; alcove verify --store; alcove runs; the store of alcove list"
    )
    assert addressed(hint, "") == hint
    assert addressed(hint, "-n web") == (
        "alcove check -n web shows it, alcove undo -n web takes it back; alcove repair --env /x; alcove envs, "
        "alcove site-packages -n web; alcove verify --store; alcove runs; the store of alcove list -n web"
    )


def test_the_verbs_that_take_an_environment_are_those_of_the_command_line() -> None:
    taking = {
        name for name, verb in every().items() if any(one.name == "env" for one in verb.options)
    }
    assert taking == TAKE_ENV


def test_what_repairs_a_file_of_an_environment() -> None:
    assert repair_of("/a b/.alcove/state") == "alcove repair --env '/a b'"
    assert repair_of("/a/.alcove") == ""


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
