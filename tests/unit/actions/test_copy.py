"""A copy holds what the environment holds, with what its user changed."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.actions.copy import copy
from alcove.actions.held import hold, register
from alcove.actions.history import history, undo
from alcove.actions.move import move
from alcove.actions.verify import verify
from alcove.environments.create import create
from alcove.errors import AlcoveError, EnvironmentBusy, NotAFile, UsageError
from alcove.files import ops
from alcove.files.locking import Lock
from alcove.settings import read
from alcove.store import roots
from alcove.store.layout import store_at
from tests.unit.transactions.machine import INTERPRETER, Machine, Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.actions.finding import Finding
    from alcove.environments.layout import Layout
    from alcove.settings import Settings


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("alcove.actions.copy.inspect", lambda *_, **__: INTERPRETER)
    return Machine(str(tmp_path))


def test_configuration_that_was_changed_comes_along(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    data = {"etc/a.conf": "a = 1\n", "etc/b.conf": "b = 1\n", "etc/c.conf": "c\n", "share/d": "d\n"}
    machine.show(layout, [machine.unpacked("demo", data=data)])
    Path(layout.root, "etc/a.conf").write_text("a = 2\n")
    os.unlink(f"{layout.root}/etc/c.conf")
    made = copy(layout, f"{machine.root}/other", settings)
    assert Path(made.root, "etc/a.conf").read_text() == "a = 2\n"
    assert Path(made.root, "etc/b.conf").read_text() == "b = 1\n"
    assert Path(made.root, "share/d").read_text() == "d\n"
    told = verify(made.root, settings).told
    assert told == (f"{made.root}/etc/a.conf was changed by hand and is kept",)


def test_modules_that_were_changed_come_along(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    files = {"certifi/__init__.py": "", "certifi/ca.pem": "theirs"}
    machine.show(
        layout,
        [machine.unpacked("certifi", files=files), machine.unpacked("six", files={"six.py": "6"})],
    )
    changed = {"certifi/ca.pem": "theirs, and mine", "certifi/mine/a.pem": "mine", "six.py": "7"}
    os.mkdir(f"{layout.site_packages}/certifi/mine")
    for path, text in changed.items():
        Path(layout.site_packages, path).write_text(text)
    made = copy(layout, f"{machine.root}/other", settings)
    assert {path: Path(made.site_packages, path).read_text() for path in changed} == changed


def found_in(layout: Layout, settings: Settings) -> list[Finding]:
    found = verify(layout.root, settings, whole=True).findings
    return [one for one in found if one.part == "entry"]


def test_all_of_the_store_is_that_of_the_environment_too(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    machine.create()
    layout = create(machine.wanted(f"{machine.root}/own", private=True))
    entry = machine.unpacked("demo", files={"demo/__init__.py": "x = 1\n"}).source[2:]
    placed = f"{layout.private}/store/entries-v1/{entry}"
    shutil.copytree(f"{machine.root}/data/store/entries-v1/{entry}", placed, symlinks=True)
    path = Path(placed, "lib/demo/__init__.py")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text("x = 2\n")
    os.utime(path, ns=times)  # only the hash tells
    (found,) = found_in(layout, settings)
    assert (found.path, found.what) == (placed, "lib/demo/__init__.py (changed)")
    shutil.rmtree(placed)
    os.makedirs(f"{machine.root}/data/store/entries-v1/bad")
    (found,) = found_in(layout, settings)
    assert found.path == f"{machine.root}/data/store/entries-v1/bad"


def test_what_lies_in_the_environment_itself_must_be_there(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = create(machine.wanted(private=True))
    kept = machine.unpacked("demo")._replace(source="kept/x", record="kept")
    (layout_kept := Path(layout.private, "kept/x/lib")).mkdir(parents=True)
    (layout_kept.parent / "dist-info").mkdir()
    for name in kept.dist_files:
        (layout_kept.parent / "dist-info" / name).write_text("")
    machine.show(layout, [kept])
    shutil.rmtree(f"{layout.private}/kept/x")
    with pytest.raises(AlcoveError, match="kept/x is missing") as caught:
        copy(layout, f"{machine.root}/other", settings)
    assert caught.value.hint == f"alcove repair --env {layout.root}"
    assert not os.path.lexists(f"{machine.root}/other")


def test_a_move_to_another_file_system_takes_all_along(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    demo = machine.unpacked("demo", files={"demo/__init__.py": "x = 1\n"})
    machine.show(layout, [demo])
    machine.show(layout, [demo, machine.unpacked("other")])
    Path(layout.root, "notes.txt").write_text("mine\n")
    Path(layout.root, "src").mkdir()
    Path(layout.root, ".project").write_text("/work\n")
    _away(layout.root, monkeypatch)
    said = Said()
    moved = move(layout, f"{machine.root}/away/there", settings, reporter=said)
    assert "lies on another file system" in said.text
    assert not os.path.lexists(layout.root)
    assert os.listdir(f"{machine.root}/away") == ["there"]
    assert [one.number for one in history(moved)] == [0, 1, 2]
    assert Path(moved.root, "notes.txt").read_text() == "mine\n"
    assert (Path(moved.root, "src").is_dir(), Path(moved.root, ".project").is_file()) == (
        True,
        True,
    )
    assert Path(moved.site_packages, "demo/__init__.py").read_text() == "x = 1\n"
    assert undo(moved, settings).after == 1
    parts = {one.part for one in verify(moved.root, settings).findings}
    assert parts <= {"settings", "interpreter"}  # of which no process was asked


def test_nobody_changes_what_was_copied_before_it_goes(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    rename, there = ops.rename, []

    def other(source: str, target: str) -> None:
        if source == layout.root and "/.env." not in target:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(source, target)

    def opened(which: Layout, *rest: object, **more: object) -> object:
        there.append(os.path.lexists(layout.root))
        return hold(which, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ops, "rename", other)
    monkeypatch.setattr("alcove.actions.move.hold", opened)
    move(layout, f"{machine.root}/there", settings)
    assert there == [True, False]


def test_a_move_to_another_file_system_takes_no_project_along(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    os.mkdir(f"{layout.root}/.git")

    _away(layout.root, monkeypatch)
    with pytest.raises(AlcoveError, match="holds a project too"):
        move(layout, f"{machine.root}/there", settings)
    assert set(os.listdir(machine.root)) == {"env", "data"}


def test_a_move_that_cannot_be_copied_leaves_all_as_it_was(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    register(layout)
    os.mkfifo(f"{layout.root}/pipe")
    _away(layout.root, monkeypatch)
    with pytest.raises(NotAFile):
        move(layout, f"{machine.root}/there", settings)
    assert not os.path.lexists(f"{machine.root}/there")
    store = store_at(f"{machine.root}/data")
    assert list(roots.paths(store)) == [layout.root]
    assert verify(layout.root, settings).generation == 0


def test_a_place_that_another_environment_has_is_not_to_be_cleared(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    other = create(machine.wanted(f"{machine.root}/other"))
    for call in (copy, move):
        with pytest.raises(AlcoveError, match="is a virtual environment already") as caught:
            call(layout, other.root, settings)
        assert "--clear" not in (caught.value.hint or "")


def _away(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the directory `root` lie on another file system than all places that it could be renamed to."""
    rename = ops.rename

    def other(source: str, target: str) -> None:
        if source == root:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(source, target)

    monkeypatch.setattr(ops, "rename", other)


@pytest.mark.parametrize("place", ["env/inside", "env/.alcove/deep/down", "link/inside"])
@pytest.mark.parametrize("verb", [copy, move])
def test_no_environment_goes_into_itself(
    machine: Machine, verb: Callable[..., Layout], place: str
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    os.symlink(layout.root, f"{machine.root}/link")
    before = sorted(os.listdir(layout.root))
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="itself"):
            verb(layout, f"{machine.root}/{place}", settings, dry_run=dry_run)
    assert sorted(os.listdir(layout.root)) == before


def test_a_place_that_somebody_else_takes_meanwhile_stays_theirs(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    target, store = f"{machine.root}/there", store_at(f"{machine.root}/data")
    demo = machine.unpacked("demo")

    def take(where: Layout, *rest: object, **more: object) -> object:
        if not os.path.lexists(target):
            theirs = create(machine.wanted(target)._replace(placements=(demo,)))
            register(theirs)
        return hold(where, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("alcove.actions.move.hold", take)
    with pytest.raises(AlcoveError, match="there was made by somebody else") as caught:
        move(layout, target, settings)
    assert caught.value.hint == "look at it, or choose another path"
    assert os.path.isfile(f"{layout.root}/pyvenv.cfg")
    kept = roots.find(store, target)
    assert kept is not None
    assert set(kept.entries) >= {demo.source[2:]}


def test_a_copy_waits_for_who_changes_the_source(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    with Lock(f"{layout.private}/lock").acquire() as lock:
        lock.sign("process 7")
        with pytest.raises(EnvironmentBusy, match="env is being changed by process 7"):
            copy(layout, f"{machine.root}/there", settings._replace(wait=0.0))
    assert not os.path.lexists(f"{machine.root}/there")
    other = INTERPRETER._replace(library="python3.6", include="python3.6m")
    create(machine.wanted()._replace(interpreter=other), clear=True)
    made = copy(layout, f"{machine.root}/there", settings)  # what lies there now
    assert made.library == INTERPRETER.library  # that of the one that is asked
    assert made.shown() == "a"
