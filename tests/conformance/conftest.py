"""What the conformance tests share: a world filled with wheels, and the others' programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conformance import stock
from tests.conformance.worlds import World, world_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEWEST = "26.3"  # the newest pip that this was tried with; pins make a failure ours


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a world whose wheels are those of `stock`."""
    found = world_at(str(tmp_path / "world"))
    stock.fill(found)
    return found


@pytest.fixture(scope="session")
def pip_wheel(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return a function that fetches the wheel of a version of pip from the public index and returns its path."""
    folder = tmp_path_factory.mktemp("pips")

    def fetch(version: str) -> str:
        path = folder / f"pip-{version}-py3-none-any.whl"
        if not path.exists():
            words = ("download", "-q", "--no-deps", "--only-binary=:all:", "-d", str(folder))
            subprocess.run(
                [sys.executable, "-I", "-m", "pip", *words, f"pip=={version}"],
                check=True,
                env={**_quiet(), "HOME": str(folder)},
            )
        return str(path)

    return fetch


@pytest.fixture(scope="session")
def uv() -> str:
    """Return uv's program, beside the interpreter of the tests or on PATH; without one the test is skipped."""
    beside = os.path.join(os.path.dirname(sys.executable), "uv")
    found = beside if os.access(beside, os.X_OK) else shutil.which("uv")
    if found is None:
        pytest.skip("no uv on this machine")
    return found


def _quiet() -> dict[str, str]:
    dropped = ("PIP_FIND_LINKS", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return kept | {"PIP_CONFIG_FILE": os.devnull}
