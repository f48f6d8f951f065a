"""Several processes at once: changes come one after the other, of many creators one wins, `gc` takes nothing in use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alcove.environments.layout import open_layout
from alcove.files.locking import Lock
from alcove.store.collect import collect
from alcove.store.layout import store_at
from alcove.testing.wheels import wheel
from tests.crash import examine

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NAMES = ("one", "two", "three", "four")


@pytest.fixture
def here(alcove_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory to work in, with wheels to be found."""
    monkeypatch.setenv("PYTHONPATH", f"{SOURCES}/src")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    for name in NAMES:
        files = {f"{name}/__init__.py": "", **{f"{name}/m{at}.py": "" for at in range(50)}}
        wheel(str(tmp_path / "wheels"), name, files=files, entry_points={name: f"{name}:main"})
    assert alcove_home.is_dir()
    work = tmp_path / "work"
    work.mkdir()
    return work


def start(here: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "alcove", *words]
    return subprocess.Popen(
        command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ends(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def test_installs_at_once_all_succeed(here: Path) -> None:
    assert ends(start(here, "create", "-p", sys.executable, "--without-pip")) == (0, "")
    started = [start(here, "install", "--env", ".venv", name) for name in NAMES]
    for process in started:
        code, said = ends(process)
        assert code == 0, said
    layout = open_layout(f"{here}/.venv")
    shown = examine.visible(layout)
    for name in NAMES:
        assert f"site/{name}/__init__.py" in shown
        assert f"bin/{name}" in shown
    assert examine.wrong(layout) == []


def test_who_does_not_want_to_wait_is_told_at_once(here: Path) -> None:
    assert ends(start(here, "create", "-p", sys.executable, "--without-pip"))[0] == 0
    with Lock(f"{here}/.venv/.alcove/lock").acquire() as lock:
        lock.sign("process 4321")
        code, said = ends(start(here, "install", "--no-wait", "--env", ".venv", "one"))
    assert code == 1
    assert "is being changed by process 4321" in said
    assert "hint: " in said


@pytest.mark.parametrize("place", ["new", "empty"])
def test_of_many_creators_one_wins(here: Path, place: str) -> None:
    if place == "empty":
        (here / "env").mkdir()
    words = ("create", "env", "-p", sys.executable, "--without-pip")
    found = [ends(process) for process in [start(here, *words) for _ in range(4)]]
    assert sorted(code for code, _ in found) == [0, 1, 1, 1], found
    for code, said in found:
        assert "Traceback" not in said
        assert (code == 1) == ("error: " in said)
    assert examine.wrong(open_layout(f"{here}/env"), used=False) == []
    assert os.listdir(here) == ["env"]


def test_clearing_at_once_leaves_one_whole(here: Path) -> None:
    words = ("create", "env", "-p", sys.executable, "--without-pip")
    assert ends(start(here, *words))[0] == 0
    found = [ends(one) for one in [start(here, *words, "--clear") for _ in range(4)]]
    for code, said in found:
        assert "Traceback" not in said
        assert (code == 1) == ("error: " in said)
    assert 0 in [code for code, _ in found]
    assert examine.wrong(open_layout(f"{here}/env"), used=False) == []
    assert ends(start(here, *words, "--clear"))[0] == 0
    assert os.listdir(here) == ["env"]


def test_collecting_beside_installs_takes_nothing_in_use(here: Path, alcove_home: Path) -> None:
    assert ends(start(here, "create", "-p", sys.executable, "--without-pip"))[0] == 0
    store = store_at(str(alcove_home / "alcove-data"))
    for turn in ("install", "uninstall"):
        started = [start(here, turn, "--env", ".venv", name) for name in NAMES]
        while any(process.poll() is None for process in started):
            collect(store, now=time.time())
        for process in started:
            code, said = ends(process)
            assert code == 0, said
    layout = open_layout(f"{here}/.venv")
    assert ends(start(here, "rollback", "--env", ".venv", "4"))[0] == 0
    shown = examine.visible(layout)
    for name in NAMES:
        assert f"site/{name}/m49.py" in shown
    assert examine.wrong(layout) == []
    assert examine.store_faults(store.root) == []
