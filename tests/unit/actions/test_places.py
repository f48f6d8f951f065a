"""A request that is the name of an environment means its interpreter; a version is a version, whatever its name."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from alcove.actions.pins_of_python import pin_python
from alcove.actions.places import meant, own_pythons, places_for
from alcove.errors import AlcoveError, NotAFile, UsageError
from alcove.settings import Settings, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    """Return the settings of a user with environments called like other things."""
    for name in ("web", "my-env", "312x", "3.12-web", "3.12", "system", "pypy"):
        made = tmp_path / ".virtualenvs" / name
        made.mkdir(parents=True)
        (made / "pyvenv.cfg").write_text("")
    variables = {"HOME": str(tmp_path), "ALCOVE_HOME": str(tmp_path / "data"), "PATH": ""}
    return read(variables, cwd=str(tmp_path))


@pytest.mark.parametrize("name", ["web", "my-env", "312x", "3.12-web"])
def test_a_name_is_the_environments(given: Settings, name: str) -> None:
    assert meant(name, given) == f"{given.named}/{name}"


@pytest.mark.parametrize(
    "request_", ["", "3.12", "system", "pypy", "other", "./web", ">=3", "~/x", "../web", "/web"]
)
def test_all_else_is_what_it_was(given: Settings, request_: str) -> None:
    assert meant(request_, given) == request_


def test_alcoves_own_are_a_source(given: Settings) -> None:
    assert ("alcove", own_pythons(given)) in places_for(given).roots


@pytest.mark.parametrize("request_", ["./python", "/bin/sh", "web", "3.12 3.11"])
def test_what_means_nothing_to_others_is_not_pinned(given: Settings, request_: str) -> None:
    with pytest.raises(AlcoveError):
        pin_python(given, request=[request_])
    with pytest.raises(AlcoveError, match=r"no \.python-version"):
        pin_python(given, request=[])


def test_a_pipe_in_place_of_the_pins_is_neither_read_nor_replaced(
    given: Settings, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / ".python-version")
    with pytest.raises(NotAFile, match="is a pipe"):
        pin_python(given, request=["3.12"])
    with pytest.raises(UsageError, match="cannot be read: it is a pipe"):
        pin_python(given, request=[])
    assert stat.S_ISFIFO((tmp_path / ".python-version").stat().st_mode)
