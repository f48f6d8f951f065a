"""A RECORD that others wrote may name the files of another distribution: these come back when it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.transactions.apply import Held
from tests.crash import examine

if TYPE_CHECKING:
    from tests.unit.transactions.machine import Machine

_FILES = {"one.py": "x = 1\n", "whole/part.py": "x = 1\n", "whole/__init__.py": "x = 1\n"}


@pytest.mark.parametrize("by_undo", [True, False])
def test_the_files_of_another_distribution_come_back(machine: Machine, *, by_undo: bool) -> None:
    layout = machine.create()
    whole = machine.unpacked("tree", files=_FILES, entry_points={"run": "one:main"}, mode="copy")
    mine = [whole, machine.unpacked("more"), machine.unpacked("text", files={"text.py": ""})]
    machine.show(layout, mine)
    before = examine.seen(layout)
    theirs = Path(f"{layout.site_packages}/theirs-1.0.dist-info")
    theirs.mkdir()
    theirs.joinpath("METADATA").write_text("Name: theirs\nVersion: 1.0\n", encoding="utf-8")
    rows = (
        "one.py",
        "whole/part.py",
        "text.py",
        "../../../bin/run",
        "theirs-1.0.dist-info/METADATA",
    )
    theirs.joinpath("RECORD").write_text("".join(f"{row},,\n" for row in rows), encoding="utf-8")
    with Held(layout) as held:
        assert held.shown.number == 2
    shown = machine.show(layout, [*held.shown.placements, machine.unpacked("last")])
    if by_undo:
        machine.again(layout, 1)
    else:
        machine.show(layout, mine)
    assert examine.seen(layout) == before
    assert examine.wrong(layout) == []
    machine.again(layout, shown.number)
    machine.again(layout, 2)
    machine.again(layout, 1)
    assert examine.seen(layout) == before
