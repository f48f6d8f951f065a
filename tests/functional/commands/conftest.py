"""A user with a home, a project directory and a directory of wheels, who types alcove commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from alcove.testing.wheels import wheel
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["User"]

COLOURS = {"flavour/__init__.py": "name = 'flavour'\n", "flavour/deep/__init__.py": "x = 1\n"}


class User(NamedTuple):
    """Who types: `project` is where they stand, `wheels` what `--find-links` names, `home` where all else lies."""

    home: Path
    project: Path
    wheels: Path

    def type(
        self,
        *words: str,
        code: int = 0,
        stdin: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run `alcove WORDS` and expect that exit code."""
        done = self.start(*words, stdin=stdin, variables=variables)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def start(
        self, *words: str, stdin: str = "", variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `alcove WORDS`."""
        environ = {**os.environ, **(variables or {}), "PYTHONPATH": os.path.join(ROOT, "src")}
        return subprocess.run(
            [sys.executable, "-m", "alcove", *words],
            cwd=self.project,
            env=environ,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def ask(self, *words: str, code: int = 0) -> Any:
        """Run `alcove WORDS --json` and return what it printed."""
        return json.loads(self.type(*words, "--json", code=code).stdout)

    def install(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `alcove install WORDS` with nothing but the local wheels."""
        return self.type("install", "--no-index", "-f", str(self.wheels), *words)

    @property
    def env(self) -> Path:
        """The project's environment."""
        return self.project / ".venv"

    @property
    def site_packages(self) -> Path:
        """Its site-packages, by the lexical path."""
        (found,) = (self.env / "lib").glob("python*")
        return found / "site-packages"

    def python(self, code: str) -> str:
        """Run some code in the project's environment and return what it printed."""
        words = [str(self.env / "bin" / "python"), "-c", code]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def user(tmp_path: Path, alcove_home: Path) -> User:
    """Give a user with an environment and nothing installed; some wheels are at hand."""
    project = tmp_path / "project"
    project.mkdir()
    wheels = tmp_path / "wheels"
    wheel(
        str(wheels),
        "flavour",
        "1.0",
        files={**COLOURS, "single.py": "y = 2\n"},
        entry_points={"flavour": "flavour:main"},
        data={"share/flavour/list.txt": "salt\n", "etc/flavour.conf": "a = 1\n"},
        dist_info={"licenses/LICENSE": "free\n"},
        summary="Tastes",
    )
    wheel(str(wheels), "flavour", "2.0", files=COLOURS)
    wheel(
        str(wheels),
        "meal",
        "1.0",
        requires=["flavour>=1", "spoon; extra == 'soup'"],
        extras=["soup"],
    )
    wheel(str(wheels), "spoon", "1.0")
    wheel(str(wheels), "feast", "1.0", requires=["meal[soup]"])
    made = User(alcove_home, project, wheels)
    made.type("create", "-p", sys.executable)
    return made
