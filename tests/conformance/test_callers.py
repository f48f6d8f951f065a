"""The calls of pip that editors, notebooks, test runners and container files make, as they make them, in an environment of ours."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_interpreter
from alcove.testing.sdists import project
from alcove.testing.wheels import wheel
from tests.conformance.worlds import World, site_packages, world_at

if TYPE_CHECKING:
    import subprocess

PYTHON = "3.12"


class Calls:
    """One environment for all calls, in their order; each leaves what it says."""

    def __init__(self, world: World) -> None:
        self.world = world
        for name in ("one", "two", "setuptools", "wheel"):
            wheel(world.links, name)
        wheel(world.links, "one", "2.0", requires=["two"])
        self.prefix = world.create("env", require_interpreter(PYTHON))
        self.project = world.at("project")
        os.makedirs(self.project)
        project(self.project, "mine", "1.0", requires=["two"])
        with open(world.at("requirements.txt"), "w", encoding="utf-8") as stream:
            stream.write("one==1.0\n")

    def run(self, *words: str, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the directory of the project."""
        line = [f"{self.prefix}/bin/{words[0]}", *words[1:]]
        environ = {**self.world.environ(), **more}
        return self.world.run(*line, code=code, directory=self.project, environ=environ)

    def pip(self, *words: str, **more: str) -> str:
        """Run `python -m pip`; nothing may be complained of. Return what it wrote."""
        done = self.run("python", "-m", "pip", *words, code=0, **more)
        assert done.stderr == ""
        return done.stdout

    def versions(self) -> dict[str, str]:
        """Return what is installed, as a program reads it."""
        rows = json.loads(self.pip("list", "--format=json"))
        return {row["name"]: row["version"] for row in rows if row["name"] != "pip"}

    def empty(self) -> None:
        """Remove all but pip."""
        if names := list(self.versions()):
            self.pip("uninstall", "-y", *names)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Calls:
    return Calls(world_at(str(tmp_path_factory.mktemp("callers") / "w")))


@pytest.fixture
def calls(shared: Calls) -> Calls:
    shared.empty()
    return shared


def test_an_editor_lists_installs_and_removes(calls: Calls) -> None:
    assert calls.pip("--version").startswith("pip 26.3 from ")
    assert calls.pip("install", "--upgrade", "one").endswith("installed one-2.0 two-1.0\n")
    assert calls.versions() == {"one": "2.0", "two": "1.0"}
    rows = json.loads(calls.pip("list", "--not-required", "--format=json"))
    assert [row["name"] for row in rows] == ["one", "pip"]
    found = json.loads(calls.pip("index", "versions", "one", "--json", "--python-version", PYTHON))
    assert found["versions"] == ["2.0", "1.0"]
    calls.pip("install", "-e", ".")
    calls.pip("uninstall", "-y", "one", "mine")
    assert calls.versions() == {"two": "1.0"}


def test_an_editors_helper_runs_pip_in_its_own_process(calls: Calls) -> None:
    code = (
        "import runpy, sys; sys.argv[1:] = {}\n"
        "try: runpy.run_module('pip', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: print('code', end.code)\n"
        "from importlib.metadata import version; print(version('two'))"
    )
    out = calls.run("python", "-c", code.format(["install", "two==1.0"])).stdout
    assert out.endswith("code 0\n1.0\n")


def test_a_test_runner(calls: Calls) -> None:
    file = os.path.join(calls.world.links, "one-1.0-py3-none-any.whl")
    start = ("python", "-I", "-m", "pip")
    calls.run(*start, "install", "--force-reinstall", "--no-deps", file, PYTHONPATH="/nowhere")
    calls.run(*start, "install", "-c", "../requirements.txt", "-e", ".", "--config-settings=a=b")
    frozen = calls.run("python", "-m", "pip", "freeze", "--all").stdout.splitlines()
    assert frozen[0].startswith("# Editable install with no version control (mine==1.0)")
    assert frozen[1:] == [
        f"-e {calls.project}",
        *(line for line in frozen if line.startswith("one @ file://") and "#sha256=" in line),
        "pip==26.3",
        "two==1.0",
    ]


def test_hooks_without_activation(calls: Calls) -> None:
    path = f"{calls.prefix}/bin{os.pathsep}{os.environ['PATH']}"
    calls.run("python", "-mpip", "install", ".", "one==1.0", VIRTUAL_ENV=calls.prefix, PATH=path)
    assert calls.versions() == {"mine": "1.0", "one": "1.0", "two": "1.0"}
    check = "import ctypes, datetime, io, os, ssl, weakref"
    assert calls.run("python", "-c", check).stderr == ""


def test_global_options_before_the_command(calls: Calls) -> None:
    words = "--disable-pip-version-check --no-python-version-warning --log log.txt install --quiet"
    done = calls.run("python", "-sE", "-m", "pip", *words.split(), "two")
    assert (done.stdout, done.stderr) == ("", "")
    with open(f"{calls.project}/log.txt", encoding="utf-8") as stream:
        assert "Successfully installed two-1.0" in stream.read()


@pytest.mark.parametrize(
    "code",
    [
        "from pip._internal.cli.main import main; sys.exit(main(['install', 'two']))",
        "import pip; sys.exit(pip.main(['install', 'two']))",
        "import subprocess; sys.exit(subprocess.call([sys.executable, '-m', 'pip', 'install', 'two', '-q', '--no-input']))",
    ],
)
def test_other_peoples_programs(calls: Calls, code: str) -> None:
    calls.run("python", "-c", f"import sys; {code}")
    assert calls.versions() == {"two": "1.0"}


def test_notebooks(calls: Calls) -> None:
    assert calls.pip("install", "--no-input", "--quiet", "--progress-bar", "off", "two") == ""
    quiet = ("install", "--no-input", "--quiet", "--progress-bar", "off")
    found = json.loads(calls.pip(*quiet, "--dry-run", "--report", "-", "one"))
    assert [row["metadata"]["name"] for row in found["install"]] == ["one"]
    assert calls.versions() == {"two": "1.0"}


def test_container_files(calls: Calls) -> None:
    calls.pip("install", "--no-cache-dir", "-r", "../requirements.txt")
    calls.pip("install", "-U", "pip", "setuptools", "wheel")
    assert calls.versions() == {"one": "1.0", "setuptools": "1.0", "wheel": "1.0"}
    assert calls.pip("--version").startswith("pip 26.3 from ")
    calls.pip("wheel", "--no-deps", "-w", "built", ".")
    assert os.listdir(f"{calls.project}/built") == ["mine-1.0-py3-none-any.whl"]
    calls.pip("install", "--no-index", "--find-links", "built", "mine")
    calls.pip("install", "--root", "image", "--prefix", "/x", "--ignore-installed", "two")
    assert os.path.isfile(
        f"{calls.project}/image/x/lib/python{PYTHON}/site-packages/two/__init__.py"
    )
    assert calls.pip("cache", "dir").strip().startswith(calls.world.home)
    calls.pip("config", "set", "global.timeout", "60", PIP_CONFIG_FILE="")
    assert calls.pip("config", "get", "global.timeout", PIP_CONFIG_FILE="") == "60\n"


def test_ensurepip_does_no_harm(calls: Calls) -> None:
    calls.pip("install", "two")
    calls.run("python", "-m", "ensurepip", "--upgrade", "--default-pip")
    assert json.loads(calls.run("python", "-m", "pip", "list", "--format=json").stdout)
    calls.world.alcove("install", "--env", calls.prefix, "one==1.0")
    assert calls.world.versions(calls.prefix) == {"one": "1.0", "two": "1.0"}
    pips = [name for name in os.listdir(site_packages(calls.prefix)) if name.startswith("pip-")]
    assert len(pips) == 1
    assert calls.versions() == {"one": "1.0", "two": "1.0"}
