"""A machine of a test's own: a home, a directory to work in, the `alcove` command on PATH, and an index to install from.

Rule: everything goes through the real command line in a process of its own; nothing of this machine is read but its
interpreters, which stand under their usual names (`python3.8`) on a PATH made for the test.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from alcove.testing.interpreters import interpreter
from alcove.testing.plugin import isolated_environ
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Done", "Machine", "snapshot"]

VERSIONS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
_START = """\
import sys

sys.path[:0] = {paths!r}
from alcove.compiled import stand_in

stand_in(sys.modules)  # as the installed command does
from alcove.cli.main import main

sys.exit(main())
"""


class Done(NamedTuple):
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        """All of it, for the message of a failing assertion."""
        return f"exit code {self.code}\n{self.stdout}\n{self.stderr}"


class Machine:
    """`home` and `work` (the current directory of its commands) are below `directory`; `environ` may be changed.

    `python` runs alcove.
    """

    def __init__(
        self, directory: Path, *, index_url: str = "", python: str = sys.executable
    ) -> None:
        self.home = directory / "home"
        self.work = directory / "work"
        programs = directory / "programs"
        for each in (self.home, self.work, programs):
            each.mkdir(parents=True)
        libraries = [path for path in sys.path if path.endswith("site-packages")]
        start = programs / "start.py"
        start.write_text(_START.format(paths=[os.path.join(ROOT, "src"), *libraries]))
        command = programs / "alcove"
        command.write_text(f'#!/bin/sh\nexec "{python}" -I -S "{start}" "$@"\n')
        command.chmod(0o755)
        for version in VERSIONS:
            if found := interpreter(version):
                (programs / f"python{version}").symlink_to(found)
        self.environ = isolated_environ(dict(os.environ), str(self.home))
        self.environ["PATH"] = f"{programs}{os.pathsep}{_system_path()}"
        self.environ["PYENV_ROOT"] = str(directory / "no-pyenv")
        if index_url:
            self.environ["PIP_INDEX_URL"] = index_url
        self.data = self.home / "alcove-data"
        self.cache = self.home / "alcove-cache"

    def run(
        self,
        *words: str,
        cwd: Path | None = None,
        environ: Mapping[str, str] | None = None,
        timeout: float = 120,
    ) -> Done:
        """Run a program to its end; `environ` adds to the machine's variables."""
        done = subprocess.run(
            words,
            cwd=cwd or self.work,
            env={**self.environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=timeout,
        )
        return Done(
            done.returncode,
            done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"),
        )

    def alcove(self, *words: str, cwd: Path | None = None, **environ: str) -> Done:
        """Run `alcove WORDS` to its end."""
        return self.run("alcove", *words, cwd=cwd, environ=environ)

    def do(self, *words: str, **environ: str) -> str:
        """Run `alcove WORDS`, which must succeed, and return what it printed."""
        done = self.run("alcove", *words, environ=environ)
        assert done.code == 0, done.text
        return done.stdout

    def bash(self, script: str, **environ: str) -> Done:
        """Run a script in bash, ended by the first command that fails."""
        bash = shutil.which("bash", path=self.environ["PATH"])
        if bash is None:
            pytest.skip("no bash on PATH")
        return self.run(bash, "-ec", script, environ=environ, timeout=300)

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """Start `alcove WORDS` and return the process."""
        return subprocess.Popen(
            ["alcove", *words],
            cwd=self.work,
            env={**self.environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def state(self) -> dict[str, str]:
        """Return a snapshot of all that a refused command must leave alone: store, environments, work directory."""
        return snapshot(self.data) | snapshot(self.work)


def _system_path() -> str:
    """Return PATH without directories that offer interpreters, but for the system's own."""
    return os.pathsep.join(
        path for path in ("/usr/local/bin", "/usr/bin", "/bin") if os.path.isdir(path)
    )


def snapshot(root: Path, *, without: Sequence[str] = ("lock",)) -> dict[str, str]:
    """Return path → kind, mode and content of everything below `root`; links are not followed.

    `without`: names of files whose content does not count (a lock says who took it last).
    """
    found: dict[str, str] = {}
    if not os.path.lexists(root):
        return found
    for directory, names, files in os.walk(root):
        for name in [*names, *files]:
            path = os.path.join(directory, name)
            facts = os.lstat(path)
            mode = oct(stat.S_IMODE(facts.st_mode))
            if stat.S_ISLNK(facts.st_mode):
                row = f"link {os.readlink(path)}"
            elif stat.S_ISDIR(facts.st_mode):
                row = f"directory {mode}"
            elif name in without:
                row = "file"
            else:
                with open(path, "rb") as stream:
                    row = f"file {mode} {hashlib.sha256(stream.read()).hexdigest()[:16]}"
            found[path] = row
    return found
