"""A module that is gone while its distribution's metadata stands is damage, which is told and healed, and no wish."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from alcove.actions.verify import verify
from alcove.events import Notice, Warned
from alcove.settings import read
from alcove.transactions import state
from alcove.transactions.apply import Held
from tests.crash import examine
from tests.unit.transactions.machine import Said
from tests.unit.transactions.test_outside import install, names, noticed

if TYPE_CHECKING:
    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from tests.unit.transactions.machine import Machine

FILES = {
    "demo/__init__.py": "x = 1\n",
    "ns/part/__init__.py": "",
    "single.py": "y = 1\n",
    "bad.pth": "import sys\n",  # a distribution whose .pth executes code is placed as real files
}


def wrong_paths(machine: Machine, layout: Layout) -> set[str]:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    site = f"{layout.slot(layout.shown())}/site-packages"
    found = verify(layout.root, settings).findings
    return {os.path.relpath(one.path, site) for one in found if one.part == "distribution"}


def filled(machine: Machine, *, real: bool = False) -> tuple[Layout, list[Placement]]:
    layout = machine.create()
    files = {path: text for path, text in FILES.items() if real or path != "bad.pth"}
    placements = [machine.unpacked("demo", files=files), machine.unpacked("other")]
    machine.show(layout, placements)
    assert os.path.islink(f"{layout.site_packages}/demo") != real
    return layout, placements


@pytest.mark.parametrize(
    ("real", "gone"),
    [
        (False, "demo"),
        (False, "ns/part"),
        (False, "single.py"),
        (False, "demo-1.0.dist-info/RECORD"),
        (True, "demo"),
        (True, "single.py"),
    ],
)
def test_what_is_missing_is_told_and_not_recorded(machine: Machine, real: bool, gone: str) -> None:  # noqa: FBT001  a parameter of the test
    layout, placements = filled(machine, real=real)
    before = examine.seen(layout)
    path = f"{layout.site_packages}/{gone}"
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)
    os.utime(layout.site_packages)  # of what is gone below it nobody takes notice otherwise
    for _ in range(2):
        said = Said()
        with Held(layout, reporter=said) as held:
            assert held.shown.number == 1
            held.note("asked")  # as a command to which nothing was to be done
        (event,) = said.events
        assert isinstance(event, Warned)
        assert event.text.startswith("demo 1.0: installed, but not whole: ")
        assert event.text.endswith(f"/site-packages/{gone} is missing")
        assert f"alcove repair --env {layout.root} " in str(event.hint)
        assert state.read(layout) is None, "the next command looks again"
        assert any(
            one == gone or one.startswith(f"{gone}/") for one in wrong_paths(machine, layout)
        )
    third = machine.unpacked("third")
    said = Said()
    machine.show(layout, [*placements, third], said=said)
    assert said.events[-1] == Notice("what was missing is there again")
    assert examine.wrong(layout) == []
    assert state.read(layout) is not None
    machine.show(layout, [third])
    machine.again(layout, 1)
    assert examine.seen(layout) == before, "the damage does not come back with an undo"
    assert examine.wrong(layout) == []


def test_who_removes_the_metadata_too_wants_it_gone(machine: Machine) -> None:
    layout, _ = filled(machine)
    os.unlink(f"{layout.site_packages}/demo")
    shutil.rmtree(f"{layout.site_packages}/demo-1.0.dist-info")
    shown, _ = noticed(layout)
    assert [one.name for one in shown.placements] == ["other"]
    assert shown.outside


def test_damage_beside_what_others_installed(machine: Machine) -> None:
    layout, _ = filled(machine)
    os.unlink(f"{layout.site_packages}/demo")
    install(machine, layout, "theirs", "1.0", files={"theirs.py": "z = 1\n"})
    shown, said = noticed(layout)
    assert [one.name for one in shown.placements] == ["demo", "other", "theirs"]
    assert "demo 1.0: installed, but not whole" in said
    assert wrong_paths(machine, layout) == {"demo"}
    os.unlink(f"{layout.site_packages}/theirs.py")
    _, said = noticed(layout)
    assert "demo 1.0, theirs 1.0: installed, but not whole" in said
    with Held(layout) as held:
        held.change(held.shown.placements, why="test")
    assert examine.wrong(layout) == []
    assert os.path.isfile(f"{layout.site_packages}/theirs.py")


def test_what_is_gone_unseen_does_not_stop_the_next_change(machine: Machine) -> None:
    layout, placements = filled(machine)
    os.unlink(f"{layout.site_packages}/ns/part")  # no directory that is looked at has another time
    third = machine.unpacked("third")
    machine.show(layout, [*placements, third])
    machine.show(layout, [third])
    assert examine.wrong(layout) == []


def over(backup: str, root: str) -> None:
    """Put a backup over an environment, times and all, and leave what came since, as `cp -a` and `rsync -a` do."""
    for directory, folders, files in os.walk(backup, topdown=False):
        target = f"{root}{directory.removeprefix(backup)}"
        os.makedirs(target, exist_ok=True)
        for name in [*files, *(name for name in folders if os.path.islink(f"{directory}/{name}"))]:
            if os.path.lexists(f"{target}/{name}"):
                os.unlink(f"{target}/{name}")
            shutil.copy2(f"{directory}/{name}", f"{target}/{name}", follow_symlinks=False)
        shutil.copystat(directory, target)


@pytest.mark.parametrize("more", [False, True])
def test_a_backup_that_was_put_over_an_environment(
    machine: Machine,
    more: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    points = {"demo": "demo:main", "more": "demo:main"}
    demo, other, late = (
        machine.unpacked(name, version, entry_points=points, files={f"{name}/__init__.py": version})
        for name, version in (("demo", "1.0"), ("demo", "2.0"), ("late", "1.0"))
    )
    late = late._replace(launchers=())
    layout = machine.create()
    machine.show(layout, [demo])
    machine.show(layout, [demo, machine.unpacked("third")])
    backup = f"{machine.root}/backup"
    shutil.copytree(layout.root, backup, symlinks=True)
    machine.show(layout, [other, late])
    if more:
        machine.show(layout, [late])
    over(backup, layout.root)
    shown, _ = noticed(layout)
    assert shown.outside == more
    assert [one.name for one in shown.placements if one.record == "kept"] == []
    for number in (1, 2, 3, 0, 1):
        machine.again(layout, number)
        assert examine.wrong(layout) == []
    machine.show(layout, [late])
    assert examine.wrong(layout) == []


@pytest.mark.parametrize("earlier", [0, 1, 2])
def test_a_backup_that_was_put_over_an_environment_leaves_no_data_files(
    machine: Machine, earlier: int
) -> None:
    others = [machine.unpacked(f"other{number}") for number in range(earlier)]
    one, two = (
        machine.unpacked("demo", version, data={"share/demo/x": version, f"share/{version}": "y"})
        for version in ("1.0", "2.0")
    )
    layout = machine.create()
    for number in range(earlier):
        machine.show(layout, others[: number + 1])
    backup = f"{machine.root}/backup"
    shutil.copytree(layout.root, backup, symlinks=True)
    machine.show(layout, [*others, one])
    mine = f"{layout.root}/share/mine"
    with open(mine, "w", encoding="utf-8") as stream:
        stream.write("own")
    over(backup, layout.root)
    shown, _ = noticed(layout)
    assert "demo 1.0" not in names(shown)
    assert os.listdir(f"{layout.root}/share") == ["mine"]
    machine.show(layout, [*shown.placements, two])
    assert examine.wrong(layout) == []
    assert examine.data_of(layout)["share/demo/x"]


def test_a_hidden_slot_that_is_not_what_it_says_is_made_anew(machine: Machine) -> None:
    layout, placements = filled(machine)
    machine.again(layout, 0)
    slot = layout.slot(layout.hidden())
    shutil.copy(layout.python, f"{slot}/bin/late")
    late = machine.unpacked("late", entry_points={"late": "late:main"})
    said = Said()
    shown = machine.show(layout, [*placements, late], said=said)
    assert (shown.number, said.text) == (2, "")
    assert examine.wrong(layout) == []
