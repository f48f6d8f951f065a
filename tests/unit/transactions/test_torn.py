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
from tests.unit.transactions.test_outside import install, noticed

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
