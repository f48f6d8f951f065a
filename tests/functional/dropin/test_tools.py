"""tox, nox and pre-commit, as they come from the index, over environments that our virtualenv makes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import alcove.virtualenv
from alcove.testing.interpreters import require_interpreter
from tests.functional.dropin.processes import run

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.tools, pytest.mark.network]

VERSIONS = ("3.8", "3.11", "3.13")
INSTEAD = Path(alcove.virtualenv.__file__).parent / "instead"

PROJECT = {
    "pyproject.toml": """
[build-system]
requires = ["flit_core<4"]
build-backend = "flit_core.buildapi"
[project]
name = "demo"
version = "1.0"
description = "A demonstration"
requires-python = ">=3.8"
dependencies = ["six"]
""",
    "demo.py": "import six\n\n__version__ = '1.0'\n",
    "check.py": "import sys, demo, six\nprint('ran', sys.version_info[:2], sys.prefix)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project that needs a backend and a dependency."""
    root = tmp_path / "project"
    root.mkdir()
    for name, text in PROJECT.items():
        (root / name).write_text(text)
    for version in VERSIONS:
        require_interpreter(version)
    return root


@pytest.fixture
def variables(environ: dict[str, str]) -> Mapping[str, str]:
    """Return a user's variables, with the machine's index settings."""
    index = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return environ | index


def is_ours(environment: Path, variables: Mapping[str, str]) -> bool:
    """Tell whether an environment is a view of ours, of the store that the variables name, with distributions in it."""
    site = next((environment / "lib").iterdir()) / "site-packages"
    store = os.path.realpath(environment / ".alcove" / "store")
    return store.startswith(f"{variables['ALCOVE_HOME']}/") and (site / "pip").exists()


def test_tox_runs_three_pythons_in_views(
    project: Path, tools: Path, variables: Mapping[str, str]
) -> None:
    (project / "tox.ini").write_text(
        """
[tox]
env_list = py38, py311, py313
[testenv]
runner = alcove
commands = python check.py
"""
    )
    (project / "toxfile.py").write_text("from alcove.virtualenv.tox_plugin import *\n")
    words = ["run", "-c", project / "tox.ini"]
    said = run(tools / "bin" / "tox", *words, environ=variables).stdout
    for number in ("(3, 8)", "(3, 11)", "(3, 13)"):
        assert f"ran {number}" in said
    for name in ("py38", "py311", "py313", ".pkg"):
        assert is_ours(project / ".tox" / name, variables)
    again = run(tools / "bin" / "tox", *words, "-e", "py313", environ=variables).stdout
    assert "ran (3, 13)" in again
    renewed = run(tools / "bin" / "tox", *words, "-r", "-e", "py313", environ=variables).stdout
    assert "ran (3, 13)" in renewed
    unknown = run(
        tools / "bin" / "tox", *words, "-e", "py39.99,py21", environ=variables, fails=True
    )
    assert "Traceback" not in unknown.stdout + unknown.stderr


def test_tox_is_as_ever_where_nothing_chooses_ours(
    project: Path, tools: Path, variables: Mapping[str, str]
) -> None:
    (project / "tox.ini").write_text("[testenv]\nskip_install = true\ncommands = python -V\n")
    (project / "toxfile.py").write_text("from alcove.virtualenv.tox_plugin import *\n")
    run(tools / "bin" / "tox", "run", "-c", project / "tox.ini", "-e", "py313", environ=variables)
    assert not (project / ".tox" / "py313" / ".alcove").exists()


def test_nox_has_a_backend(project: Path, tools: Path, variables: Mapping[str, str]) -> None:
    (project / "noxfile.py").write_text(
        """
import nox
import alcove.virtualenv.nox_backend

@nox.session(python=["3.8", "3.11", "3.13"], venv_backend="alcove", reuse_venv=True)
def check(session):
    session.install(".")
    session.run("python", "check.py")
"""
    )
    words = ["-f", project / "noxfile.py"]
    for _ in range(2):
        answer = run(tools / "bin" / "nox", *words, environ=variables)
        for number in ("(3, 8)", "(3, 11)", "(3, 13)"):
            assert f"ran {number}" in answer.stdout + answer.stderr
    for version in VERSIONS:
        assert is_ours(project / ".nox" / f"check-{version.replace('.', '-')}", variables)


def test_nox_starts_ours_by_the_name_of_virtualenv(
    project: Path, tools: Path, variables: Mapping[str, str]
) -> None:
    (project / "noxfile.py").write_text(
        "import nox\n\n@nox.session(python='3.11')\ndef check(session):\n    session.run('python', '-V')\n"
    )
    path = {**variables, "PYTHONPATH": str(INSTEAD)}
    run(tools / "bin" / "nox", "-f", project / "noxfile.py", environ=path)
    assert is_ours(project / ".nox" / "check", variables)


HEALTH = """
import sys
from pre_commit import prefix
from pre_commit.languages import python
place = prefix.Prefix(sys.argv[1])
python.install_environment(place, "python3.11", ["six"])
print("health:", python.health_check(place, "python3.11"))
"""


def test_pre_commit_installs_into_ours_and_finds_it_healthy(
    project: Path, tools: Path, variables: Mapping[str, str]
) -> None:
    (project / "health.py").write_text(HEALTH)
    path = {**variables, "PYTHONPATH": str(INSTEAD)}
    said = run(tools / "bin" / "python", project / "health.py", project, environ=path).stdout
    assert "health: None" in said
    environment = project / "py_env-python3.11"
    assert is_ours(environment, variables)
    clean = {name: value for name, value in variables.items() if name != "PYTHONPATH"}
    run(environment / "bin" / "python", "-c", "import demo, six", environ=clean)
    assert sys.executable not in (environment / "pyvenv.cfg").read_text()
