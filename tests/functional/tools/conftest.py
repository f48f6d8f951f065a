"""Other people's tools, each installed by alcove from the public index into an environment of its own; pinned."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from alcove.files.locking import Lock
from alcove.testing.index import index
from alcove.testing.interpreters import require_interpreter
from alcove.testing.plugin import isolated_environ
from alcove.testing.server import serve
from alcove.testing.wheels import wheel
from scripts.import_graph import ROOT
from tests.conformance.worlds import World, world_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VERSION = "3.12"  # of the environments that the tools work on
TOOLS = "3.13"  # of those that they live in
PINS = {
    "hatch": ("hatch==1.18.2",),
    "pdm": ("pdm==2.29.4", "hishel<2"),  # that pdm does not know hishel 2, and does not say so
    "pipx": ("pipx==1.18.4",),
    "poetry": ("poetry==2.5.1",),
    "pre-commit": ("pre-commit==4.7.0",),
}
WITH_ALCOVE = ("pre-commit",)  # it runs our virtualenv by its own Python


class Project(NamedTuple):
    """A world with a project in `directory`, whose `.venv` alcove made, and an index at `url` that has `DISTRIBUTIONS`."""

    world: World
    directory: str
    url: str

    @property
    def prefix(self) -> str:
        """The environment of the project."""
        return f"{self.directory}/.venv"

    def write(self, name: str, text: str) -> str:
        """Write a file of the project and return its path."""
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return path

    def run(self, *words: str, **variables: str) -> str:
        """Run a program in the project with the variables of a user who knows this index; return what it wrote."""
        environ = self.world.environ(PIP_INDEX_URL=self.url, NO_COLOR="1", CI="1", **variables)
        for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
            environ.pop(name, None)
        done = self.world.run(*words, directory=self.directory, environ=environ)
        return done.stdout + done.stderr

    def shown(self) -> dict[str, object]:
        """Return the generation that is shown."""
        return next(row for row in self.world.history(self.prefix) if row["shown"])

    def imports(self) -> str:
        """Return the versions of `shelf` and `bolt` that the environment's Python imports."""
        code = "import shelf, bolt; print(shelf.__version__, bolt.__version__)"
        return self.world.python(self.prefix, code).strip()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Return a project; `shelf` needs `bolt`, and `lamp` has a command that says where it runs."""
    world = world_at(str(tmp_path / "world"))
    files = index(str(tmp_path / "index"))
    lamp = "def main():\n    import sys\n    print('lit', sys.prefix)\n"
    for version in ("1.0", "2.0"):
        files.add(wheel(world.links, "shelf", version, requires=["bolt>=1"]))
        files.add(wheel(world.links, "bolt", version))
    command = {"lamp": "lamp:main"}
    files.add(wheel(world.links, "lamp", files={"lamp/__init__.py": lamp}, entry_points=command))
    with serve(files) as server:
        found = Project(world, world.at("project"), server.url)
        os.mkdir(found.directory)
        world.create("project/.venv", require_interpreter(VERSION))
        yield found


@pytest.fixture(scope="session")
def tool(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], str]:
    """Return a function that returns the environment of a tool by its name; all of them share one store."""
    shared = tmp_path_factory.getbasetemp()
    root = str((shared if worker_id == "master" else shared.parent) / "people")
    settings = {
        key: value
        for key, value in os.environ.items()
        if key.startswith("PIP_") and key != "PIP_FIND_LINKS"
    }
    python = require_interpreter(TOOLS)

    def install(name: str) -> str:
        with Lock(root + ".lock").acquire(timeout=600):
            world = World(root, f"{root}/home", f"{root}/links")
            os.makedirs(world.home, exist_ok=True)
            prefix = world.at(name)
            if not os.path.isdir(prefix):
                environ = isolated_environ(dict(os.environ), world.home) | settings
                wanted = [f"--with={one}" for one in PINS[name]]
                wanted += ["-r", f"{ROOT}/requirements/runtime.in"] if name in WITH_ALCOVE else []
                world.alcove("create", prefix, "-p", python, *wanted, environ=environ)
            return prefix

    return install


def elsewhere(project: Project) -> str:
    """Make a second environment that shares the entries of the project's, and return it."""
    wanted = ("shelf==1.0", "lamp")
    return project.world.create("other", require_interpreter(VERSION), *wanted)
