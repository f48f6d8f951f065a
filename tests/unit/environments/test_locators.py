"""Editors, checkers and prompts see our environments by their own rules: of every kind, and after others wrote into them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.environments.create import create
from alcove.environments.layout import open_layout
from alcove.plans.placements import natural
from alcove.store.layout import store_at
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel
from alcove.transactions.apply import Held
from tests.unit.environments import locators
from tests.unit.transactions.machine import INTERPRETER, Machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
PYTHON = INTERPRETER._replace(
    version=f"{HERE}.1", version_info=(3, sys.version_info[1], 1, "final", 0)
)


def made(
    machine: Machine,
    path: str,
    *,
    private: bool = False,
    copies: bool = False,
    mode: str = "view",
) -> str:
    """Make an environment with a typed package, a module and a script; return its path."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    wanted = machine.wanted(path, private=private, mode=mode)._replace(
        interpreter=PYTHON, prompt=os.path.basename(path), copies=copies
    )
    if private:
        wanted = wanted._replace(data=f"{path}/.alcove")
    layout = create(wanted)
    files = {"typed/__init__.py": "", "typed/py.typed": "", "typed/part.pyi": "", "single.py": ""}
    command = {"shop": "typed:main"}
    file = wheel(f"{machine.root}/wheels", "typed", files=files, entry_points=command)
    entry = unpack(store_at(wanted.data), file)
    with Held(layout) as held:
        placement = natural(entry, library=layout.library, mode=mode)
        held.change([placement], why="test")
    return path


def by_name(machine: Machine) -> str:
    return made(machine, f"{machine.root}/home/.virtualenvs/data")


def in_project(machine: Machine) -> str:
    return made(machine, f"{machine.root}/project/.venv")


def linked(machine: Machine) -> str:
    target = by_name(machine)
    os.mkdir(f"{machine.root}/project")
    os.symlink(target, f"{machine.root}/project/.venv")
    return f"{machine.root}/project/.venv"


def moved(machine: Machine) -> str:
    path = made(machine, f"{machine.root}/before/.venv")
    os.rename(f"{machine.root}/before", f"{machine.root}/project")
    return path.replace("/before/", "/project/")


def private(machine: Machine) -> str:
    path = f"{machine.root}/project/.venv"
    return made(machine, path, private=True)


def copies(machine: Machine) -> str:
    return made(machine, f"{machine.root}/project/.venv", copies=True)


def real_files(machine: Machine) -> str:
    return made(machine, f"{machine.root}/project/.venv", mode="copy")


def after_venv(machine: Machine) -> str:
    """Let the standard library's venv have run over it: its own keys, and no others."""
    path = in_project(machine)
    with open(f"{path}/pyvenv.cfg", "w", encoding="utf-8") as stream:
        stream.write(
            f"home = {PYTHON.home}\ninclude-system-site-packages = false\nversion = {HERE}.1\n"
            f"executable = {PYTHON.executable}\ncommand = python -m venv {path}\n"
        )
    return noticed(path)


def after_uv(machine: Machine) -> str:
    """Let `uv venv --allow-existing` have run over it: a `uv` key, and another script."""
    path = in_project(machine)
    with open(f"{path}/pyvenv.cfg", "w", encoding="utf-8") as stream:
        stream.write(
            f"home = {PYTHON.home}\nimplementation = CPython\nuv = 0.13.9\n"
            f"version_info = {HERE}.1\ninclude-system-site-packages = false\nprompt = .venv\n"
        )
    return noticed(path)


def noticed(path: str) -> str:
    """Let the next command of ours notice it."""
    layout = open_layout(path)
    os.utime(layout.bin)
    os.utime(layout.site_packages)
    with Held(layout):
        return path


KINDS = (
    by_name,
    in_project,
    linked,
    moved,
    private,
    copies,
    real_files,
    after_venv,
    after_uv,
)


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.__name__)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return a machine with one environment, which no test changes, in `home` or `project`."""
    machine = Machine(str(tmp_path_factory.mktemp("machine")))
    kind: Callable[[Machine], str] = request.param
    prefix = kind(machine)
    assert prefix in (f"{machine.root}/home/.virtualenvs/data", f"{machine.root}/project/.venv")
    return machine


@pytest.fixture
def prefix(place: Machine) -> str:
    path = f"{place.root}/project/.venv"
    return path if os.path.exists(path) else f"{place.root}/home/.virtualenvs/data"


def test_vscode(place: Machine, prefix: str) -> None:
    """It is found where it lies, with its version and its name, and is no environment of uv's."""
    if os.path.basename(prefix) == ".venv":
        (seen,) = locators.vscode_workspace(os.path.dirname(prefix))
        assert seen.kind == "Venv"
    else:
        (seen,) = locators.vscode_global(f"{place.root}/home", {})
        assert seen.kind == "VirtualEnvWrapper"
    assert seen.prefix == prefix
    assert seen.executable.startswith(f"{prefix}/bin/python")
    assert seen.version == f"{HERE}.1"
    assert seen.name == ("data" if os.path.realpath(prefix).endswith("/data") else ".venv")
    assert seen.project == ""


def test_pycharm(place: Machine, prefix: str) -> None:
    offered = locators.pycharm(f"{place.root}/home", {}, f"{place.root}/project")
    assert prefix in offered
    assert locators.pycharm("/nowhere", {"WORKON_HOME": os.path.dirname(prefix)}) == [prefix]


def test_pyright_and_mypy(prefix: str) -> None:
    """Import roots hold what is installed, and nothing else that could be imported."""
    roots = locators.pyright(prefix)
    assert locators.modules_of(roots[0]) == {"typed", "single"}
    assert os.path.isfile(f"{roots[0]}/typed/py.typed")
    assert os.path.isfile(f"{roots[0]}/typed/part.pyi")
    assert [locators.modules_of(root) for root in roots[1:]] == [set()] * (len(roots) - 1)
    assert not any(name.isidentifier() for root in roots[1:] for name in os.listdir(root))


def test_ruff_and_ty(prefix: str) -> None:
    version, site = locators.ruff(prefix)
    assert version == HERE
    assert os.path.isfile(f"{site}/single.py")


def test_jedi(prefix: str) -> None:
    assert locators.jedi(prefix) == f"{prefix}/bin/python"


def test_starship_and_direnv(prefix: str) -> None:
    """Both go by VIRTUAL_ENV, which activation exports, with PATH and the prompt's name alone."""
    named = "data" if os.path.realpath(prefix).endswith("/data") else ".venv"
    assert locators.starship({"VIRTUAL_ENV": prefix}) == named
    with open(f"{prefix}/bin/activate", encoding="utf-8") as stream:
        exported = {
            name
            for line in stream
            if line.strip().startswith("export ")
            for name in line.strip().removeprefix("export ").partition("=")[0].split()
        }
    assert {"VIRTUAL_ENV", "PATH"} <= exported


def test_a_project_of_a_named_environment(tmp_path: Path) -> None:
    prefix = by_name(Machine(str(tmp_path)))
    with open(f"{prefix}/.project", "w", encoding="utf-8") as stream:
        stream.write("/work/shop\n")
    (seen,) = locators.vscode_global(str(tmp_path / "home"), {})
    assert seen.project == "/work/shop"
    (seen,) = locators.vscode_global("/nowhere", {"WORKON_HOME": os.path.dirname(prefix)})
    assert (seen.kind, seen.name) == ("VirtualEnvWrapper", "data")


def test_the_readers_tell_a_bad_one(tmp_path: Path) -> None:
    """They are no rubber stamps: a `uv` key, an interpreter that is gone, a home that is gone."""
    prefix = in_project(Machine(str(tmp_path)))
    project = str(tmp_path / "project")
    with open(f"{prefix}/pyvenv.cfg", "a", encoding="utf-8") as stream:
        stream.write("uv = 1\n")
    assert locators.vscode_workspace(project)[0].kind == "Uv"
    assert locators.pycharm("/nowhere", {}, project) == []
    for name in os.listdir(f"{prefix}/bin"):
        if name.startswith("python"):
            os.unlink(f"{prefix}/bin/{name}")
            os.symlink("/nowhere/python", f"{prefix}/bin/{name}")
    assert locators.vscode_workspace(project) == []
    with pytest.raises(FileNotFoundError):
        locators.jedi(prefix)
    with open(f"{prefix}/pyvenv.cfg", "a", encoding="utf-8") as stream:
        stream.write("home = /nowhere\n")
    with pytest.raises(FileNotFoundError):
        locators.ruff(prefix)
