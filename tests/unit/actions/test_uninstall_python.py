"""Which of alcove's own interpreters a request means, who uses it, and what is never removed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from alcove.actions.uninstall_python import Removal, removal, uninstall_python
from alcove.errors import AlcoveError, NoSuchInterpreter, UsageError
from alcove.settings import Settings, read
from tests.unit.image import bring

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "cpython-3.12.1-linux-x86_64",
    "cpython-3.12.7-linux-x86_64",
    "cpython-3.13.0+freethreaded-linux-x86_64",
    "pypy-3.10.14-linux-x86_64",
)


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    """Return the settings of a user with some interpreters, and rubbish beside them."""
    for name in (*NAMES, ".cpython-3.9.1-linux-x86_64.1-0123abcd.tmp"):
        (tmp_path / "data/pythons" / name / "bin").mkdir(parents=True)
    return read({"HOME": str(tmp_path), "ALCOVE_HOME": str(tmp_path / "data")}, cwd=str(tmp_path))


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ("3.12.1", NAMES[0]),
        (NAMES[1], NAMES[1]),
        ("3.13t", NAMES[2]),
        ("pypy", NAMES[3]),
        ("./data/pythons/" + NAMES[0] + "/bin/python3", NAMES[0]),
    ],
)
def test_one_is_meant(given: Settings, request_: str, name: str) -> None:
    assert removal(given, request=request_).path == f"{given.data}/pythons/{name}"


@pytest.mark.parametrize("request_", ["3.11", "3.9", "3.13", "web", "/usr/bin/python3", ".."])
def test_others_are_not_its_to_remove(given: Settings, request_: str) -> None:
    with pytest.raises(NoSuchInterpreter, match="installed no interpreter") as caught:
        removal(given, request=request_)
    assert NAMES[0] in str(caught.value.hint)


def test_several_are_told_apart(given: Settings) -> None:
    with pytest.raises(UsageError, match="any of") as caught:
        removal(given, request="3.12")
    assert NAMES[1] in caught.value.message


def test_whoever_uses_it_is_named(given: Settings, tmp_path: Path) -> None:
    env = tmp_path / ".virtualenvs/copied"
    (env / "bin").mkdir(parents=True)
    (env / "bin/python").write_text("a copy")
    home = f"{given.data}/pythons/{NAMES[0]}/bin"
    (env / "pyvenv.cfg").write_text(f"home = {home}\n")
    found = removal(given, request="3.12.1")
    assert found.environments == (str(env),)
    with pytest.raises(AlcoveError, match="copied") as caught:
        uninstall_python(found)
    assert "--force" in str(caught.value.hint)
    assert (tmp_path / "data/pythons" / NAMES[0]).is_dir()
    uninstall_python(found, force=True)
    left = sorted(path.name for path in (tmp_path / "data/pythons").iterdir())
    assert left == sorted(NAMES[1:])


def test_one_that_an_image_brought(
    given: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, str(tmp_path))
    uninstall_python(removal(given, request="3.12.1"))
    left = sorted(path.name for path in (tmp_path / "data/pythons").iterdir())
    assert left == sorted(NAMES[1:])


def test_the_one_that_runs_alcove_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "cpython-3.12.1-linux-x86_64/bin/python3"
    python.parent.mkdir(parents=True)
    python.write_text("")
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(AlcoveError, match="runs this alcove"):
        uninstall_python(Removal(str(python.parent.parent), ()), force=True)
    assert python.exists()
