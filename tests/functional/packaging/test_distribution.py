"""alcove as a distribution: its wheel and its sdist are built, installed by pip and by pipx, and work from there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest

from scripts.import_graph import ROOT
from tests.functional.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex

BUILD = """
import sys
from flit_core import buildapi
print(buildapi.build_sdist(sys.argv[1]))
print(buildapi.build_wheel(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build sdist and wheel; return the path of each by its kind."""
    pytest.importorskip("flit_core")
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sdist, built = done.stdout.split()
    return {"sdist": str(out / sdist), "wheel": str(out / built)}


def test_what_they_hold(dists: dict[str, str]) -> None:
    if not shutil.which("git"):
        pytest.skip("no git on PATH")
    with zipfile.ZipFile(dists["wheel"]) as archive:
        names = archive.namelist()
    tracked = subprocess.run(
        ["git", "ls-files", "src/alcove"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert {name.removeprefix("src/") for name in tracked} <= set(names)
    assert [name for name in names if name.endswith((".pyc", "~"))] == []
    with tarfile.open(dists["sdist"]) as packed:
        members = {name.partition("/")[2] for name in packed.getnames()}
    assert {"install.py", "LICENSE", "tests/conftest.py", "requirements/dev.txt"} <= members
    assert {"docs/tutorial/first-steps.md", "examples/flask-app/app.py"} <= members
    assert [name for name in members if "__pycache__" in name] == []


def test_what_they_ask_for() -> None:
    """pyproject.toml, runtime.in and the pins that install.py reads name the same distributions."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as stream:
        declared = {name_of(text) for text in tomllib.load(stream)["project"]["dependencies"]}
    assert names_in("runtime.in") == declared
    pinned = names_in("runtime.txt")
    assert pinned - declared == {"markdown-it-py", "mdurl", "pygments"}  # of rich
    assert declared <= pinned
    assert pinned <= names_in("dev.txt")
    with open(os.path.join(ROOT, "docs", "dependencies.md"), encoding="utf-8") as stream:
        told = set(
            re.findall(
                r"[a-z0-9-]+", "".join(row.split("|")[1] for row in stream if row.startswith("| "))
            )
        )
    assert pinned <= told
    assert "tomli-w" not in told


def names_in(file: str) -> set[str]:
    """Return the names of a file of requirements."""
    with open(os.path.join(ROOT, "requirements", file), encoding="utf-8") as stream:
        lines = [line for line in stream if line[0].isalpha()]
    return {name_of(line) for line in lines}


def name_of(text: str) -> str:
    """Return the name that a requirement begins with."""
    return re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0].lower()


@pytest.mark.network
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_installed_by_pip(
    kind: str, dists: dict[str, str], tmp_path: Path, standin_index: DiskIndex
) -> None:
    machine = Machine(tmp_path / "machine")
    home = tmp_path / "pip"
    python = base_python()
    done = machine.run(python, "-m", "venv", str(home))
    assert done.code == 0, done.text
    done = machine.run(str(home / "bin" / "python"), "-m", "pip", "install", "-q", dists[kind])
    assert done.code == 0, done.text
    works(machine, home / "bin" / "alcove", standin_index)


@pytest.mark.network
def test_installed_by_pipx(dists: dict[str, str], tmp_path: Path, standin_index: DiskIndex) -> None:
    machine = Machine(tmp_path / "machine")
    python = base_python()
    home = tmp_path / "with-pipx"
    assert machine.run(python, "-m", "venv", str(home)).code == 0
    done = machine.run(str(home / "bin" / "python"), "-m", "pip", "install", "-q", "pipx")
    assert done.code == 0, done.text
    environ = {
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_DEFAULT_PYTHON": python,
    }
    words = [str(home / "bin" / "pipx"), "install", dists["wheel"]]
    done = machine.run(*words, environ=environ, timeout=240)
    assert done.code == 0, done.text
    works(machine, tmp_path / "bin" / "alcove", standin_index)


def base_python() -> str:
    """Return the Python below the one that runs the tests."""
    return str(getattr(sys, "_base_executable", sys.executable))


def works(machine: Machine, alcove: Path, index: DiskIndex) -> None:
    """Walk a short path with the program `alcove`: the pip inside starts that very installation."""
    machine.environ["PIP_INDEX_URL"] = index.url
    (machine.work.parent / "programs" / "alcove").unlink()
    done = machine.run(str(alcove), "create", "env", "-p", base_python())
    assert done.code == 0, done.text
    python = machine.work / "env" / "bin" / "python"
    done = machine.run(str(python), "-m", "pip", "install", "flask")
    assert done.code == 0, done.text
    assert machine.run(str(machine.work / "env" / "bin" / "flask")).stdout == "Flask 3.0.3\n"
    done = machine.run(str(alcove), "undo", "--env", "env")
    assert done.code == 0, done.text
    done = machine.run(str(machine.work / "env" / "bin" / "pip"), "freeze")
    assert (done.code, done.stdout) == (0, ""), done.text
    library = alcove.resolve().parent.parent
    launched = (machine.work / "env" / "bin" / "pip").read_text()
    assert str(library) in launched
