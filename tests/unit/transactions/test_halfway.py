"""An installer that was stopped in an upgrade: what it left stops nobody who goes back, and is kept."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.errors import PathCollision, TransactionError
from alcove.files import ops
from alcove.store.layout import store_at
from alcove.store.verify import damaged
from alcove.transactions import data_files, foreseen, generations
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout

NEW = {
    "lib/demo/__init__.py": "x = 2\n",
    "lib/ns/part/__init__.py": "",
    "lib/single.py": "y = 2\n",
    "share/demo/list.txt": "pepper\n",
    "bin/demo": "#!/usr/bin/python3\n# pip\n",
}


class Upgrade:
    """An upgrade of `demo` that went so far that the old one is removed, and the files of the new one are there."""

    def __init__(self, root: Path) -> None:
        self.machine = Machine(str(root))
        self.layout: Layout = self.machine.create()
        self.demo: Placement = self.machine.unpacked(
            "demo",
            files={
                "demo/__init__.py": "x = 1\n",
                "ns/part/__init__.py": "",
                "single.py": "y = 1\n",
            },
            data={"share/demo/list.txt": "salt\n"},
            entry_points={"demo": "demo:main"},
        )
        other = self.machine.unpacked("other", files={"ns/other/__init__.py": ""})
        self.machine.show(self.layout, [self.demo, other])
        self.site = self.layout.site_packages
        for path in ("demo", "ns/part", "single.py"):
            os.unlink(f"{self.site}/{path}")
        os.unlink(f"{self.layout.bin}/demo")
        os.unlink(f"{self.layout.root}/share/demo/list.txt")

    def place(self, *paths: str) -> None:
        """Place files of the new one."""
        for path in paths:
            target = Path(self.where(path))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(NEW[path], encoding="utf-8")

    def where(self, path: str) -> str:
        """Return where a file of the new one is placed (absolute)."""
        kind, _, below = path.partition("/")
        return f"{self.site}/{below}" if kind == "lib" else f"{self.layout.root}/{path}"

    def as_pip(self) -> None:
        """Leave the metadata as pip does while it places the new one."""
        os.rename(f"{self.site}/demo-1.0.dist-info", f"{self.site}/~emo-1.0.dist-info")

    def as_uv(self) -> None:
        """Leave the metadata as uv does, with what the wheel has of it in part."""
        shutil.rmtree(f"{self.site}/demo-1.0.dist-info")
        metadata = Path(self.site, "demo-2.0.dist-info", "METADATA")
        metadata.parent.mkdir()
        metadata.write_text("Metadata-Version: 2.1\nName: Demo\nVersion: 2.0\n", encoding="utf-8")

    def as_uv_before(self) -> None:
        """Leave the metadata as uv does before it comes to those of the new one."""
        shutil.rmtree(f"{self.site}/demo-1.0.dist-info")
        os.mkdir(f"{self.site}/demo-2.0.data")

    def kept(self) -> list[str]:
        """Return what is kept aside, each file by its content."""
        found = Path(self.layout.private, "replaced").rglob("*")
        return sorted(one.read_text(encoding="utf-8") for one in found if one.is_file())


@pytest.fixture
def upgrade(tmp_path: Path) -> Upgrade:
    return Upgrade(tmp_path)


@pytest.mark.parametrize("left", ["as_pip", "as_uv", "as_uv_before"])
@pytest.mark.parametrize("placed", [[one] for one in NEW] + [list(NEW)], ids="+".join)
def test_one_can_go_back(upgrade: Upgrade, left: str, placed: list[str]) -> None:
    upgrade.place(*placed)
    getattr(upgrade, left)()
    said = Said()
    upgrade.machine.again(upgrade.layout, 1, said=said)
    site = upgrade.layout.site_packages
    assert Path(site, "demo", "__init__.py").read_text(encoding="utf-8") == "x = 1\n"
    assert Path(site, "single.py").read_text(encoding="utf-8") == "y = 1\n"
    assert os.path.islink(f"{site}/demo")
    assert os.path.isfile(f"{site}/ns/part/__init__.py")
    assert os.path.islink(f"{upgrade.layout.bin}/demo")
    text = Path(upgrade.layout.root, "share/demo/list.txt").read_text(encoding="utf-8")
    assert text == "salt\n"
    assert upgrade.kept() == sorted(NEW[one] for one in placed)
    assert said.text.count("was left by an installer that was stopped") == len(placed)


def test_a_dry_run_says_it_too(upgrade: Upgrade) -> None:
    upgrade.place(*NEW)
    upgrade.as_pip()
    layout = upgrade.layout
    said = Said()
    upgrade.machine.again(layout, 0)
    shown = foreseen.foresee(layout, said).shown
    foreseen.check(layout, shown, generations.load(layout, 1), said)
    assert said.text.count("it would be kept aside") == len(NEW)
    assert upgrade.kept() == []


def test_a_file_of_nobody_does_not_get_into_the_store(upgrade: Upgrade) -> None:
    upgrade.place("lib/demo/__init__.py")
    upgrade.as_uv()
    record = "demo/__init__.py,,\ndemo-2.0.dist-info/RECORD,,\n"  # as the wheel has it
    Path(upgrade.site, "demo-2.0.dist-info", "RECORD").write_text(record, encoding="utf-8")
    for name in ("demo/.tmpA", "demo/mine/a.txt"):
        path = Path(upgrade.site, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    said = Said()
    upgrade.machine.again(upgrade.layout, 1, said=said)
    assert os.path.islink(f"{upgrade.layout.site_packages}/demo")
    store = store_at(f"{upgrade.machine.root}/data")
    assert damaged(store, upgrade.demo.source[2:], deep=True) == []
    assert upgrade.kept() == ["demo/.tmpA", "demo/mine/a.txt"]
    assert said.text.count("stands where a directory of the store comes") == 2


@pytest.mark.parametrize("path", list(NEW))
def test_what_nobody_was_removing_is_the_users(upgrade: Upgrade, path: str) -> None:
    shutil.rmtree(f"{upgrade.site}/demo-1.0.dist-info")
    upgrade.place(path)
    with pytest.raises(
        (PathCollision, TransactionError), match=r"has that path too|is there already"
    ):
        upgrade.machine.again(upgrade.layout, 1)
    assert Path(upgrade.where(path)).read_text(encoding="utf-8") == NEW[path]


def test_of_a_half_removed_distribution_only_what_its_record_names(upgrade: Upgrade) -> None:
    upgrade.place("lib/single.py")
    upgrade.as_pip()
    more = upgrade.machine.unpacked("more", data={"share/demo/more.txt": "1"})
    target = Path(upgrade.layout.root, "share/demo/more.txt")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(PathCollision):
        upgrade.machine.show(upgrade.layout, [upgrade.demo, more])
    assert target.read_text(encoding="utf-8") == "mine"
    assert upgrade.kept() == []  # what was refused moves nothing
    assert Path(upgrade.where("lib/single.py")).exists()


def test_a_data_file_comes_back_where_links_cannot_be_had_and_its_directory_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    shown = machine.show(layout, [machine.unpacked("demo", data={"share/demo/x": "x"})])
    shutil.rmtree(f"{layout.root}/share")
    real = ops.link

    def link(source: str, target: str) -> None:
        if os.path.isdir(os.path.dirname(target)):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), target)
        real(source, target)

    monkeypatch.setattr(ops, "link", link)
    ((path, row),) = data_files.rows(shown).items()
    data_files.place_in(layout, path, row)
    assert Path(layout.root, path).read_text(encoding="utf-8") == "x"
