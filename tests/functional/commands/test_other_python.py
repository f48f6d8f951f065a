"""Another tool of another Python, run over an environment of ours, is noticed, and `repair` takes it back."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_interpreter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.functional.commands.conftest import User

LIBRARY = f"python{sys.version_info[0]}.{sys.version_info[1]}"
OTHER = "3.12" if sys.version_info[:2] == (3, 13) else "3.13"


def venv_upgrade(env: Path, python: str) -> None:
    """Run `python -m venv --upgrade`, which writes the settings, a name in bin and a directory in lib."""
    words = ["-I", "-m", "venv", "--upgrade", "--without-pip", str(env)]
    subprocess.run([python, *words], check=True)


def virtualenv(env: Path, python: str) -> None:
    """Do what virtualenv does: the interpreter too, and keys of its own."""
    venv_upgrade(env, python)
    base = os.path.realpath(python)
    (env / "bin" / "python").unlink()
    (env / "bin" / "python").symlink_to(base)
    with (env / "pyvenv.cfg").open("a") as stream:
        stream.write(f"virtualenv = 21.0\nbase-executable = {base}\n")


@pytest.mark.parametrize("overrun", [venv_upgrade, virtualenv])
def test_another_python_is_refused_and_taken_back(
    user: User, overrun: Callable[[Path, str], None]
) -> None:
    user.install("flavour==1.0")
    overrun(user.env, require_interpreter(OTHER))

    told = [row["what"] for row in user.ask("verify", code=1)["findings"]]
    assert any(text.endswith(f"and the environment is one of {LIBRARY}") for text in told)
    assert "names a Python that is not the environment's" in told
    refused = user.type("install", "--no-index", "-f", str(user.wheels), "meal", code=1)
    assert f"holds what is for {LIBRARY}" in refused.stderr
    assert "alcove repair --env" in refused.stderr
    assert OTHER in user.ask("info")["health"]
    pip = [str(user.env / "bin" / "pip"), "list"]
    listed = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert (listed.returncode, listed.stdout) == (1, "")
    assert f"holds what is for {LIBRARY}" in listed.stderr

    assert user.ask("repair", "--no-index", "-f", str(user.wheels))["left"] == []
    assert user.ask("verify")["findings"] == []
    # Of two of one version `repair` cannot know which it was: virtualenv wrote over both places that said it.
    own = ".".join(map(str, sys.version_info[:2]))
    asked = "import flavour, sys; print('.'.join(map(str, sys.version_info[:2])))"
    assert user.python(asked) == own
    assert not (user.env / "bin" / f"python{OTHER}").is_symlink()
    assert "virtualenv" not in (user.env / "pyvenv.cfg").read_text()
    assert user.ask("info")["health"] == "ok"
    user.install("meal")
