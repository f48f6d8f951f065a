"""A home for each test, and what a session of tests needs once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import alcove
from alcove.testing.interpreters import require_interpreter
from tests.functional.dropin.processes import run

SOURCE = Path(alcove.__file__).parents[1]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return the variables of a user who has nothing yet."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON", "VIRTUAL", "ALCOVE"))
    }
    return kept | {
        "HOME": str(tmp_path / "home"),
        "ALCOVE_HOME": str(tmp_path / "data"),
        "ALCOVE_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": str(SOURCE),
    }


PINS = ("tox==4.67.15", "nox==2026.10.20", "pre-commit==4.7.0")


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment of ours with tox, nox, pre-commit and what alcove itself needs, from the public index."""
    root = tmp_path_factory.mktemp("tools")
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL", "ALCOVE")) and name != "PIP_FIND_LINKS"
    }
    variables |= {"HOME": str(root / "home"), "PYTHONPATH": str(SOURCE)}
    variables |= {"ALCOVE_HOME": str(root / "data"), "ALCOVE_CACHE": str(root / "cache")}
    environment = root / "tools"
    wanted = ["-r", str(SOURCE.parent / "requirements" / "runtime.in")]
    wanted += [f"--with={pin}" for pin in PINS]
    words = ["-m", "alcove", "create", environment, "-p", require_interpreter("3.13"), *wanted]
    run(sys.executable, *words, environ=variables)
    return environment
