"""Environments made by the real pip, with all kinds of distributions in them; ours must read them alike."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alcove.pip.actions import TargetFacts
from alcove.pip.main import Process, run
from alcove.testing import interpreters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.pip.actions import Actions

__all__ = ["Answer", "World", "interpreter", "ours", "real", "wheel"]

_QUIET = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INDEX": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "COLUMNS": "400",
}

_FACTS = """
import json, sys
from pip._vendor.packaging.markers import default_environment
from pip._vendor.packaging.tags import sys_tags
json.dump([default_environment(), [str(tag) for tag in sys_tags()]], sys.stdout)
"""


class Answer(NamedTuple):
    """What a pip wrote, and its exit code."""

    stdout: str
    stderr: str
    code: int


class World(NamedTuple):
    """An environment (`prefix`) whose pip is a real one, and a home (`home`) without any settings."""

    prefix: Path
    home: Path
    python: str

    @property
    def site_packages(self) -> Path:
        """The environment's directory of modules."""
        return self.prefix / "lib" / f"python{self.python}" / "site-packages"

    def environ(self) -> dict[str, str]:
        """Return the variables of a process that knows no settings of this machine."""
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        return {**kept, **_QUIET, "HOME": str(self.home)}

    def metadata(self, name: str, version: str, headers: str = "", **files: str) -> Path:
        """Write a `.dist-info` by hand and return it."""
        directory = self.site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
        directory.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}"
        (directory / "METADATA").write_text(text, encoding="utf-8")
        for file, content in files.items():
            (directory / file.replace("__", ".")).write_text(content, encoding="utf-8")
        return directory


def interpreter(version: str) -> str | None:
    """Return a Python of that version ("3.8"): one beside the one that runs the tests, on PATH, or wherever alcove finds it."""
    beside = Path(sys.base_prefix).parent
    for path in sorted(beside.glob(f"{version}*/bin/python{version}")):
        return str(path)
    for directory in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(directory, f"python{version}")
        if "shims" not in path.parts and os.access(path, os.X_OK):
            return str(path)
    return interpreters.interpreter(version)


def wheel(
    directory: Path,
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    headers: str = "",
    build: str = "",
    files: Mapping[str, str] | None = None,
) -> Path:
    """Write a wheel with one module and return its path."""
    folder = name.replace("-", "_").replace(".", "_")
    info = f"{folder}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}"
    metadata += "".join(f"Requires-Dist: {text}\n" for text in requires)
    members = dict(files or {f"{folder}/__init__.py": ""})
    members[f"{info}/METADATA"] = metadata
    members[f"{info}/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        + (f"Build: {build}\n" if build else "")
    )
    rows = []
    for path, text in members.items():
        digest = urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        rows.append(f"{path},sha256={digest},{len(text.encode())}\n")
    members[f"{info}/RECORD"] = "".join(rows) + f"{info}/RECORD,,\n"
    target = directory / f"{folder}-{version}-{f'{build}-' if build else ''}py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
    return target


def real(world: World, *arguments: str, **environ: str) -> Answer:
    """Run the real pip of an environment."""
    done = subprocess.run(
        [str(world.prefix / "bin" / "python"), "-m", "pip", *arguments],
        env={**world.environ(), **environ},
        cwd=world.home,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    return Answer(done.stdout, done.stderr, done.returncode)


def ours(world: World, *arguments: str, actions: Actions | None = None, **environ: str) -> Answer:
    """Run our pip for the same environment, in this process."""
    stdout, stderr = io.StringIO(), io.StringIO()
    process = Process(
        program="pip",
        directory=str(world.home),
        environ={**world.environ(), **environ},
        stdout=stdout,
        stderr=stderr,
        ask=_nobody,
        execute=_nothing,
        defaults=lambda _command, _isolated: {},
        actions=lambda: actions or Reader(world),  # type: ignore[arg-type, return-value]
    )
    code = run(arguments, prefix=str(world.prefix), process=process)
    return Answer(stdout.getvalue(), stderr.getvalue(), code)


class Reader:
    """The part of the actions that reading commands need."""

    def __init__(self, world: World) -> None:
        self._world = world

    def target(self) -> TargetFacts:
        """Ask the environment's own Python."""
        done = subprocess.run(
            [str(self._world.prefix / "bin" / "python"), "-c", _FACTS],
            env=self._world.environ(),
            capture_output=True,
            check=True,
            timeout=300,
        )
        markers, tags = json.loads(done.stdout)
        return TargetFacts(markers, tuple(tags))

    def base_paths(self) -> Sequence[str]:
        """Return the base's directories of modules."""
        # Asked of the base itself: a Debian has two of its own.
        code = "import site; print(*site.getsitepackages(), sep='\\n')"
        config = (self._world.prefix / "pyvenv.cfg").read_text(encoding="utf-8")
        home = next(line for line in config.splitlines() if line.startswith("home"))
        done = subprocess.run(
            [f"{home.partition('=')[2].strip()}/python{self._world.python}", "-c", code],
            env=self._world.environ(),
            capture_output=True,
            check=True,
            text=True,
            timeout=300,
        )
        return done.stdout.splitlines()


def _nobody(question: str) -> str:
    raise AssertionError(question)


def _nothing(line: list[str], _environ: dict[str, str]) -> int:
    raise AssertionError(line)
