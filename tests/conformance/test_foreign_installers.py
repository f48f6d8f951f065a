"""The real pip and uv, run on an environment of ours: they install, upgrade, remove and list, and the store stays.

Issue 3, "It is done when"; DESIGN 4.5, 6.1 and 6.5.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from alcove.testing.interpreters import require_ensurepip, require_interpreter
from tests.conformance.conftest import NEWEST
from tests.conformance.stock import MODULES, STATE
from tests.conformance.worlds import bundled_pip, data_of, site_packages

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.worlds import World

FILLED = ("tool[more]==1.0", "parts-a", "parts-b", "alone==1.0", "plain==1.0")
VERSIONS = {"tool": "1.0", "alone": "1.0", "plain": "1.0", "parts-a": "1.0", "parts-b": "1.0"}
AFTER = {"tool": "2.0", "plain": "2.0", "parts-b": "1.0", "parts-c": "1.0", "fresh": "1.0"}
DATA = (
    "etc/tool/tool.conf",
    "share/tool/same.txt",
    "share/tool/changed.txt",
    "share/tool/only-1.0.txt",
    "share/tool/only-2.0.txt",
    "share/fresh/data.txt",
)


class Installer(NamedTuple):
    """The words before a command, those of two commands, and the options of each."""

    words: tuple[str, ...]
    upgrade: tuple[str, ...] = ("install", "--upgrade", "--upgrade-strategy=eager")
    uninstall: tuple[str, ...] = ("uninstall", "-y")
    options: tuple[str, ...] = ()

    def line(self, *words: str) -> tuple[str, ...]:
        """Return the command line for a command and its arguments."""
        return (*self.words, words[0], *self.options, *words[1:])


def by_pip(prefix: str, wheel: str) -> Installer:
    """Return pip, run from its wheel by the environment's interpreter."""
    return Installer((f"{prefix}/bin/python", "-I", f"{wheel}/pip"))


def state(world: World, prefix: str, names: dict[str, str]) -> dict[str, str]:
    """Import all modules of the distributions `names`; return their versions by module."""
    modules = [module for name in names for module in MODULES[name]]
    found: dict[str, str] = json.loads(world.python(prefix, STATE, *modules))
    return found


def scripts(world: World, prefix: str) -> dict[str, str]:
    """Run the scripts that the stock's distributions may have placed; return what they say by name."""
    found = {}
    for name in ("tool", "tool1", "tool2", "tool-other", "tool-window", "tool-raw", "tool-shell"):
        path = f"{prefix}/bin/{name}"
        if os.path.lexists(path):
            code = 3 if name in ("tool", "tool1", "tool2", "tool-window") else 0
            found[name] = world.run(path, code=code).stdout.replace(prefix, "PREFIX")
    return found


def intact(world: World, prefix: str) -> dict[str, object]:
    """Return all that can be seen of an environment as it was filled; fails where anything is not so."""
    modules = state(world, prefix, VERSIONS)
    assert modules["tool"] == modules["alone"] == modules["plain"] == "1.0"
    said = scripts(world, prefix)
    assert said["tool"] == said["tool1"] == "tool 1.0 PREFIX []\n"
    assert said["tool-raw"] == "raw 1.0 PREFIX\n"
    assert "tool2" not in said
    assert world.versions(prefix) == VERSIONS
    data = data_of(prefix, *DATA)
    assert data["etc/tool/tool.conf"] == "level = 1.0\n"
    assert data["share/fresh/data.txt"] is None
    return {"modules": modules, "scripts": said, "data": data}


def changed(world: World, prefix: str) -> dict[str, object]:
    """Return the same as the foreign installer left it."""
    modules = state(world, prefix, AFTER)
    assert modules["tool"] == modules["plain"] == "2.0"
    said = scripts(world, prefix)
    assert said["tool"] == said["tool2"] == "tool 2.0 PREFIX []\n"
    assert said["tool-raw"] == "raw 2.0 PREFIX\n"
    assert "tool1" not in said
    assert world.run(f"{prefix}/bin/fresh").stdout == "fresh\n"
    gone = "import importlib.util as u; assert not any(map(u.find_spec, ['alone', 'parts.a']))"
    world.python(prefix, gone)
    data = data_of(prefix, *DATA)
    assert data["etc/tool/tool.conf"] == "level = 2.0\n"
    assert data["share/tool/changed.txt"] == "changed 2.0\n"
    assert data["share/tool/only-1.0.txt"] is None
    assert data["share/tool/only-2.0.txt"] == "only\n"
    assert data["share/fresh/data.txt"] == "fresh data\n"
    return {"modules": modules, "scripts": said, "data": data}


def listed(world: World, installer: Installer) -> dict[str, str]:
    """Return what the foreign installer lists: versions by name, pip aside."""
    found = json.loads(world.run(*installer.line("list", "--format=json")).stdout)
    return {
        row["name"]: row["version"] for row in found if row["name"] not in ("pip", "setuptools")
    }


def exercise(world: World, prefix: str, other: str, installer: Installer) -> None:
    """Let a foreign installer change the environment `prefix`; `other` shares its entries."""
    store = world.store()
    before = intact(world, prefix)
    assert listed(world, installer) == VERSIONS
    world.run(*installer.line("install", "fresh"))
    world.run(*installer.line(*installer.upgrade, "tool"))
    world.run(*installer.line(*installer.uninstall, "alone", "parts-a"))
    assert listed(world, installer) == AFTER
    world.run(*installer.line("check"))
    after = changed(world, prefix)
    assert world.store() == store
    assert intact(world, other) == before

    noticed(world, prefix, before=before, after=after)
    assert world.store().items() >= store.items()
    assert intact(world, other) == before


def noticed(
    world: World, prefix: str, *, before: dict[str, object], after: dict[str, object]
) -> None:
    """See that alcove noticed what others did, that undo and redo work, and that it goes on from there."""
    assert world.versions(prefix) == AFTER
    shown = [row for row in world.history(prefix) if row["shown"]]
    assert [row["why"] for row in shown] == ["changed outside"]
    assert changed(world, prefix) == after
    world.alcove("undo", "--env", prefix)
    assert intact(world, prefix) == before
    world.alcove("redo", "--env", prefix)
    assert world.versions(prefix) == AFTER
    assert changed(world, prefix) == after
    world.alcove("uninstall", "-y", "--env", prefix, "fresh")
    assert not os.path.lexists(f"{prefix}/bin/fresh")
    assert data_of(prefix, "share/fresh/data.txt") == {"share/fresh/data.txt": None}
    world.alcove("undo", "--env", prefix)
    assert changed(world, prefix) == after


def venv_upgrade(world: World, prefix: str, python: str) -> None:
    """Run `python -m venv --upgrade` over an environment of ours: it goes on working."""
    require_ensurepip(python)
    environ = world.environ()
    before = state(world, prefix, VERSIONS)
    world.run(python, "-m", "venv", "--upgrade", "--without-pip", prefix, environ=environ)
    assert state(world, prefix, VERSIONS) == before
    assert world.versions(prefix) == VERSIONS
    world.run(python, "-m", "venv", "--upgrade", prefix, environ=environ)  # with ensurepip
    assert state(world, prefix, VERSIONS) == before
    assert world.versions(prefix).items() >= VERSIONS.items()
    world.run(f"{prefix}/bin/python", "-m", "pip", "--version")
    assert not os.path.islink(site_packages(prefix))


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
def test_the_pip_of_the_interpreter(world: World, version: str) -> None:
    python = require_interpreter(version)
    prefix = world.create("env", python, *FILLED)
    other = world.create("other", python, *FILLED)
    exercise(world, prefix, other, by_pip(prefix, bundled_pip(python)))


@pytest.mark.network
@pytest.mark.parametrize(
    ("version", "pip"),
    [
        ("3.8", "21.0"),
        ("3.11", "21.0"),
        ("3.11", "23.2"),
        ("3.13", "23.2"),
        ("3.11", NEWEST),
        ("3.13", NEWEST),
    ],
)
def test_pips_old_and_new(
    world: World, version: str, pip: str, pip_wheel: Callable[[str], str]
) -> None:
    python = require_interpreter(version)
    prefix = world.create("env", python, *FILLED)
    other = world.create("other", python, *FILLED)
    exercise(world, prefix, other, by_pip(prefix, pip_wheel(pip)))


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
def test_uv(world: World, uv: str, version: str) -> None:
    python = require_interpreter(version)
    prefix = world.create("env", python, *FILLED)
    other = world.create("other", python, *FILLED)
    options = ("--python", f"{prefix}/bin/python")
    installer = Installer((uv, "pip"), ("install", "--upgrade"), ("uninstall",), options)
    exercise(world, prefix, other, installer)


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
def test_venv_upgrade(world: World, version: str) -> None:
    python = require_interpreter(version)
    prefix = world.create("env", python, *FILLED)
    other = world.create("other", python, *FILLED)
    store = world.store()
    before = intact(world, other)
    venv_upgrade(world, prefix, python)
    assert world.store() == store
    assert intact(world, other) == before
