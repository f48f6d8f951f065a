"""Two environments of one Python, the one with the real pip and the other alcove's, asked the same."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import zipfile
from typing import TYPE_CHECKING

from alcove import settings
from alcove.actions.create import Options, create
from alcove.pip.configured import defaults_of
from alcove.pip.main import Process, run
from alcove.pip.wiring import EnvironmentActions
from tests.functional.pip.worlds import Answer, World, interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Pair", "files_below"]


class Pair:
    """`world` has the real pip; `prefix` is an environment of alcove's with the same Python. Both stand in `world.home`."""

    def __init__(self, world: World, root: Path) -> None:
        self.world = world
        self.prefix = root / "ours"
        python = interpreter(world.python)
        assert python is not None
        self.given = settings.read(self.environ(), cwd=str(world.home))
        create(str(self.prefix), self.given, options=Options(python=python))
        self._worker = subprocess.Popen(
            [str(world.prefix / "bin" / "python"), __file__.replace("pairs.py", "forked.py")],
            env=self.environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def environ(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the variables of both."""
        home = str(self.world.home)
        own = {"ALCOVE_HOME": f"{home}/data", "ALCOVE_CACHE": f"{home}/cache", "TMPDIR": home}
        found = {**self.world.environ(), **own, **(more or {})}
        if more and "PIP_CONFIG_FILE" in more and not more["PIP_CONFIG_FILE"]:
            del found["PIP_CONFIG_FILE"]
        return found

    def real(self, *words: str, **more: str) -> Answer:
        """Run the real pip."""
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        line = json.dumps([words, str(self.world.home), self.environ(more)])
        self._worker.stdin.write(line + "\n")
        self._worker.stdin.flush()
        return Answer(*json.loads(self._worker.stdout.readline()))

    def ours(self, *words: str, there: bool = False, **more: str) -> Answer:
        """Run alcove's pip; `there`: for the environment of the real one."""
        prefix = str(self.world.prefix if there else self.prefix)
        environ = self.environ(more)
        given = self.given._replace(variables=environ)
        stdout, stderr = io.StringIO(), io.StringIO()
        process = Process(
            program="pip",
            directory=str(self.world.home),
            environ=environ,
            stdout=stdout,
            stderr=stderr,
            ask=_nobody,
            execute=_nothing,
            defaults=lambda command, isolated: defaults_of(
                environ, given.home, prefix=prefix, command=command, isolated=isolated
            ),
            actions=lambda: EnvironmentActions(str(self.prefix), given),
        )
        with contextlib.chdir(self.world.home):
            code = run(words, prefix=prefix, process=process)
        return Answer(stdout.getvalue(), stderr.getvalue(), code)

    def close(self) -> None:
        """End the real pip's process."""
        self._worker.communicate(timeout=300)


def files_below(directory: Path) -> dict[str, object]:
    """Return name -> sha256 of the files of a directory; of a ZIP that a pip made, the names of its members."""
    found: dict[str, object] = {}
    for path in sorted(directory.rglob("*")) if directory.exists() else ():
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = {name for name in archive.namelist() if "/.git/" not in name}
            found[path.name] = names
        elif path.is_file():
            found[str(path.relative_to(directory))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _nobody(question: str) -> str:
    raise AssertionError(question)


def _nothing(line: list[str], _environ: dict[str, str]) -> int:
    raise AssertionError(line)
