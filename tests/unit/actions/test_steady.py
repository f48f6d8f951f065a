"""Reading beside who changes an environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions.listing import listed
from alcove.actions.steady import steadily
from alcove.actions.tree import tree, why
from alcove.environments import installed
from alcove.files import atomic
from alcove.settings import read
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("six")])
    return layout


def test_what_was_read_of_two_states_is_read_again(layout: Layout) -> None:
    read: list[int] = []

    def look() -> int:
        read.append(len(read))
        if len(read) < 3:
            atomic.replace_link(layout.current, os.readlink(layout.current))
        if len(read) == 1:
            raise FileNotFoundError(2, "No such file or directory", "METADATA")
        return read[-1]

    assert steadily(layout, look) == 2


def test_what_is_wrong_in_one_state_is_raised(layout: Layout) -> None:
    read = []

    def look() -> None:
        read.append(1)
        raise FileNotFoundError(2, "No such file or directory", "METADATA")

    with pytest.raises(FileNotFoundError):
        steadily(layout, look)
    assert read == [1]


@pytest.mark.parametrize("upward", [False, True])
def test_a_tree_is_one_of_one_state(
    tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch, *, upward: bool
) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    before = [machine.unpacked("top", requires=["low"]), machine.unpacked("low")]
    after = [[machine.unpacked("top", "2.0"), machine.unpacked("low", "2.0")]]
    machine.show(layout, before)
    requested = installed.Distribution.requested

    def late(one: installed.Distribution) -> bool:
        if after:
            machine.show(layout, after.pop())
        return requested(one)

    monkeypatch.setattr(installed.Distribution, "requested", late)
    found = why(layout, settings, names=["low"]) if upward else tree(layout, settings)
    assert {(one.version, one.children) for one in found} == {("2.0", ())}
    assert len(found) == (1 if upward else 2)


def test_a_list_is_one_of_one_state(
    tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    requested = installed.Distribution.requested
    after = [machine.unpacked("attrs"), machine.unpacked("click")]

    def late(one: installed.Distribution) -> bool:
        if after:
            machine.show(layout, [after.pop()])
        return requested(one)

    monkeypatch.setattr(installed.Distribution, "requested", late)
    assert [one.name for one in listed(layout)] == ["attrs"]
