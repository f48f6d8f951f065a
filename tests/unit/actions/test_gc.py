"""What `gc` does of a store with environments of which one is damaged."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from alcove.actions.gc import collected, garbage
from alcove.actions.held import hold, register
from alcove.environments import staging
from alcove.settings import read
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.layout import Layout

_DAY = 86_400  # seconds


def tear(layout: Layout) -> None:
    with open(f"{layout.private}/generations/1.json", "w", encoding="ascii") as stream:
        stream.write("{")


def obstruct(layout: Layout) -> None:
    os.unlink(f"{layout.private}/lock")
    os.mkdir(f"{layout.private}/lock")


@pytest.mark.parametrize("damage", [tear, obstruct])
def test_one_damaged_environment_keeps_its_states_and_no_other(
    tmp_path: Path, damage: object
) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    settings = settings._replace(keep_generations=1, keep_days=1)
    layouts = []
    for name in ("bad", "good"):
        layout = machine.create()
        os.rename(layout.root, f"{machine.root}/{name}")
        layout = layout._replace(root=f"{machine.root}/{name}")
        for version in ("1.0", "2.0", "3.0"):
            with hold(layout, settings) as held:
                held.change([machine.unpacked(name, version, mode="copy")], why="test")
        register(layout, anew=True)
        layouts.append(layout)
    bad, good = layouts
    damage(bad)  # type: ignore[operator]
    now = time.time() + 10 * _DAY
    said = Said()
    if damage is tear:  # a dry run tries no lock
        assert [one.path for one in garbage(settings, now=now).generations] == [good.root]
    done = collected(settings, now=now, reporter=said)
    assert [one.path for one in done.generations] == [good.root]
    assert f"the states of {bad.root} are kept" in said.text
    assert sorted(os.listdir(f"{bad.private}/generations")) == [f"{n}.json" for n in range(4)]
    assert os.listdir(f"{good.private}/generations") == ["3.json"]


def test_what_a_killed_command_left_beside_an_environment_goes(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    register(layout, anew=True)
    aside, lock = staging.make(f"{machine.root}/another")
    os.mkdir(f"{aside}/.alcove")
    assert collected(settings, now=time.time()).leftovers == 0
    lock.release()
    assert collected(settings, now=time.time()).leftovers == 1
    assert not os.path.lexists(aside)
    assert os.path.lexists(layout.root)
