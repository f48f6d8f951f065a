"""The same commands through the real pip and through ours, from identical starts: exit code, files, metadata, RECORD.

One environment for each pip; before a case both are put back to what it begins with (ours by a roll-back). The real pip is
imported once and runs each command in a child; ours runs in this process. The real pip that an interpreter brings with it
does all that it knows; what only newer ones know is compared with the newest one, from the index (marked `network`).
"""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from alcove import settings
from alcove.actions.create import Options, create
from alcove.actions.history import rollback
from alcove.environments.layout import Layout, open_layout
from alcove.environments.views import GUARD
from alcove.files.digest import sha256_of
from alcove.pip.configured import defaults_of
from alcove.pip.main import Process, run
from alcove.pip.version import PIP_VERSION
from alcove.pip.wiring import EnvironmentActions
from alcove.testing.interpreters import require_interpreter
from scripts.import_graph import ROOT
from tests.conformance import pip_stock
from tests.conformance.conftest import NEWEST
from tests.conformance.pip_cases import DIFFERENCES, GIVEN, SINCE, cases
from tests.conformance.worlds import bundled_pip, site_packages, world_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.worlds import World

PYTHON = "3.13"
WORKER = os.path.join(ROOT, "tests", "conformance", "pip_worker.py")
# What each installer writes in its own way, and what stands in every environment of ours.
OWN = ("INSTALLER", "RECORD", "_alcove.pth", "direct_url.json")
FRAME = ("python", "pip", "activate", "deactivate", "Activate", "lib64", "pyvenv.cfg")


class Answer(NamedTuple):
    """What one command wrote, and its exit code."""

    out: str
    err: str
    code: int


class Theirs:
    """The environment of the real pip, and the process that runs it."""

    def __init__(self, world: World, python: str, wheel: str) -> None:
        self.world = world
        self.prefix = world.at("theirs")
        self.work = world.at("work-theirs")
        self.version = tuple(int(part) for part in os.path.basename(wheel).split("-")[1].split("."))
        world.run(python, "-m", "venv", "--without-pip", self.prefix)
        shutil.copytree(self.prefix, world.at("starts", "empty"), symlinks=True)
        self._process = subprocess.Popen(
            [f"{self.prefix}/bin/python", "-I", WORKER, wheel],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ_of(world),
            text=True,
        )

    def pip(self, words: list[str]) -> Answer:
        """Run one command."""
        line = {"words": words, "directory": self.work, "environ": environ_of(self.world)}
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(line) + "\n")
        stdin.flush()
        found = json.loads(stdout.readline())
        return Answer(found["out"], found["err"], found["code"])

    def begin(self, given: str) -> None:
        """Put the environment back to a start."""
        start = self.world.at("starts", given)
        if not os.path.exists(start):
            self.begin("empty")
            done = self.pip(["install", *filled(self.world, GIVEN[given])])
            assert done.code == 0, done.err
            shutil.copytree(self.prefix, start, symlinks=True)
        clear(self.prefix)
        shutil.copytree(start, self.prefix, symlinks=True, dirs_exist_ok=True)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Ours:
    """The environment of our pip."""

    def __init__(self, world: World, python: str) -> None:
        self.world = world
        self.prefix = world.at("ours")
        self.work = world.at("work-ours")
        self.settings = settings.read(environ_of(world), cwd=self.work)
        create(self.prefix, self.settings, options=Options(python=python))
        self.layout: Layout = open_layout(self.prefix)
        self._starts = {"empty": self._shown()}

    def pip(self, words: list[str]) -> Answer:
        """Run one command in this process."""
        out, err = io.StringIO(), io.StringIO()
        given = settings.read(environ_of(self.world), cwd=self.work)
        process = Process(
            program="pip",
            directory=self.work,
            environ=given.variables,
            stdout=out,
            stderr=err,
            ask=pytest.fail,
            execute=lambda line, _: pytest.fail(f"handed over: {line}"),
            defaults=lambda command, isolated: defaults_of(
                given.variables, given.home, prefix=self.prefix, command=command, isolated=isolated
            ),
            actions=lambda: EnvironmentActions(self.prefix, given),
        )
        code = run(words, prefix=self.prefix, process=process)
        return Answer(out.getvalue(), err.getvalue(), code)

    def begin(self, given: str) -> None:
        """Put the environment back to a start."""
        number = self._starts.get(given)
        self._roll_back(self._starts["empty"] if number is None else number)
        shutil.rmtree(f"{self.prefix}/src", ignore_errors=True)
        if number is None:
            done = self.pip(["install", *filled(self.world, GIVEN[given])])
            assert done.code == 0, done.err
            self._starts[given] = self._shown()

    def _roll_back(self, number: int) -> None:
        if self._shown() != number:
            rollback(self.layout, self.settings, number=number)

    def _shown(self) -> int:
        from alcove.actions.reading import shown

        return shown(self.layout).number


class Sides(NamedTuple):
    """Both, side by side."""

    world: World
    theirs: Theirs
    ours: Ours

    def begin(self, given: str) -> None:
        """Put both back to a start, with fresh directories of work."""
        for side in (self.theirs, self.ours):
            shutil.rmtree(side.work, ignore_errors=True)
            shutil.copytree(self.world.at("work"), side.work)
            side.begin(given)


def environ_of(world: World) -> dict[str, str]:
    """Return the variables of both."""
    more = {"NAMED": "beta", "PIP_NO_COMPILE": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    more |= {"PIP_NO_CACHE_DIR": "1"}
    more |= {"PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_INPUT": "1", "PIP_CONFIG_FILE": os.devnull}
    return world.environ(**more)


def clear(prefix: str) -> None:
    """Remove all that an installer may have changed."""
    for name in os.listdir(prefix):
        path = f"{prefix}/{name}"
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def filled(world: World, words: tuple[str, ...] | list[str]) -> list[str]:
    return [word.format(links=world.links, projects=world.at("projects")) for word in words]


def made(root: str, wheel_of: Callable[[str], str]) -> Sides:
    python = require_interpreter(PYTHON)
    if not shutil.which("git"):
        pytest.skip("no git on PATH")
    world = world_at(root)
    os.makedirs(world.at("starts"))
    pip_stock.fill(world.links, world.at("projects"), world.environ())
    pip_stock.fill_work(world.at("work"), world.links)
    text = f"-e {world.at('projects')}/edited\n"
    with open(world.at("work", "editable.txt"), "w", encoding="utf-8") as stream:
        stream.write(text)
    for side in ("work-ours", "work-theirs"):
        shutil.copytree(world.at("work"), world.at(side))
    return Sides(world, Theirs(world, python, wheel_of(python)), Ours(world, python))


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    sides = made(str(tmp_path_factory.mktemp("bundled") / "w"), bundled_pip)
    yield sides
    sides.theirs.close()


@pytest.fixture(scope="module")
def newest(
    tmp_path_factory: pytest.TempPathFactory, pip_wheel: Callable[[str], str]
) -> Iterator[Sides]:
    sides = made(str(tmp_path_factory.mktemp("newest") / "w"), lambda _: pip_wheel(NEWEST))
    yield sides
    sides.theirs.close()


def needed(case: str) -> tuple[int, ...]:
    """Return the first pip that knows all that a case uses."""
    return max((version for word, version in SINCE.items() if word in case), default=(0,))


BUNDLED = [case for case in cases() if needed(case) <= (24, 2)]
NEWER = [case for case in cases() if needed(case) > (24, 2)]


@pytest.mark.parametrize("case", BUNDLED)
def test_as_the_bundled_pip(bundled: Sides, case: str) -> None:
    compare(bundled, case)


@pytest.mark.network
@pytest.mark.parametrize("case", NEWER)
def test_as_the_newest_pip(newest: Sides, case: str) -> None:
    compare(newest, case)


def compare(sides: Sides, case: str) -> None:
    given, _, commands = case.partition(" | ")
    sides.begin(given)
    for command in commands.split(" ;; "):
        words = filled(sides.world, shlex.split(command))
        theirs, ours = sides.theirs.pip(words), sides.ours.pip(words)
        told = f"theirs: {theirs.out}{theirs.err}\nours: {ours.out}{ours.err}"
        assert "Traceback" not in ours.err, ours.err
        assert ours.code == theirs.code, told
        assert summary(words, ours, sides.ours) == summary(words, theirs, sides.theirs), told
        mine, real = state(sides.ours), state(sides.theirs)
        if given != "empty":
            forget_marks(mine, real)
        if case in DIFFERENCES:
            assert mine != real, "there is no difference any more"
        else:
            assert mine == real, told


def summary(words: list[str], answer: Answer, side: Theirs | Ours) -> object:
    """Return what programs read of an answer."""
    if words[0] not in ("install", "uninstall"):
        text = answer.out.replace(side.prefix, "@").replace(
            f', {{"name": "pip", "version": "{PIP_VERSION}"}}', ""
        )
        lines = [
            line for line in text.splitlines() if not line.endswith((".pyc", f"pip=={PIP_VERSION}"))
        ]
        return sorted(lines) if "-f" in words else lines  # pip lists RECORD as it is written
    if "--report" in words and answer.code == 0:
        return report(words, answer, side)
    starts = ("Successfully installed", "Would install", "  Successfully uninstalled")
    ends = ("which is incompatible.", "which is not installed.")
    lines = [line for line in answer.err.splitlines() if line.endswith(ends)]
    lines = [f"Successfully installed, but {line}" for line in lines] + answer.out.splitlines()
    return sorted(line.strip() for line in lines if line.startswith(starts))


def report(words: list[str], answer: Answer, side: Theirs | Ours) -> object:
    """Return an installation report without the versions of pip and of the machine's kernel."""
    target = words[words.index("--report") + 1]
    text = answer.out
    if target != "-":
        with open(f"{side.work}/{target}", encoding="utf-8") as stream:
            text = stream.read()
    found = json.loads(text)
    del found["pip_version"]
    for row in found["install"]:
        row["metadata"] = {key: row["metadata"][key] for key in sorted(row["metadata"])}
    found["install"].sort(key=lambda row: row["metadata"]["name"])
    return found


def state(side: Theirs | Ours) -> dict[str, Any]:
    """Return what the environment and the directory of work hold, without what is each installer's own."""
    library = site_packages(side.prefix)
    return {
        "distributions": distributions(library, side),
        "modules": tree(library, side),
        "scripts": scripts(f"{side.prefix}/bin"),
        "data": {
            name: found
            for name in ("share", "etc", "include", "src")
            if (found := tree(f"{side.prefix}/{name}", side))
        },
        "work": tree(side.work, side),
    }


def forget_marks(mine: dict[str, Any], real: dict[str, Any]) -> None:
    """Leave out who was requested, where ours marks all that pip marks.

    What the user named once stays marked in ours: `alcove autoremove` must not take it away. pip drops the mark where the
    distribution is replaced as a dependency, and sets none where it is there already.
    """
    for name, one in mine["distributions"].items():
        if one["requested"] and name in real["distributions"]:
            real["distributions"][name]["requested"] = True
            for side in (mine, real):
                side["distributions"][name]["record"].pop(f"{name}/REQUESTED", None)
                side["modules"].pop(f"{name}/REQUESTED", None)


def distributions(library: str, side: Theirs | Ours) -> dict[str, Any]:
    found = {}
    for name in sorted(os.listdir(library)):
        if not name.endswith(".dist-info") or name.startswith("pip-"):
            continue
        info = f"{library}/{name}"
        direct = ""
        if os.path.exists(f"{info}/direct_url.json"):
            with open(f"{info}/direct_url.json", encoding="utf-8") as stream:
                direct = json.loads(stream.read().replace(side.prefix, "@").replace(side.work, "%"))
        found[name] = {
            "requested": os.path.exists(f"{info}/REQUESTED"),
            "direct": direct,
            "record": recorded(library, name),
        }
    return found


def recorded(library: str, info: str) -> dict[str, str]:
    """Return what RECORD lists with its hashes; links, bytecode, and what each installer writes itself aside."""
    import csv

    rows = {}
    with open(f"{library}/{info}/RECORD", encoding="utf-8", newline="") as stream:
        for path, digest, _ in csv.reader(stream):
            link = os.path.islink(f"{library}/{path}") and not path.startswith("../")
            if link or path.endswith(".pyc"):
                continue
            own = path.startswith("../../../bin/") or os.path.basename(path) in OWN
            own = own or path.startswith("__editable__")  # it holds a path
            rows[path] = "" if own else digest
    return rows


def scripts(directory: str) -> list[str]:
    if not os.path.isdir(directory):
        return []
    return sorted(name for name in os.listdir(directory) if not name.startswith(FRAME))


def tree(root: str, side: Theirs | Ours) -> dict[str, str]:
    """Return the sha256 of each file by its path; links are followed, launchers have none."""
    found = {}
    for folder, folders, names in os.walk(root, followlinks=True):
        folders[:] = [
            one for one in folders if one not in (".git", "pip") and not one.startswith("pip-")
        ]
        for name in names:
            path = os.path.join(folder, name)
            shown = os.path.relpath(path, root).replace(side.prefix.lstrip("/"), "@")
            if name in OWN or name == "r.json" or folder.endswith("/bin"):
                found[shown] = ""
            elif name.endswith(".pyc") or name == GUARD:
                continue
            elif name.startswith("__editable__"):
                with open(path, encoding="utf-8") as stream:
                    found[shown] = stream.read().replace(side.prefix, "@").replace(side.work, "%")
            else:
                found[shown] = sha256_of(path)
    for name in [one for one in found if os.path.basename(one) in OWN]:
        del found[name]
    return found
