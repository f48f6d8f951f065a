"""`tree`, `why`, `outdated`, `upgrade`, `autoremove`, and what `install` tells of what it breaks, in this process."""

from __future__ import annotations

import json
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pytest

import alcove.pip.wiring as wiring_of_pip
from alcove.cli.main import run
from alcove.pip.entry import start
from alcove.settings import read
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex


class World:
    """An environment, and an index with versions that exclude each other."""

    def __init__(self, root: Path, index: DiskIndex, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.index = index
        self._capsys = capsys
        made = str(root / "made")
        for version in ("1.0", "2.0", "3.0"):
            index.add(wheel(made, "base", version))
        index.add(wheel(made, "app", "1.0", requires=["base<2", "helper[more]"]))
        index.add(wheel(made, "app", "2.0", requires=["base<3", "helper[more]"]))
        index.add(wheel(made, "helper", "1.0"))
        index.add(wheel(made, "helper", "1.1", requires=["leaf; extra == 'more'"], extras=["more"]))
        index.add(wheel(made, "leaf"))
        index.add(wheel(made, "wants-new", requires=["base>=2"]))

    def alcove(self, *words: str, code: int = 0) -> tuple[str, str]:
        """Run `alcove VERB --env ENV WORDS` and return what it wrote."""
        before = signal.getsignal(signal.SIGTERM)
        self._capsys.readouterr()
        verb, *rest = words
        try:
            done = run([verb, "--env", str(self.root / "env"), *rest])
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = self._capsys.readouterr()
        assert done == code, out + err
        return out, err

    def pip(self, *words: str) -> tuple[str, str, int]:
        """Run the pip of the environment and return what it wrote, and its exit code."""
        given = read()
        self._capsys.readouterr()
        code = start(
            [str(self.root / "env"), "pip", *words],
            environ=given.variables,
            defaults=lambda _command, _isolated: {"index-url": [self.index.url]},
            actions=lambda root: wiring_of_pip.EnvironmentActions(root, given),
            cache=given.cache,
        )
        out, err = self._capsys.readouterr()
        return out, err, code

    def versions(self) -> dict[str, str]:
        """Return what is installed, without the pip of ours."""
        rows = json.loads(self.alcove("list", "--json")[0])
        return {row["name"]: row["version"] for row in rows if row["name"] != "pip"}


@pytest.fixture
def world(
    tmp_path: Path,
    alcove_home: Path,
    alcove_index: DiskIndex,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> World:
    monkeypatch.setenv("PIP_INDEX_URL", alcove_index.url)
    monkeypatch.chdir(alcove_home)
    made = World(tmp_path, alcove_index, capsys)
    assert run(["create", "-q", str(tmp_path / "env"), "-p", sys.executable]) == 0
    made.alcove("install", "-q", "app==1.0")
    return made


FIRST = {"app": "1.0", "base": "1.0", "helper": "1.1", "leaf": "1.0"}
BROKEN = "app 1.0 requires base<2, but you have base 3.0 which is incompatible."


def test_tree_and_why(world: World) -> None:
    out, _ = world.alcove("tree")
    assert out.split("\n")[0] == "app 1.0"
    assert "leaf 1.0" in out
    assert world.alcove("why", "LEAF")[0].split()[:2] == ["leaf", "1.0"]
    assert "app 1.0" in world.alcove("why", "leaf")[0]
    (top,) = json.loads(world.alcove("tree", "--json")[0])
    assert [child["name"] for child in top["children"]] == ["base", "helper"]
    assert "nobody" in world.alcove("why", "nobody", code=1)[1]


def test_outdated_tells_what_an_index_has(world: World) -> None:
    assert json.loads(world.alcove("outdated", "--json")[0]) == [
        {"name": "app", "version": "1.0", "latest": "2.0", "kind": "wheel"},
        {"name": "base", "version": "1.0", "latest": "3.0", "kind": "wheel"},
    ]
    out, _, code = world.pip("list", "--outdated", "--format=json")
    assert code == 0
    assert {(row["name"], row["latest_version"]) for row in json.loads(out)} >= {
        ("app", "2.0"),
        ("base", "3.0"),
    }


def test_what_would_break_is_told_before_it_is_done(world: World) -> None:
    for words in (("install", "--dry-run", "wants-new"), ("install", "wants-new")):
        _, err = world.alcove(*words)
        assert f"warning: {BROKEN}" in err
        assert "alcove undo" in err
    assert world.versions()["base"] == "3.0"
    assert "app 1.0 has requirement base<2" in world.alcove("check", code=1)[0]
    world.alcove("undo")
    assert world.versions() == FIRST
    # Remembered, it is told all the same.
    assert f"warning: {BROKEN}" in world.alcove("install", "wants-new")[1]
    world.alcove("undo")
    # Nobody asks without dependencies, as in pip.
    assert BROKEN not in world.alcove("install", "--no-deps", "base==3.0")[1]


def test_nothing_is_told_of_what_fits(world: World) -> None:
    assert "warning" not in world.alcove("install", "-U", "app")[1]
    assert world.versions()["base"] in ("1.0", "2.0")


def test_the_pip_inside_tells_it_in_pips_words(world: World) -> None:
    out, err, code = world.pip("install", "base==3.0")
    assert code == 0
    assert "Successfully installed base-3.0" in out
    assert err.splitlines()[-1] == BROKEN
    assert err.startswith("ERROR: pip's dependency resolver")
    assert "WARNING" not in err
    assert world.pip("install", "--no-warn-conflicts", "-q", "base==2.0") == ("", "", 0)


def test_upgrade_solves_the_whole_environment_again(world: World) -> None:
    assert "base 1.0 -> 2.0" in world.alcove("upgrade", "--all", "--dry-run")[0]
    assert world.versions() == FIRST
    world.alcove("upgrade", "--all")
    assert world.versions() == {**FIRST, "app": "2.0", "base": "2.0"}
    world.alcove("undo")
    assert world.versions() == FIRST
    assert f"warning: {BROKEN}" in world.alcove("upgrade", "base")[1]
    assert world.versions() == {**FIRST, "base": "3.0"}
    world.alcove("undo")
    assert "nobody: not installed" in world.alcove("upgrade", "nobody", code=1)[1]
    assert "what to upgrade must be said" in world.alcove("upgrade", code=2)[1]


def test_autoremove_takes_what_nothing_needs(world: World) -> None:
    assert json.loads(world.alcove("autoremove", "--json", "-y")[0])["removed"] == []
    world.alcove("uninstall", "-y", "app")
    world.alcove("autoremove", "--dry-run")
    assert set(world.versions()) == {"base", "helper", "leaf"}
    world.alcove("autoremove", "-y")
    assert world.versions() == {}
    world.alcove("undo")
    assert set(world.versions()) == {"base", "helper", "leaf"}


def test_two_distributions_that_own_one_file(world: World) -> None:
    """As opencv-python and opencv-contrib-python: one is used, both are whole, removing one leaves the other whole."""
    made = str(world.root / "made")
    both = {"cv2/__init__.py": "", "cv2/core.py": "who = 'NAME'\n"}
    for name in ("cv", "cv-contrib"):
        files = {path: text.replace("NAME", name) for path, text in both.items()}
        own = {f"cv2/only_{name.replace('-', '_')}.py": ""}
        world.index.add(wheel(made, name, files=files | own))
    library = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    package = world.root / "env" / "lib" / library / "site-packages" / "cv2"
    seen = set()
    for order in (("cv", "cv-contrib"), ("cv-contrib", "cv")):
        told = "".join(world.alcove("install", name)[1] for name in order)
        assert told.count("both have cv2/") == 1
        seen.add((package / "core.py").read_text())
        assert {path.name for path in package.glob("only_*.py")} == {
            "only_cv.py",
            "only_cv_contrib.py",
        }
        world.alcove("verify")
        world.alcove("uninstall", "-y", order[0])
        assert (package / "core.py").read_text() == f"who = '{order[1]}'\n"
        assert [path.name for path in package.glob("only_*.py")] == [
            f"only_{order[1].replace('-', '_')}.py"
        ]
        world.alcove("verify")
        world.alcove("uninstall", "-y", order[1])
        assert not package.exists()
    assert len(seen) == 1  # whoever came first


def test_one_of_two_indexes_that_is_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told each time, also of what was decided before; what is asked for comes from the other one."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", gone)
    for _ in range(2):
        _, err = world.alcove("install", "helper==1.0")
        assert f"{gone} does not answer" in err
        world.alcove("undo")
    more = ("--extra-index-url", gone, "--retries", "0")
    out, err, code = world.pip("list", "--outdated", "--format=json", *more)
    assert (code, [row["name"] for row in json.loads(out)]) == (0, ["app", "base"])
    assert err.startswith(f"WARNING: {gone} does not answer")
    assert gone in world.alcove("install", "nowhere", code=1)[1]
    monkeypatch.setenv("ALCOVE_INDEX_STRATEGY", "first-index")
    assert f"error: {gone}" in world.alcove("install", "helper==1.0", code=1)[1]
