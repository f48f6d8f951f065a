"""Entries placed outside an environment, and what is moved into a target."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from alcove.errors import PathCollision
from alcove.events import Warned
from alcove.store.layout import entry_path, store_at
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel
from alcove.transactions import outside
from alcove.transactions.outside import Marks, Scheme
from alcove.transactions.target import move_in
from alcove.wheels import record
from tests.crash import examine

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.wheels.entry import Entry
    from tests.unit.transactions.machine import Machine

MARKS = Marks(True, '{"url": "u"}', "/env/bin/python")


class World:
    """An entry of a store, and a prefix to place it in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        path = wheel(
            str(root),
            "demo",
            entry_points={"demo-run": "demo:main"},
            files={"demo/__init__.py": "", "demo/sub/x.txt": "x"},
            scripts={"demo-sh": "#!python\nprint()\n"},
            data={"share/demo.txt": "d"},
            headers={"demo.h": "h"},
            executable={"demo/sub/x.txt"},
        )
        self.store = store_at(str(root / "data"))
        self.entry: Entry = unpack(self.store, path)
        self.base = entry_path(self.store, self.entry.directory)
        prefix = root / "prefix"
        self.prefix = prefix
        self.scheme = Scheme(f"{prefix}/site", f"{prefix}/bin", str(prefix), f"{prefix}/include")

    def place(self) -> list[str]:
        """Place the entry, RECORD too."""
        files = outside.place(self.entry, self.base, self.scheme, MARKS)
        outside.write_record(self.entry, self.scheme, files, [])
        return files

    def files(self) -> set[str]:
        """Return the paths of all files in the prefix."""
        return {
            os.path.relpath(os.path.join(folder, name), self.prefix)
            for folder, _, names in os.walk(self.prefix)
            for name in names
        }


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_all_parts_come_as_real_files(world: World) -> None:
    world.place()
    info = "site/demo-1.0.dist-info"
    assert world.files() >= {
        "site/demo/__init__.py",
        "site/demo/sub/x.txt",
        "bin/demo-run",
        "bin/demo-sh",
        "share/demo.txt",
        "include/demo/demo.h",
        f"{info}/REQUESTED",
        f"{info}/direct_url.json",
        f"{info}/RECORD",
    }
    for name in world.files():
        facts = (world.prefix / name).lstat()
        assert stat.S_ISREG(facts.st_mode), name
        assert facts.st_nlink == 1, name
    assert (world.prefix / "bin" / "demo-run").read_text().startswith("#!/env/bin/python\n")
    assert (world.prefix / "bin" / "demo-sh").read_text() == "#!/env/bin/python\nprint()\n"
    assert os.access(world.prefix / "bin" / "demo-sh", os.X_OK)
    assert os.access(world.prefix / "site" / "demo" / "sub" / "x.txt", os.X_OK)


def test_record_is_true(world: World) -> None:
    files = world.place()
    text = (world.prefix / "site" / "demo-1.0.dist-info" / "RECORD").read_bytes()
    rows = record.parse(text, "RECORD")
    site = world.prefix / "site"
    assert {os.path.normpath(site / path) for path in rows} == {
        *files,
        str(site / "demo-1.0.dist-info" / "RECORD"),
    }
    assert list(rows) == sorted(rows)
    assert rows["../bin/demo-run"].hash.startswith("sha256=")


def test_placing_again_replaces_and_leaves_no_rest(world: World) -> None:
    world.place()
    before = world.files()
    (world.prefix / "site" / "demo" / "__init__.py").write_text("edited")
    world.place()
    assert world.files() == before
    assert (world.prefix / "site" / "demo" / "__init__.py").read_text() == ""


def test_a_directory_in_the_way(world: World) -> None:
    (world.prefix / "site" / "demo" / "__init__.py").mkdir(parents=True)
    with pytest.raises(PathCollision, match="is a directory"):
        world.place()
    assert not any(name.endswith(".tmp") for name in world.files())


def test_a_file_where_a_directory_must_be(world: World) -> None:
    (world.prefix / "site").mkdir(parents=True)
    (world.prefix / "site" / "demo").write_text("mine")
    with pytest.raises(PathCollision, match="is needed as a directory"):
        world.place()
    assert (world.prefix / "site" / "demo").read_text() == "mine"


def test_nothing_is_written_through_a_link(world: World) -> None:
    victim = world.root / "victim"
    victim.mkdir()
    (world.prefix / "site").mkdir(parents=True)
    (world.prefix / "site" / "demo").symlink_to(victim)
    with pytest.raises(PathCollision, match="is a link"):
        world.place()
    assert os.listdir(victim) == []


def test_removed_by_record_with_what_became_empty(world: World) -> None:
    world.place()
    (world.prefix / "bin" / "mine").write_text("")
    cache = world.prefix / "site" / "demo" / "__pycache__"
    cache.mkdir()
    (cache / "__init__.cpython-313.pyc").write_text("")
    outside.remove(f"{world.prefix}/site/demo-1.0.dist-info", inside=(str(world.prefix),))
    assert world.files() == {"bin/mine"}
    assert (world.prefix / "site").is_dir()


def test_nothing_beyond_the_prefix_is_removed(world: World) -> None:
    world.place()
    victim = world.root / "victim"
    victim.write_text("")
    info = world.prefix / "site" / "demo-1.0.dist-info"
    (info / "RECORD").write_text(f"../../victim,,\n{victim},,\ndemo/__init__.py,,\n")
    outside.remove(str(info), inside=(str(world.prefix),))
    assert victim.exists()
    assert not (world.prefix / "site" / "demo" / "__init__.py").exists()


class Told:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def emit(self, event: object, /) -> None:
        """Keep a warning."""
        assert isinstance(event, Warned)
        self.texts.append(event.text)


@pytest.mark.parametrize("replace", [False, True])
def test_moving_into_a_target(tmp_path: Path, replace: bool) -> None:  # noqa: FBT001
    staged, target, told = tmp_path / "staged", tmp_path / "target", Told()
    target.mkdir()
    for name in ("new", "there", "link"):
        (staged / name).mkdir(parents=True)
        (staged / name / "x").write_text("new")
    (target / "there").mkdir()
    (target / "there" / "old").write_text("")
    (target / "link").symlink_to("nowhere")
    move_in(
        str(target),
        [str(staged / name) for name in ("new", "there", "link")],
        replace=replace,
        reporter=told,
    )
    assert os.listdir(target / "new") == ["x"]
    assert os.listdir(target / "there") == (["x"] if replace else ["old"])
    assert (target / "link").is_symlink()
    assert len(told.texts) == (1 if replace else 2)
    assert ("is a link" in told.texts[-1]) == replace


def test_nothing_behind_a_link_is_removed(machine: Machine) -> None:
    files = {
        "demo/__init__.py": "",
        "demo/sub/x.py": "",
        "ns/part/__init__.py": "x = 1\n",
        "one.py": "",
    }
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", files=files, data={"share/demo": "x"})])
    site = layout.site_packages
    elsewhere = f"{machine.root}/elsewhere"
    os.makedirs(f"{elsewhere}/deep")
    for path in ("a.py", "deep/b.py"):
        with open(f"{elsewhere}/{path}", "w", encoding="ascii") as stream:
            stream.write("")
    os.symlink(elsewhere, f"{site}/theirs")
    with open(f"{site}/demo-1.0.dist-info/RECORD", "a", encoding="ascii") as rows:
        rows.write("theirs/a.py,,\ntheirs/deep/b.py,,\n")
    stored = examine._tree(f"{machine.root}/data/store")
    outside.remove(f"{site}/demo-1.0.dist-info", inside=(layout.root,))
    assert examine._tree(f"{machine.root}/data/store") == stored
    assert sorted(os.listdir(elsewhere)) == ["a.py", "deep"]
    assert os.listdir(f"{elsewhere}/deep") == ["b.py"]
    left = {"demo", "one.py", "demo-1.0.dist-info"} & set(os.listdir(site))
    assert left == set()
    assert not os.path.lexists(f"{layout.root}/share/demo")
