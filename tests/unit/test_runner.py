"""The Python that the installer chooses to run alcove."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import runner
from scripts.fetch import Trouble
from scripts.import_graph import ROOT

_ELSEWHERE = {"msvcrt", "winreg"}  # of another system


def program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def python(tmp_path: Path) -> str:
    """Return a program that is this Python by another name."""
    return program(tmp_path / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')


def test_the_one_of_the_system_comes_first(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    monkeypatch.setattr(runner, "SYSTEM", python)
    monkeypatch.setattr(sys, "platform", "linux")
    assert runner.choose("/own/python3", (3, 11)) == python
    assert runner.choose(python, (3, 11)) == python


def test_the_one_of_the_system_has_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    (tmp_path / "python3.11").symlink_to(python)
    monkeypatch.setattr(runner, "SYSTEM", python)
    monkeypatch.setattr(sys, "platform", "linux")
    assert runner.choose(str(tmp_path / "python3.11"), (3, 99)) == python


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nexit 1\n",
        "#!/nonexistent\n",
        "",
        f'#!/bin/sh\n{sys.executable} "$@" -V\nexit 3\n',
    ],
    ids=["fails", "nowhere", "empty", "odd"],
)
def test_one_that_does_not_run_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(runner, "SYSTEM", program(tmp_path / "python3", text))
    assert runner.choose("/own/python3", (3, 11)) == "/own/python3"


def test_one_that_is_not_there_too_old_or_lacks_something(
    monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setattr(runner, "SYSTEM", python + "-not-there")
    assert runner.choose("/own/python3", (3, 11)) == "/own/python3"
    monkeypatch.setattr(runner, "SYSTEM", python)
    assert runner.choose("/own/python3", (3, 99)) == "/own/python3"
    monkeypatch.setattr(runner, "NEEDED", f"{runner.NEEDED}, not_there")
    assert runner.choose("/own/python3", (3, 11)) == "/own/python3"


def test_elsewhere_than_on_linux_it_is_the_own(
    monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setattr(runner, "SYSTEM", python)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert runner.choose("/own/python3", (3, 11)) == "/own/python3"


def test_what_alcove_imports_is_asked_for() -> None:
    imported = set()
    for directory, names, files in os.walk(os.path.join(ROOT, "src", "alcove")):
        names[:] = [name for name in names if name not in ("templates", "testing")]
        for name in files:
            if name.endswith(".py"):
                text = Path(directory, name).read_text(encoding="utf-8")
                try:
                    nodes = list(ast.walk(ast.parse(text)))
                except SyntaxError:
                    continue  # for Pythons of long ago
                imported |= {
                    alias.name
                    for node in nodes
                    if isinstance(node, ast.Import)
                    for alias in node.names
                }
                imported |= {
                    str(node.module)
                    for node in nodes
                    if isinstance(node, ast.ImportFrom) and not node.level
                }
    tops = {name.partition(".")[0] for name in imported} & set(sys.stdlib_module_names)
    asked = {name.partition(".")[0] for name in runner.NEEDED.split(", ")}
    assert {top for top in tops - asked - _ELSEWHERE if not _is_always_there(top)} == set()


def _is_always_there(name: str) -> bool:
    """Tell whether a module comes with the start of every Python, or is a private one, which others ask for."""
    return name.startswith("_") or name in sys.builtin_module_names


def test_what_is_of_this_python_does_not_reach_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    other = program(
        tmp_path / "python3", f'#!/bin/sh\necho "$PYTHONHOME|$PYTHONPATH|$@" > {seen}\nexit 5\n'
    )
    monkeypatch.setenv("PYTHONHOME", "/own")
    monkeypatch.setenv("PYTHONPATH", "/own")
    assert runner.install_with(other, "install.py", ["--here"]) == 5
    assert seen.read_text() == "||install.py --here\n"


def test_one_that_is_interrupted_comes_to_its_end(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    text = f"#!/bin/sh\ntrap 'sleep 1; echo done > {seen}; exit 130' INT\nkill -INT $PPID\nkill -INT $$\n"
    other = program(tmp_path / "python3", text)
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # a shell may have it ignored
        f"from scripts import runner; print(runner.install_with({other!r}, 'install.py', []))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("130\n", "")
    assert seen.read_text() == "done\n"


def test_one_that_a_signal_ended_is_told(tmp_path: Path) -> None:
    other = program(tmp_path / "python3", "#!/bin/sh\nkill -KILL $$\n")
    with pytest.raises(Trouble, match="signal 9"):
        runner.install_with(other, "install.py", [])
