"""A machine of its own for conformance tests: a home, a store, wheels on disk, and the programs that are compared.

Rule: alcove is run as a process, as its users run it; the others' tools are run as theirs do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from alcove.files.digest import sha256_of
from alcove.testing.interpreters import require_ensurepip
from alcove.testing.plugin import isolated_environ
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["World", "bundled_pip", "data_of", "site_packages", "world_at"]

_START = (
    "import sys; sys.path.insert(0, {source!r}); sys.argv[0] = 'alcove'; "
    "from alcove.cli.main import main; sys.exit(main())"
)


class World(NamedTuple):
    """`root` holds everything; `links` is the directory of wheels that all installers take from."""

    root: str
    home: str
    links: str

    def environ(self, **more: str) -> dict[str, str]:
        """Return the variables of a process that knows no settings of this machine and no index."""
        found = isolated_environ(dict(os.environ), self.home)
        for name in [key for key in found if key.startswith(("PYTEST_", "COV_", "COVERAGE_"))]:
            del found[name]
        found |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.links, "UV_OFFLINE": "1"}
        found |= {"UV_NO_INDEX": "1", "UV_FIND_LINKS": self.links, "UV_CACHE_DIR": self.at("uv")}
        return found | more

    def at(self, *names: str) -> str:
        """Return a path (absolute) in this world."""
        return os.path.join(self.root, *names)

    def run(
        self,
        *words: str,
        code: int = 0,
        directory: str = "",
        environ: Mapping[str, str] | None = None,
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program; fail, with all that it wrote, where it ends otherwise than with `code`."""
        done = subprocess.run(
            words,
            cwd=directory or self.root,
            env=self.environ() if environ is None else dict(environ),
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        if done.returncode != code:
            raise AssertionError(
                f"{' '.join(words)!r} ended with {done.returncode}, not {code}\n"
                f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
            )
        return done

    def alcove(self, *words: str, code: int = 0, environ: Mapping[str, str] | None = None) -> str:
        """Run alcove from its source tree; return what it wrote to stdout."""
        start = _START.format(source=os.path.join(ROOT, "src"))
        return self.run(
            sys.executable, "-I", "-c", start, *words, code=code, environ=environ
        ).stdout

    def create(self, name: str, python: str, *requirements: str) -> str:
        """Make an environment of ours for an interpreter (absolute path) and return its path."""
        path = self.at(name)
        self.alcove("create", path, "-p", python, *(f"--with={one}" for one in requirements))
        return path

    def versions(self, prefix: str) -> dict[str, str]:
        """Return what alcove lists in an environment, pip aside: versions by name."""
        found = json.loads(self.alcove("list", "--json", "--env", prefix))
        return {row["name"]: row["version"] for row in found if row["name"] != "pip"}

    def history(self, prefix: str) -> list[dict[str, Any]]:
        """Return the generations that alcove tells of, oldest first."""
        found: list[dict[str, Any]] = json.loads(self.alcove("history", "--json", "--env", prefix))
        return sorted(found, key=lambda row: int(row["number"]))

    def python(self, prefix: str, code: str, *words: str) -> str:
        """Run code with an environment's interpreter, from elsewhere; return what it printed."""
        return self.run(f"{prefix}/bin/python", "-I", "-c", code, *words, directory="/").stdout

    def store(self) -> dict[str, str]:
        """Return the sha256 of each file of every entry by its path, as it is now; bytecode is nobody's.

        Fails where an entry does not hold what its entry.json lists, or anything else.
        """
        entries = os.path.join(self.home, "alcove-data", "store", "entries-v1")
        found = {}
        for name in sorted(os.listdir(entries)):
            path = f"{entries}/{name}"
            with open(f"{path}/entry.json", encoding="utf-8") as stream:
                listed = {row[0]: row[1] for row in json.load(stream)["files"]}
            there = {
                os.path.relpath(f"{folder}/{file}", path)
                for folder, _, files in os.walk(path)
                if not folder.endswith(("/__pycache__", "/links"))  # `links`: ready for views
                for file in files
            } - {"entry.json", "view.json"}
            assert there == listed.keys(), (name, sorted(there ^ listed.keys()))
            for file, sha256 in listed.items():
                found[f"{name}/{file}"] = now = sha256_of(f"{path}/{file}")
                assert now == sha256, f"{name}/{file}"
        return found


def world_at(root: str) -> World:
    """Return a new world in the directory `root` (absolute), which is made."""
    world = World(root, os.path.join(root, "home"), os.path.join(root, "links"))
    os.makedirs(world.home)
    os.makedirs(world.links)
    return world


def bundled_pip(python: str) -> str:
    """Return the wheel of the pip that an interpreter brings with it (absolute path); skip where it has none."""
    require_ensurepip(python)
    base = os.path.dirname(os.path.dirname(os.path.realpath(python)))
    version = os.path.basename(os.path.realpath(python)).removeprefix("python")
    folder = os.path.join(base, "lib", f"python{version}", "ensurepip", "_bundled")
    wheels = [one for one in os.listdir(folder) if one.startswith("pip-")]
    newest = max(wheels, key=lambda one: [int(part) for part in one.split("-")[1].split(".")])
    return os.path.join(folder, newest)


def site_packages(prefix: str) -> str:
    """Return the site-packages (absolute) of an environment that was made here."""
    (library,) = [one for one in os.listdir(f"{prefix}/lib") if one.startswith("python")]
    return f"{prefix}/lib/{library}/site-packages"


def data_of(prefix: str, *paths: str) -> dict[str, str | None]:
    """Return the text of files of an environment by their path in it; None where one is missing."""
    found: dict[str, str | None] = {}
    for path in paths:
        try:
            with open(f"{prefix}/{path}", encoding="utf-8") as stream:
                found[path] = stream.read()
        except FileNotFoundError:
            found[path] = None
    return found
