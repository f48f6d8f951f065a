"""`python install` and `uninstall` stopped at operations: an interpreter of alcove's is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from alcove.cli.main import run
from alcove.testing.interpreters import every_interpreter
from alcove.testing.plugin import isolated_environ
from alcove.testing.pythons import python_archive
from tests.crash import points

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERY = 4  # each is a process, and an interpreter that is started


class Machine:
    """A home of its own; `words` install an interpreter, `gone` removes it."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.home.mkdir()
        self.pythons = self.home / "alcove-data" / "pythons"
        archive = root / "python.tar.gz"
        python_archive(str(archive), min(every_interpreter("3.9"), key=os.path.getsize))
        self.words = ("python", "install", "-q", "--archive", str(archive), "--unhashed")
        assert self.child(self.words, points.Script("kill", 0)) == 0
        (tree,) = self.pythons.iterdir()
        self.gone = ("python", "uninstall", "-q", "-y", tree.name)
        self.whole = self.seen()

    def child(self, words: tuple[str, ...], script: points.Script) -> int:
        """Run a command in a fork, stopped as the script says; return its exit code."""
        process = os.fork()
        if process:
            return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        code = 70
        try:
            environ = isolated_environ(dict(os.environ), str(self.home))
            os.environ.clear()
            os.environ.update(environ)
            points.script(script, lambda _: None)
            code = run(words)
        finally:
            os._exit(code)

    def seen(self) -> dict[str, int]:
        """Return what an interpreter that others find consists of: path → size; what is being made has a dot before it."""
        found: dict[str, int] = {}
        for tree in self.pythons.iterdir():
            if not tree.name.startswith("."):
                found |= {
                    str(path.relative_to(self.pythons)): path.lstat().st_size
                    for path in tree.rglob("*")
                    if "__pycache__" not in path.parts
                }
        return found


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("install"))
    yield made
    shutil.rmtree(made.home)


@pytest.mark.parametrize("what", ["words", "gone"])
def test_stopped_anywhere(machine: Machine, what: str) -> None:
    stopped, at = 0, 1
    while True:
        installed = machine.child(machine.words, points.Script("kill", 0))
        assert installed == 0
        assert machine.seen() == machine.whole
        assert len(list(machine.pythons.iterdir())) == 1  # what was left over is gone
        if what == "words":
            assert machine.child(machine.gone, points.Script("kill", 0)) == 0
        code = machine.child(getattr(machine, what), points.Script("kill", at))
        assert machine.seen() in ({}, machine.whole), f"stopped at {at}"
        if code == 0:
            break
        assert code == points.STOPPED
        stopped, at = stopped + 1, at + EVERY
    assert stopped > 5
