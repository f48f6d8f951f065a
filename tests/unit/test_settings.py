"""What the settings say where a place of theirs cannot be written."""

from __future__ import annotations

import errno
import os
import pwd
from typing import TYPE_CHECKING

import pytest

from alcove import settings
from alcove.actions.where import absolute, argument
from alcove.errors import AlcoveError
from alcove.interpreters import requests

if TYPE_CHECKING:
    from pathlib import Path


def test_a_relative_home_is_that_of_the_current_directory() -> None:
    given = settings.read({"HOME": "me"}, cwd="/d")
    assert given.home == "/d/me"
    assert given.cache.startswith("/d/me/")


def test_a_working_directory_that_was_removed_is_missed_by_who_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".virtualenvs" / "x").mkdir(parents=True)
    (home / ".virtualenvs" / "x" / "pyvenv.cfg").touch()
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    given = settings.read({"HOME": str(home), "PWD": str(tmp_path)})
    assert given.here == ""
    assert absolute("/a/../b", given) == "/b"
    assert argument("x", given) == f"{home}/.virtualenvs/x"
    assert requests.parse("/a/python", directory=given.here, home="/h").path == "/a/python"
    for need in (
        lambda: given.cwd,
        lambda: absolute("b", given),
        lambda: argument("./x", given),
        lambda: requests.parse("./python", directory=given.here, home="/h"),
        lambda: settings.read({"HOME": "me"}),
    ):
        with pytest.raises(AlcoveError, match="the current directory no longer exists") as caught:
            need()
        assert caught.value.exit_code == 1


def test_an_empty_home_is_none() -> None:
    home = pwd.getpwuid(os.getuid()).pw_dir
    assert settings.read({"HOME": ""}, cwd="/").named == f"{home}/.virtualenvs"


def test_a_user_whom_nobody_knows_has_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it does then
    given = settings.read({}, cwd="/d")
    assert given.home == "/"
    assert given.cache.startswith("/.cache/")


@pytest.mark.parametrize(
    ("path", "number", "named"),
    [
        ("/h/cache/resolutions/cd", errno.EACCES, "ALCOVE_CACHE=DIR"),
        ("/d/store", errno.EROFS, "ALCOVE_HOME=DIR"),
        ("/d/roots", errno.ENOTDIR, "ALCOVE_HOME=DIR"),
        ("/", errno.EACCES, ""),
        ("/h", errno.ENOSPC, "ALCOVE_CACHE=DIR"),
        ("/h/cache", errno.EIO, ""),
        ("/h/cachet", errno.EACCES, ""),
        (None, errno.EACCES, ""),
    ],
)
def test_another_place_is_named(path: str | None, number: int, named: str) -> None:
    given = settings.read({"HOME": "/h", "ALCOVE_HOME": "/d", "ALCOVE_CACHE": "/h/cache"}, cwd="/")
    advice = given.advice(OSError(number, os.strerror(number), path))
    assert given.advice(OSError(errno.EMFILE, "")).endswith("ulimit -n 256")
    assert advice == (f"choose another place for what alcove keeps: {named}" if named else "")
