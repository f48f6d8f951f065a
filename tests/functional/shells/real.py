"""The real command as a program on PATH, and shells that read what it prints, with a home of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.plugin import isolated_environ
from scripts.import_graph import ROOT
from tests.functional.activation.shells import INSTALLED

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Home"]

_START = """\
#!{python} -I
import os, sys

sys.path.insert(0, {source!r})
with open({starts!r}, "a", encoding="utf-8") as stream:
    stream.write(" ".join(sys.argv[1:]) + "\\n")
from alcove.cli.main import main

main()
"""


class Home:
    """A home directory; `environ` is what its shells are started with, `starts` notes each start of the program."""

    def __init__(self, directory: Path) -> None:
        self.path = directory
        self.starts = directory / "starts"
        binaries = directory / "bin"
        binaries.mkdir(parents=True)
        program = binaries / "alcove"
        text = _START.format(
            python=sys.executable, source=os.path.join(ROOT, "src"), starts=str(self.starts)
        )
        program.write_text(text)
        program.chmod(0o755)
        path = os.pathsep.join([str(binaries), "/usr/bin", "/bin", INSTALLED])
        self.environ = {**isolated_environ(dict(os.environ), str(directory)), "PATH": path}
        for name in ("LANG", "LC_ALL", "ZDOTDIR", "PROJECT_HOME"):
            self.environ.pop(name, None)
        self.environ |= {"LANG": "C.UTF-8", "TERM": "xterm"}

    def program(self, shell: str) -> str:
        """Return the absolute path of a shell; the test is skipped where it is not installed."""
        found = shutil.which(shell, path=self.environ["PATH"])
        if found is None:
            pytest.skip(
                f"NOT TESTED: {shell} is not installed (tests/functional/activation/install_shells.sh)"
            )
        return found

    def alcove(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `alcove WORDS` in the home directory and expect that exit code."""
        return self.run([str(self.path / "bin" / "alcove"), *words], code=code)

    def shell(self, shell: str, script: str, *flags: str, code: int = 0) -> str:
        """Run a script in a shell and return what it printed."""
        return self.run([self.program(shell), *flags, "-c", script], code=code).stdout

    def run(self, words: list[str], *, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a program in the home directory and expect that exit code."""
        done = subprocess.run(
            words,
            cwd=self.path,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        text = f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, text
        assert "Traceback" not in done.stderr, text
        return done

    def count(self) -> int:
        """Return how often the program was started since the last call."""
        lines = self.starts.read_text().splitlines() if self.starts.exists() else []
        self.starts.write_text("")
        return len(lines)
