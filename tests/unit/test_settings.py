"""What the settings say where a place of theirs cannot be written."""

from __future__ import annotations

import errno
import os
import pwd

import pytest

from alcove import settings


def test_a_relative_home_is_that_of_the_current_directory() -> None:
    given = settings.read({"HOME": "me"}, cwd="/d")
    assert given.home == "/d/me"
    assert given.cache.startswith("/d/me/")


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
