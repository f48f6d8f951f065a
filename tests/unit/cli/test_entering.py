"""A directory entered with `cd`: who is asked, how often, and what a walk past a hostile one does."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.cli.entering import entered
from alcove.settings import Settings, read
from alcove.shells.trust import trust_of

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a directory with an environment in it."""
    folder = tmp_path / "project"
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    (folder / ".venv/bin/activate").write_text("PATH=x\n")
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return read({"HOME": str(tmp_path), "ALCOVE_HOME": str(tmp_path / "data")}, cwd=str(tmp_path))


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> Terminal:
    """Let the user type `text`; return what they see."""
    seen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(text))
    monkeypatch.setattr(sys, "stderr", seen)
    return seen


def test_asked_once_and_again_when_the_content_changed(
    project: Path, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = str(project / ".venv")
    assert "activate" in (answer(monkeypatch, "y\n"), entered(str(project), here))[0].getvalue()
    seen = answer(monkeypatch, "")
    assert entered(str(project), here) == env
    assert seen.getvalue() == ""
    with open(project / ".venv/bin/activate", "a", encoding="utf-8") as stream:
        stream.write("touch OWNED\n")
    seen = answer(monkeypatch, "n\n")
    assert entered(str(project), here) == ""
    assert "alcove trust" in seen.getvalue()
    seen = answer(monkeypatch, "y\n")
    assert entered(str(project), here) == ""  # a no is remembered, too
    assert seen.getvalue() == ""


def test_without_an_answer_nothing_is_remembered(
    project: Path, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "")
    assert entered(str(project), here) == ""
    assert trust_of(here).answer(str(project / ".venv")) is None
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))  # no terminal: nobody is asked
    assert entered(str(project), here) == ""
    assert trust_of(here).answer(str(project / ".venv")) is None


def test_a_walk_past_a_hostile_directory_is_quiet(
    project: Path, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = answer(monkeypatch, "y\n" * 9)
    os.mkfifo(project / ".venv/bin/activate.fish")
    assert entered(str(project), here) == ""
    (project / "file").mkdir()
    (project / "file/.venv").write_text("\x00\n\n")
    (project / "pipe").mkdir()
    os.mkfifo(project / "pipe/.venv")
    (project / "loop").mkdir()
    (project / "loop/.venv").symlink_to(".venv")
    for name in ("file", "pipe", "loop", "nowhere"):
        assert entered(str(project / name), here) == ""
    assert seen.getvalue() == ""


def test_a_name_is_shown_and_does_not_write_to_the_terminal(
    tmp_path: Path, project: Path, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "o\x1b[2Jdd"
    project.rename(odd)
    seen = answer(monkeypatch, "n\n")
    entered(str(odd), here)
    assert "\x1b" not in seen.getvalue()
    assert "\\x1b[2Jdd" in seen.getvalue()
