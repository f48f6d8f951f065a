"""Somebody wrote into a linked directory, and so into the store: told once at the next change, with who shares it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.events import Warned
from alcove.store import roots
from alcove.store.layout import mtime_of, store_at
from alcove.transactions.apply import Held
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout


@pytest.fixture
def click(machine: Machine) -> Placement:
    """Return a distribution whose package is one link."""
    found = machine.unpacked("click", files={"click/__init__.py": "x = 1\n"})
    assert found.links == ("click",)
    return found


def warned(layout: Layout) -> list[Warned]:
    """Open the environment as a change does; return what that warns of."""
    said = Said()
    with Held(layout, reporter=said):
        pass
    return [one for one in said.events if isinstance(one, Warned)]


def test_a_write_through_a_link_is_told_once(machine: Machine, click: Placement) -> None:
    layout = machine.create()
    machine.show(layout, [click])
    assert warned(layout) == []
    store = store_at(f"{machine.root}/data")
    roots.register(store, layout.root, [click.source])
    roots.register(store, "/elsewhere/other", [click.source[2:]])
    Path(layout.site_packages, "click", "theirs.py").write_text("", encoding="utf-8")
    [one] = warned(layout)
    assert one.text == (
        "others wrote through a link into click 1.0 of the store, which /elsewhere/other shares"
    )
    assert one.hint is not None
    assert f"alcove verify --env {layout.root}" in one.hint
    assert f"alcove repair --env {layout.root}" in one.hint
    assert warned(layout) == []
    added = machine.unpacked("six", files={"six.py": ""})
    said = Said()
    machine.show(layout, [click, added], said=said)  # a change keeps in mind what was told
    assert "others wrote" not in said.text
    assert warned(layout) == []
    Path(layout.site_packages, "click", "more.py").write_text("", encoding="utf-8")
    os.utime(f"{layout.site_packages}/click", (1, 1))  # whatever the clock's resolution
    assert len(warned(layout)) == 1


def test_what_was_put_right_and_broken_again_is_told_again(
    machine: Machine, click: Placement
) -> None:
    layout = machine.create()
    machine.show(layout, [click])
    linked = f"{layout.site_packages}/click"
    time = mtime_of(click.sha256)
    for _ in range(2):
        os.utime(linked, (time + 5, time + 5))
        assert len(warned(layout)) == 1
        os.utime(linked, (time, time))
        assert warned(layout) == []


def test_an_import_does_not_trip_it(machine: Machine, click: Placement) -> None:
    layout = machine.create()
    machine.show(layout, [click])
    cached = Path(layout.site_packages, "click", "__pycache__", "__init__.cpython-312.pyc")
    cached.write_bytes(b"bytecode")
    assert warned(layout) == []


def test_many_are_named_in_one_warning(machine: Machine) -> None:
    names = ["a", "b", "c", "d", "e"]
    placements = [machine.unpacked(one, files={f"{one}/__init__.py": "x = 1"}) for one in names]
    layout = machine.create()
    machine.show(layout, placements)
    for one in names:
        os.utime(f"{layout.site_packages}/{one}", (1, 1))
    [warning] = warned(layout)
    assert warning.text == (
        "others wrote through a link into a 1.0, b 1.0, c 1.0 and 2 more of the store"
    )


def test_an_entry_that_is_gone_is_left_to_verify(machine: Machine, click: Placement) -> None:
    layout = machine.create()
    machine.show(layout, [click])
    os.rename(f"{machine.root}/data/store", f"{machine.root}/data/away")
    assert warned(layout) == []
