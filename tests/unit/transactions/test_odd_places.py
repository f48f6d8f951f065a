"""What a person does to the directories of an environment, and what alcove then leaves alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.errors import TransactionError
from alcove.files import ops
from tests.unit.transactions.machine import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.transactions.machine import Machine


def linked(path: str, aside: str) -> None:
    os.rename(path, aside)
    os.symlink(aside, path)


def test_a_directory_of_data_files_may_be_a_link(machine: Machine) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", data={"share/demo/a/x": "x"})
    machine.show(layout, [demo])
    linked(f"{layout.root}/share", f"{machine.root}/elsewhere")
    machine.show(layout, [])
    assert os.path.islink(f"{layout.root}/share")
    assert os.listdir(f"{machine.root}/elsewhere") == []
    machine.show(layout, [demo])
    assert os.path.isfile(f"{machine.root}/elsewhere/demo/a/x")


def test_a_directory_of_data_files_may_be_a_mount_point(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", data={"share/demo/x": "x"})])
    rmdir: Callable[[str], None] = ops.rmdir

    def busy(path: str) -> None:
        if path == f"{layout.root}/share":
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), path)
        rmdir(path)

    monkeypatch.setattr(ops, "rmdir", busy)
    machine.show(layout, [])
    assert os.listdir(f"{layout.root}/share") == []


def test_what_only_looks_like_our_leftovers_stays(machine: Machine) -> None:
    layout = machine.create()
    ours = f"{layout.bin}/.activate.4711-0123abcd.tmp"
    theirs = [f"{layout.bin}/.{name}" for name in ("notes.tmp", "a.1-x.tmp", "a.1-0123abcg.tmp")]
    for path in (ours, *theirs):
        Path(path).write_text("", encoding="ascii")
    machine.show(layout, [machine.unpacked("demo")])
    assert [path for path in (ours, *theirs) if os.path.exists(path)] == theirs


def test_a_directory_beside_an_environment_is_swept_only_where_it_is_ours(
    machine: Machine,
) -> None:
    ours, theirs = f"{machine.root}/.env.4711-0123abcd.tmp", f"{machine.root}/.env.backup.tmp"
    for path in (ours, theirs):
        os.mkdir(path)
        Path(path, "precious").write_text("", encoding="ascii")
    machine.create()
    assert not os.path.exists(ours)
    assert os.path.isfile(f"{theirs}/precious")


def test_the_modes_of_the_users_directories_come_along(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    modes = {"secret": 0o700, "open": 0o777, "shared": 0o770}
    for name, mode in modes.items():
        path = Path(layout.site_packages, name)
        path.mkdir()
        path.joinpath("f").touch()
        path.chmod(mode)
    for number in range(3):
        machine.show(layout, [machine.unpacked("demo", f"{number}.0")])
        assert {
            name: Path(layout.site_packages, name).stat().st_mode & 0o777 for name in modes
        } == modes
    Path(layout.site_packages, "open").chmod(0o750)
    machine.show(layout, [])
    assert Path(layout.site_packages, "open").stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("target", ["/bin/true", "nowhere"])
def test_a_link_of_the_users_where_a_script_is_to_come_is_told(
    machine: Machine, target: str
) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", entry_points={"run": "demo:main"})
    os.symlink(target, f"{layout.bin}/run")
    with pytest.raises(TransactionError, match="is there already and demo wants to place a script"):
        machine.show(layout, [demo])
    assert os.readlink(f"{layout.bin}/run") == target
    os.unlink(f"{layout.bin}/run")
    machine.show(layout, [demo])
    assert os.readlink(f"{layout.bin}/run") == "../.alcove/current/bin/run"
    os.unlink(f"{layout.private}/state")  # stopped before the link was taken away
    machine.show(layout, [])
    os.symlink("../.alcove/current/bin/run", f"{layout.bin}/run")
    machine.show(layout, [demo])


@pytest.mark.parametrize("kind", ["file", "link", "link to nowhere", "directory"])
@pytest.mark.parametrize("path", ["share/demo/x", "etc/demo.conf"])
def test_what_the_user_put_in_the_place_of_a_data_file_stays_and_is_told(
    machine: Machine, kind: str, path: str
) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", "1.0", data={path: "1"})])
    real = f"{layout.root}/{path}"
    os.unlink(real)
    if kind == "directory":
        os.mkdir(real)
    elif kind == "file":
        Path(real).write_text("mine", encoding="ascii")
    else:
        os.symlink("/nowhere" if kind == "link to nowhere" else layout.python, real)
    before = os.lstat(real)
    said = Said()
    machine.show(layout, [machine.unpacked("demo", "2.0", data={path: "2"})], said=said)
    assert os.lstat(real).st_ino == before.st_ino
    assert f"{real} was changed by hand and is kept" in said.text
