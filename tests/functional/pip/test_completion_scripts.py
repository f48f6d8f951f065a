"""The scripts of `pip completion`, in the shells that are here."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from alcove.pip.completing import script

if TYPE_CHECKING:
    from pathlib import Path

PIP = """\
#!/bin/sh
[ "$PIP_AUTO_COMPLETE" = 1 ] || exit 3
echo "$COMP_CWORD|$COMP_WORDS" >> "$0.log"
echo install
echo inspect
exit 1
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return a pip that writes down what it is asked."""
    path = tmp_path / "pip"
    path.write_text(PIP)
    path.chmod(0o755)
    return path


def run(line: list[str], tmp_path: Path) -> str:
    """Run a shell that must succeed; skip where it is not here."""
    if shutil.which(line[0]) is None:
        pytest.skip(f"no {line[0]} here")
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        line, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_bash(program: Path, tmp_path: Path) -> None:
    code = script("bash", "pip") + (
        'COMP_WORDS=(pip install in); COMP_CWORD=2; _alcove_pip pip; printf "%s,%s" "${COMPREPLY[@]}"'
    )
    assert run(["bash", "--norc", "-c", code], tmp_path) == "install,inspect"
    assert program.with_name("pip.log").read_text() == "2|pip install in\n"


def test_zsh(program: Path, tmp_path: Path) -> None:
    code = (
        "compdef() { :; }; compadd() { shift; print -r -- ${(j:,:)@}; }\n"
        + script("zsh", "pip")
        + "words=(pip install in); CURRENT=3; _alcove_pip\n"
    )
    assert run(["zsh", "-f", "-c", code], tmp_path) == "install,inspect\n"
    assert program.with_name("pip.log").read_text() == "2|pip install in\n"


def test_fish(program: Path, tmp_path: Path) -> None:
    code = script("fish", "pip") + "complete -C 'pip install in'\n"
    assert run(["fish", "--no-config", "-c", code], tmp_path).split() == ["inspect", "install"]
    assert program.with_name("pip.log").read_text() == "2|pip install in\n"
