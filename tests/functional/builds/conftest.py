"""A build environment made by hand: what `builds` needs of one, and no more."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class HandMade:
    """A virtual environment of a link and two lines; it notes what it is asked to install."""

    def __init__(self, prefix: str, python: str) -> None:
        version = "{}.{}".format(*sys.version_info) if python == sys.executable else ""
        self.prefix = prefix
        self.scripts = os.path.join(prefix, "bin")
        self.python = os.path.join(self.scripts, "python")
        self.installed: list[list[str]] = []
        os.makedirs(self.scripts)
        if version:
            os.makedirs(os.path.join(prefix, "lib", f"python{version}", "site-packages"))
        with open(os.path.join(prefix, "pyvenv.cfg"), "w", encoding="utf-8") as stream:
            home = os.path.dirname(os.path.realpath(python))
            stream.write(f"home = {home}\ninclude-system-site-packages = false\n")
        os.symlink(os.path.realpath(python), self.python)

    def install(self, requirements: Sequence[str], /) -> None:
        """Note the requirements."""
        self.installed.append(list(requirements))


@pytest.fixture
def environment(tmp_path: Path) -> HandMade:
    return HandMade(str(tmp_path / "environment"), sys.executable)


@pytest.fixture
def environment_of(tmp_path: Path) -> Callable[[str], HandMade]:
    return lambda python: HandMade(str(tmp_path / "environment"), python)
