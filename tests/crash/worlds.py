"""The machine that the crash tests run on: wheels, and states of one environment to start from, kept as copies.

Everything lies below one directory: `wheels/` (never changed), `live/` (what commands see, always at the same path,
since launchers and roots name it) and `kept/NAME/` (copies of `live`, one for each state).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from alcove.actions.held import hold
from alcove.cli.main import run
from alcove.environments.layout import Layout, open_layout
from alcove.settings import read
from alcove.testing.plugin import isolated_environ
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ALIKE", "SAMPLED", "SCENES", "Scene", "World"]


class Scene(NamedTuple):
    """A command that is stopped: where it starts, its words, the words that take it back, points at the least."""

    name: str
    start: str
    words: tuple[str, ...]
    back: tuple[str, ...]
    points: int
    repeatable: bool = True  # the same words once more change nothing
    env: str = "env"
    settles: bool = False  # any command changes something first


class World:
    """One machine below the directory `root` (absolute)."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.live = f"{root}/live"
        self.work = f"{self.live}/work"
        self.env = f"{self.work}/env"  # a scene may say another
        self.data = f"{self.live}/home/alcove-data"
        self.wheels = f"{root}/wheels"

    def enter(self) -> None:
        """Make this process one of this machine."""
        wanted = isolated_environ(dict(os.environ), f"{self.live}/home")
        wanted |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.wheels, "PWD": self.work}
        os.environ.clear()
        os.environ.update(wanted)

    def restore(self, name: str) -> None:
        """Make `live` what it was when `name` was kept.

        By hard links, which is quicker: no command writes into a file that is there (the locks aside).
        """
        program = 'rm -rf "$2" && cp -al "$1" "$2"'
        words = ["sh", "-c", program, "sh", f"{self.root}/kept/{name}", self.live]
        os.chdir(self.root)
        subprocess.run(words, check=True)
        os.chdir(self.work)

    def keep(self, name: str) -> None:
        """Keep `live` under `name`, whole or not at all."""
        target = f"{self.root}/kept/{name}"
        subprocess.run(["cp", "-a", self.live, f"{target}.new"], check=True)
        os.rename(f"{target}.new", target)

    def make(self, name: str) -> None:
        """Make the state `name`, and what it builds on, where it is not kept yet; `live` is anything afterwards."""
        if os.path.isdir(f"{self.root}/kept/{name}"):
            return
        before, build = _STATES[name]
        if before:
            self.make(before)
            self.restore(before)
        else:
            self._bare()
        build(self)
        self.keep(name)

    def _bare(self) -> None:
        os.makedirs(f"{self.root}/kept", exist_ok=True)
        if not os.path.isdir(self.wheels):
            _wheels(self.wheels)
            with open(f"{self.root}/pins.txt", "w", encoding="ascii") as stream:
                stream.write("pure==2.0\ndataful==2.0\nnsb==1.0\n")
        shutil.rmtree(self.live, ignore_errors=True)
        os.makedirs(self.work)
        os.makedirs(f"{self.live}/home")
        os.chdir(self.work)

    def layout(self) -> Layout:
        """Return the layout of the environment."""
        return open_layout(self.env)

    def settle(self) -> None:
        """Take notice of what a scene's builder did by hand, as any command does."""
        with hold(self.layout(), read()):
            return


def _wheels(directory: str) -> None:
    def make(name: str, version: str = "1.0", **parts: object) -> None:
        wheel(directory, name, version, **parts)  # type: ignore[arg-type]

    for version in ("1.0", "2.0"):
        make(
            "pure",
            version,
            files={
                "pure/__init__.py": f"version = {version!r}\n",
                "pure/sub/__init__.py": "",
                "pure/sub/deep.py": f"deep = {version}\n",
                f"pure/only_{version[0]}.py": "",
            },
            dist_info={"licenses/LICENSE": "free\n"},
        )
        make(
            "tool",
            version,
            files={"tool.py": f"def main():\n    print({version})\n"},
            entry_points={"tool": "tool:main", f"tool{version[0]}": "tool:main"},
            scripts={"tool-script": f"#!python\nprint({version})\n"},
        )
        make(
            "dataful",
            version,
            files={"dataful/__init__.py": f"version = {version!r}\n"},
            data={
                "share/dataful/both.txt": f"both {version}",
                f"share/dataful/only/{version[0]}.txt": version,
                "share/same.txt": "same",
                "etc/dataful.conf": f"conf = {version}",
                "etc/dataful/mine.conf": f"mine = {version}",
                f"etc/dataful/{version[0]}.conf": version,
            },
            headers={"dataful.h": f"#define DATAFUL {version}\n"},
        )
    make("nsa", files={"ns/a/__init__.py": "a = 1\n"})
    make("nsb", files={"ns/b/__init__.py": "b = 1\n"}, data={"share/nsb/b.txt": "b"})
    make("pthy", files={"pthy.pth": "pthy_more\n", "pthy.py": "", "pthy_more/more.py": "x = 1\n"})
    make("single", files={"single.py": "one = 1\n"})
    make("coll1", files={"both/__init__.py": "x = 1\n", "both/one.py": "1\n"})
    make("coll2", files={"both/__init__.py": "x = 2\n", "both/two/__init__.py": "2\n"})
    make("runs", files={"runs.pth": "import runs\n", "runs/__init__.py": "r = 1\n"})


def _commands(*lines: str) -> Callable[[World], None]:
    def build(world: World) -> None:
        for line in lines:
            code = run(line.format(env=world.env, python=sys.executable).split())
            assert code == 0, line

    return build


def _base(world: World) -> None:
    _commands(
        "create {env} -p {python} --without-pip -q",
        "install -q --env {env} pure==1.0 single nsa",
        "install -q --env {env} tool==1.0 dataful==1.0 coll1 runs",
    )(world)
    site = world.layout().site_packages
    os.makedirs(f"{site}/own_package/deep")
    os.makedirs(f"{site}/ns/own")
    for path in ("own.py", "own_package/deep/__init__.py", "ns/own/part.py", "runs/own.py"):
        with open(f"{site}/{path}", "w", encoding="ascii") as stream:
            stream.write(f"# the user's {path}\n" * 50)
    with open(f"{world.env}/etc/dataful/mine.conf", "a", encoding="ascii") as stream:
        stream.write("changed by the user\n")
    world.settle()


def _warm(world: World) -> None:
    """Have in the store what the scene `install` needs, as another environment left it."""
    words = "nsb pthy coll2 pure==2.0 tool==2.0 dataful==2.0"
    _commands(
        "create {env}-2 -p {python} --without-pip -q",
        f"install -q --env {{env}}-2 {words}",
        "delete -y {env}-2",
    )(world)


def _rubbish(world: World) -> None:
    """Leave the hidden slot as something that cannot be trusted."""
    os.unlink(f"{world.layout().slot(world.layout().hidden())}/slot.json")
    os.unlink(f"{world.env}/.alcove/state")


def _outside(world: World) -> None:
    """Change the environment as other installers do: one added, with a script; one upgraded; one removed."""
    layout = world.layout()
    site = layout.site_packages
    _unzip(f"{world.wheels}/pthy-1.0-py3-none-any.whl", site)
    with open(f"{site}/pthy-1.0.dist-info/RECORD", "a", encoding="ascii") as stream:
        stream.write("../../../bin/placed,,\n../../../share/placed.txt,,\n")
    with open(f"{layout.bin}/placed", "w", encoding="ascii") as stream:
        stream.write("#!/bin/sh\n")
    os.chmod(f"{layout.bin}/placed", 0o700)
    with open(f"{world.env}/share/placed.txt", "w", encoding="ascii") as stream:
        stream.write("placed\n")
    os.unlink(f"{site}/pure")
    shutil.rmtree(f"{site}/pure-1.0.dist-info")
    _unzip(f"{world.wheels}/pure-2.0-py3-none-any.whl", site)
    os.unlink(f"{site}/single.py")
    shutil.rmtree(f"{site}/single-1.0.dist-info")


def _unzip(path: str, target: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)


def _moved(world: World) -> None:
    os.rename(world.env, f"{world.work}/moved")


def _empty(world: World) -> None:
    os.mkdir(world.env)


_STATES: dict[str, tuple[str, Callable[[World], None]]] = {
    "bare": ("", lambda _: None),
    "empty": ("bare", _empty),
    "base": ("", _base),
    "fresh": ("", _commands("create {env} -p {python} --without-pip -q")),
    "warm": ("base", _warm),
    "undone": ("base", _commands("undo -q --env {env}")),
    "upgraded": ("base", _commands("install -q --env {env} -U pure tool dataful")),
    "downgraded": ("upgraded", _commands("undo -q --env {env}")),
    "long": (
        "upgraded",
        _commands("uninstall -q --env {env} tool nsa coll1", "install -q --env {env} nsb"),
    ),
    "rubbish": ("long", _rubbish),
    "outside": ("warm", _outside),
    "kept": ("outside", World.settle),
    "moved": ("warm", _moved),
}

_ENV = ("-q", "--env", "env")
_UNDO = ("undo", *_ENV)
_REDO = ("redo", *_ENV)
_MORE = ("nsb", "pthy", "coll2")
_NAMED = ("create", "-n", "env", "-q", "-p", sys.executable, "--without-pip")
_NEW = ("create", "env", "-q", "-p", sys.executable)

SCENES = {
    scene.name: scene
    for scene in (
        Scene("install", "warm", ("install", *_ENV, *_MORE), _UNDO, 60),
        Scene("install-cold", "base", ("install", *_ENV, *_MORE), _UNDO, 150),
        Scene("install-first", "fresh", ("install", *_ENV, "pure", "dataful", "runs"), _UNDO, 60),
        Scene("upgrade", "warm", ("install", *_ENV, "-U", "pure", "tool", "dataful"), _UNDO, 60),
        Scene(
            "uninstall",
            "base",
            ("uninstall", *_ENV, "tool", "dataful", "coll1", "runs"),
            _UNDO,
            40,
            repeatable=False,
        ),
        Scene("sync", "warm", ("sync", *_ENV, "../../pins.txt"), _UNDO, 80),
        Scene("undo", "base", _UNDO, _REDO, 20, repeatable=False),
        Scene("redo", "undone", _REDO, _UNDO, 20, repeatable=False),
        Scene("undo-upgrade", "upgraded", _UNDO, _REDO, 20, repeatable=False),
        Scene("redo-upgrade", "downgraded", _REDO, _UNDO, 20, repeatable=False),
        Scene("rollback", "long", ("rollback", *_ENV, "2"), ("rollback", *_ENV, "5"), 60),
        Scene("rebuild", "rubbish", ("rollback", *_ENV, "2"), ("rollback", *_ENV, "5"), 60),
        Scene("outside", "outside", ("install", *_ENV, "nsb"), _UNDO, 80),
        Scene(
            "moved",
            "moved",
            ("install", "-q", "--env", "moved", "nsb"),
            ("undo", "-q", "--env", "moved"),
            80,
            env="moved",
            settles=True,
        ),
        Scene("create", "bare", (*_NEW, "--without-pip"), (), 30),
        Scene("create-with-pip", "bare", _NEW, (), 50),
        Scene("create-filled", "bare", (*_NEW, "--without-pip", "--with", "pure"), (), 60),
        Scene(
            "create-clear-filled",
            "base",
            (*_NEW, "--without-pip", "--clear", "--with", "pure"),
            (),
            60,
        ),
        Scene("create-in-place", "empty", (*_NEW, "--without-pip"), (), 30),
        Scene("create-clear", "base", (*_NEW, "--without-pip", "--clear"), (), 60),
        Scene("create-named", "bare", _NAMED, (), 30, env="../home/.virtualenvs/env"),
        Scene("copy", "kept", ("copy", "-q", "env", "twin"), (), 60, env="twin"),
        Scene("delete", "base", ("delete", "-y", "env"), (), 60),
    )
}

# Others go the same ways: each third point is enough for these, but for kills.
ALIKE = frozenset(
    (
        "install",
        "redo-upgrade",
        "rollback",
        "outside",
        "moved",
        "create-with-pip",
        "create-named",
        "copy",
    )
)

# These go the ways of `create`, with much to place: of their points a sample is enough.
SAMPLED = {"create-named": 3, "create-clear-filled": 7, "copy": 7}
