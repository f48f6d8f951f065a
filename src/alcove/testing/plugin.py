"""The pytest plugin: a machine of one's own for a test, and indexes to install from.

Rule: nothing of this machine's settings reaches what a test starts; nothing is imported before a fixture is used.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alcove.testing.index import DiskIndex
    from alcove.testing.server import IndexServer

__all__ = ["alcove_home", "alcove_index", "alcove_index_server", "isolated_environ"]

# What of a machine's environment would change how installers behave; prefixes end with `_`.
SETTINGS = (
    "ALCOVE_",
    "CONDA_",
    "PIP_",
    "POETRY_",
    "PYENV_",
    "UV_",
    "VIRTUALENV_",
    "XDG_",
    "PROMPT",
    "PS1",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUSERBASE",
    "SOURCE_DATE_EPOCH",
    "VIRTUAL_ENV",
    "WORKON_HOME",
)


def isolated_environ(environ: dict[str, str], home: str) -> dict[str, str]:
    """Return `environ` without this machine's settings, and with `home` (absolute) as the home of everything."""
    kept = {
        key: value
        for key, value in environ.items()
        if not any(key.startswith(name) if name.endswith("_") else key == name for name in SETTINGS)
    }
    kept |= {
        "HOME": home,
        "ALCOVE_HOME": os.path.join(home, "alcove-data"),
        "ALCOVE_CACHE": os.path.join(home, "alcove-cache"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_NO_CONFIG": "1",
    }
    return kept


@pytest.fixture
def alcove_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test, and every process that it starts, a fresh home directory; return it."""
    home = tmp_path / "home"
    home.mkdir()
    wanted = isolated_environ(dict(os.environ), str(home))
    for key in list(os.environ):
        if key not in wanted:
            monkeypatch.delenv(key)
    for key, value in wanted.items():
        if os.environ.get(key) != value:
            monkeypatch.setenv(key, value)
    return home


@pytest.fixture
def alcove_index(tmp_path: Path) -> DiskIndex:
    """Return an empty index of files on disk."""
    from alcove.testing.index import index

    return index(str(tmp_path / "index"))


@pytest.fixture
def alcove_index_server(alcove_index: DiskIndex) -> Iterator[IndexServer]:
    """Serve `alcove_index` over HTTP while the test runs."""
    from alcove.testing.server import serve

    with serve(alcove_index) as server:
        yield server
