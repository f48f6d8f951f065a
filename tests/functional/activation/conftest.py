"""Environments that hold activation scripts and nothing else, and the running of shells on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.activation.shells import Shell

from alcove.environments.activation.scripts import render

__all__ = ["Seen", "Stage"]


class Seen(NamedTuple):
    """What a child of the shell saw at one point: its environment, and the values asked for."""

    environment: dict[str, str]
    values: list[str]


_SHELLS_OWN = (
    "_",
    "SHLVL",
    "OLDPWD",
    "PWD",
    "XONSH_",
    "LINES",
    "COLUMNS",
    "SHELL_TYPE",
    "THREAD_SUBPROCS",
    "CURRENT_FILE",
    "FILE_PWD",
    "LAST_EXIT_CODE",
)


class Stage:
    """A directory of environments, and a shell to be run there."""

    def __init__(self, root: Path, shell: Shell) -> None:
        found = shell.find()
        if found is None:
            pytest.skip(
                f"NOT TESTED: {shell.program} is not installed (tests/functional/activation/install_shells.sh)"
            )
        self.root = root
        self.shell = shell
        self.program: str = found
        self.out = str(root / "seen")

    def environment(self, name: str, prompt: str | None = None) -> str:
        """Make an environment of that directory name; return its absolute path."""
        directory = self.root / name
        (directory / "bin").mkdir(parents=True)
        prompt = name if prompt is None else prompt
        (directory / "pyvenv.cfg").write_text(f"home = /usr/bin\nprompt = {prompt!r}\n")
        for file, content, _ in render(str(directory), prompt=prompt):
            (directory / "bin" / file).write_bytes(content)
        self.command(directory / "bin", "inside")
        return str(directory)

    def command(self, directory: Path, answer: str) -> None:
        """Place a program `which-one` there that prints `answer`."""
        directory.mkdir(exist_ok=True)
        (directory / "which-one").write_text(f"#!/bin/sh\necho {answer}\n")
        (directory / "which-one").chmod(0o755)

    def set_up_prompt(self) -> str:
        """Return the line that sets the prompt `> `."""
        return self.shell.set_prompt("> ")

    def python_home(self) -> str:
        """Return the line that sets PYTHONHOME (from inside: xonsh could not start with it)."""
        return self.shell.export("PYTHONHOME", "/some/python")

    def activate(self, environment: str) -> str:
        """Return the line that activates."""
        return self.shell.source(f"{environment}/bin/{self.shell.script}")

    def record(self, label: str, *expressions: str) -> str:
        """Return the line that records what a child sees."""
        return self.shell.record(sys.executable, self.out, label, *expressions)

    def run(self, *lines: str, environ: dict[str, str] | None = None) -> dict[str, Seen]:
        """Run a script of these lines in the shell; return what was recorded, by label."""
        file = self.root / f"script{self.shell.suffix}"
        file.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
        done = subprocess.run(
            [self.program, *self.shell.arguments, str(file)],
            env=self.base() if environ is None else environ,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode, done.stderr.decode(errors="replace")) == (0, ""), done.stdout
        self.printed = done.stdout.decode(errors="replace")
        with open(self.out, encoding="ascii") as stream:
            rows = [json.loads(line) for line in stream]
        os.unlink(self.out)
        return {row[0]: Seen(_own(row[1]), row[2]) for row in rows}

    def base(self, **more: str) -> dict[str, str]:
        """Return the environment that a shell is started with."""
        home = self.root / "home"
        home.mkdir(exist_ok=True)
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            **more,
        }


def _own(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(_SHELLS_OWN)}


@pytest.fixture
def stage(tmp_path: Path, shell: Shell) -> Stage:
    """Return a stage for the shell that the test is parametrised with."""
    return Stage(tmp_path, shell)
