"""What another installer removes takes along nothing of a distribution beside it, and what it placed is no fault."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.environments import comparing, rendering
from alcove.environments.views import GUARD
from alcove.files import ops
from alcove.transactions.apply import Held
from tests.crash import examine
from tests.unit.transactions.test_outside import install, noticed

if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from tests.unit.transactions.machine import Machine


def remove_as_pip(layout: Layout, dist_info: str) -> None:
    """Remove a distribution as pip does: a directory goes whole where each file that `os.walk` finds is to go."""
    site = layout.site_packages
    rows = Path(f"{site}/{dist_info}/RECORD").read_text(encoding="utf-8").splitlines()
    root = os.path.realpath(site)
    names = [row.partition(",")[0] for row in rows]
    paths = {f"{root}/{one}" for one in names if os.path.lexists(f"{root}/{one}")}
    paths = {one for one in paths if os.path.realpath(os.path.dirname(one)).startswith(root)}
    for folder in sorted({os.path.dirname(one) for one in paths}, key=len):
        found = {f"{where}/{one}" for where, _, files in os.walk(folder) for one in files}
        if os.path.isdir(folder) and found <= paths:
            shutil.rmtree(folder)
    for path in paths:
        if os.path.lexists(path):
            os.unlink(path)


def faults(layout: Layout, shown: Generation) -> list[str]:
    slot = rendering.slot(layout, layout.shown(), mode=shown.mode)
    found = [one for placed in shown.placements for one in comparing.differences(slot, placed)]
    return [f"{one.path} {one.what}" for one in found]


@pytest.mark.parametrize("deep", ["ns", "ns/deep"])
def test_a_part_of_a_namespace_goes_alone(machine: Machine, deep: str) -> None:
    layout = machine.create()
    one = machine.unpacked("one", files={f"{deep}/one/__init__.py": "1"})
    two = machine.unpacked("two", files={f"{deep}/two/__init__.py": "2"})
    machine.show(layout, [one, two])
    remove_as_pip(layout, "one-1.0.dist-info")
    site = layout.site_packages
    assert not os.path.lexists(f"{site}/{deep}/one")
    assert Path(f"{site}/{deep}/two/__init__.py").read_text(encoding="utf-8") == "2"
    shown, _ = noticed(layout)
    assert [placed.name for placed in shown.placements] == ["two"]
    assert faults(layout, shown) == []
    remove_as_pip(layout, "two-1.0.dist-info")
    assert noticed(layout)[0].placements == ()
    assert not os.path.lexists(f"{site}/ns")  # nothing of ours is left over


def test_a_part_that_others_placed_goes_alone(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("one", files={"ns/one/__init__.py": "1"})])
    install(machine, layout, "two", "1.0", files={"ns/two.py": "2"})
    noticed(layout)
    remove_as_pip(layout, "two-1.0.dist-info")
    assert os.path.isfile(f"{layout.site_packages}/ns/one/__init__.py")
    machine.show(layout, [])
    assert not os.path.lexists(f"{layout.site_packages}/ns")


def test_two_processes_may_want_the_same_guard(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    link = ops.link

    def late(source: str, target: str) -> None:
        if target.endswith(GUARD):
            link(source, target)  # the other process, a moment before
        link(source, target)

    monkeypatch.setattr(ops, "link", late)
    machine.show(layout, [machine.unpacked("one", files={"ns/one/__init__.py": "1"})])
    assert os.path.isfile(f"{layout.site_packages}/ns/{GUARD}")


def test_licenses_that_others_placed_are_as_they_were(machine: Machine) -> None:
    layout = machine.create()
    install(machine, layout, "theirs", "1.0", dist_info={"licenses/L": "free", "licenses/x/M": "m"})
    shown, _ = noticed(layout)
    assert faults(layout, shown) == []
    path = f"{layout.site_packages}/theirs-1.0.dist-info/licenses"
    Path(f"{path}/L").write_text("not free", encoding="utf-8")
    slot = layout.slot(layout.shown())
    assert faults(layout, shown) == [f"{os.path.relpath(os.path.realpath(path), slot)}/L changed"]


def test_licenses_stay_where_others_took_the_module(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", dist_info={"licenses/L": "free"})])
    os.unlink(f"{layout.site_packages}/demo")
    noticed(layout)
    with Held(layout) as held:
        held.change(held.shown.placements, why="again")
    assert Path(f"{layout.site_packages}/demo-1.0.dist-info/licenses/L").read_text() == "free"
    assert examine.wrong(layout) == []


def test_undo_after_another_maker_leads_to_what_was_there_before(machine: Machine) -> None:
    layout = machine.create()
    before = machine.show(layout, [machine.unpacked("demo")])
    library = os.path.dirname(layout.site_packages)
    os.unlink(library)  # as virtualenv does: a directory of its own in the place of our link
    os.makedirs(layout.site_packages)
    install(machine, layout, "theirs", "1.0")
    shown, _ = noticed(layout)
    assert [placed.name for placed in shown.placements] == ["theirs"]
    assert shown.parent == before.number


def test_a_file_that_two_versions_have_alike_stays(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", files={"demo.py": "same\n", "old.py": "x\n"})])
    remove_as_pip(layout, "demo-1.0.dist-info")
    install(machine, layout, "demo", "2.0", files={"demo.py": "same\n"})
    shown, _ = noticed(layout)
    assert [one.version for one in shown.placements] == ["2.0"]
    assert Path(f"{layout.site_packages}/demo.py").read_text(encoding="utf-8") == "same\n"
    machine.show(layout, [*shown.placements, machine.unpacked("other")])
    assert Path(f"{layout.site_packages}/demo.py").read_text(encoding="utf-8") == "same\n"
