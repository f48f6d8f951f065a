"""A home for each test, and what a session of tests needs once."""

from __future__ import annotations

import os
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


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with tox, nox, pre-commit and what alcove itself needs, from the public index."""
    root = tmp_path_factory.mktemp("tools")
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL", "ALCOVE"))
    }
    environment = root / "tools"
    python = require_interpreter("3.13")
    run(python, "-m", "venv", environment, environ={**variables, "HOME": str(root / "home")})
    requirements = SOURCE.parent / "requirements" / "runtime.in"
    words = ["-m", "pip", "install", "-q", "-r", requirements, "tox>=4.30", "nox", "pre-commit"]
    run(environment / "bin" / "python", *words, environ={**variables, "HOME": str(root / "home")})
    return environment
