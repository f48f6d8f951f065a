"""In a working directory that was removed: what needs none works, all else says what is wrong, and nothing goes elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from tests.functional.commands.conftest import User

_GONE = "the current directory no longer exists"


def typed(user: User, *words: str, active: bool = False) -> tuple[int, str, str]:
    """Run a command in a directory that is removed first; return its exit code, stdout and stderr."""
    place = user.home / "gone"
    place.mkdir()
    done = subprocess.run(
        ["/bin/sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *words],
        cwd=place,
        env={
            **os.environ,
            "PYTHONPATH": os.path.join(ROOT, "src"),
            **({"VIRTUAL_ENV": str(user.env)} if active else {}),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def named(user: User) -> User:
    """Give an environment a name, beside that of the project."""
    user.type("create", "-n", "work", "-p", sys.executable)
    return user


def test_what_needs_no_working_directory(named: User) -> None:
    alcove = (sys.executable, "-m", "alcove")
    for words in (
        ("--version",),
        ("list", "-n", "work"),
        ("info", "work"),
        ("envs",),
        ("activate", "work", "--shell", "bash"),
        ("run", "-n", "work", "python", "-c", "pass"),
        ("create", "-n", "other", "-p", sys.executable),
        ("delete", "-y", "other"),
    ):
        code, _, stderr = typed(named, *alcove, *words)
        assert (code, words, stderr if code else "") == (0, words, "")
    code, stdout, _ = typed(named, *alcove, "info", active=True)
    assert (code, str(named.env) in stdout) == (0, True)


@pytest.mark.parametrize("words", ["list", "info", "create x", "delete -y ./x", "virtualenv x"])
def test_what_needs_one_says_that_it_is_gone(named: User, words: str) -> None:
    code, _, stderr = typed(named, sys.executable, "-m", "alcove", *words.split())
    assert (code, _GONE in stderr) == (1, True), stderr


def test_the_pip_inside_writes_nothing_elsewhere(named: User) -> None:
    pip, links = str(named.env / "bin" / "pip"), ("--no-index", "-f", str(named.wheels))
    before = set(os.listdir(named.env))
    for words in (
        ("download", *links, "spoon"),
        ("wheel", *links, "spoon"),
        ("lock", *links, "spoon"),
        ("install", *links, "-t", "there", "spoon"),
    ):
        code, _, stderr = typed(named, pip, *words)
        assert (code, _GONE in stderr) == (1, True), (words, stderr)
    assert typed(named, pip, "install", *links, "spoon")[0] == 0
    code, stdout, _ = typed(named, pip, "install", *links, "spoon")
    assert (code, f"already satisfied: spoon in {named.env}" in stdout) == (0, True)
    assert set(os.listdir(named.env)) == before
