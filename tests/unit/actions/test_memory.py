"""What a request led to is remembered, and believed as long as the store has all of it."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from alcove.actions import memory
from alcove.events import Notice, Warned
from alcove.files.stamps import stamp
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return an empty machine."""
    return Machine(str(tmp_path))


@pytest.mark.parametrize("listed", [0, 1 << 20])
def test_an_entry_that_is_gone_makes_it_forgotten(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    monkeypatch.setattr(memory, "_LISTED", listed)  # by a look at each, or by a list of the store
    layout, cache = machine.create(), f"{machine.root}/cache"
    shown, new, more = (machine.unpacked(name) for name in ("shown", "new", "more"))
    memory.remember(cache, "abcd", [shown, new, more], shown=[shown], pinned=True)
    recalled = memory.recall(cache, "abcd", layout, shown=[shown], offline=False)
    assert recalled is not None
    assert recalled.placements == (shown, new, more)
    shutil.rmtree(os.path.realpath(f"{layout.private}/{more.source}"))
    assert memory.recall(cache, "abcd", layout, shown=[shown], offline=False) is None


def test_what_was_told_is_told_again_and_a_torn_memory_is_none(machine: Machine) -> None:
    layout, cache = machine.create(), f"{machine.root}/cache"
    new = machine.unpacked("new")
    told: list[Notice | Warned] = [
        Warned("new 1.0 is yanked: broken", "another"),
        Warned("no hint"),
        Notice("left out"),
    ]
    memory.remember(cache, "abcd", [new], shown=[], pinned=True, broken=["b"], told=told)
    recalled = memory.recall(cache, "abcd", layout, shown=[], offline=False)
    assert recalled is not None
    assert recalled.broken == ("b",)
    assert recalled.told == (
        ("Warned", "new 1.0 is yanked: broken", "another"),
        ("Warned", "no hint", None),
        ("Notice", "left out", None),
    )
    path = f"{cache}/resolutions/ab/cd.json"
    with open(path, "rb") as stream:
        content = stream.read()
    for right, wrong in (
        (b'"left out"', b""),
        (b'["Notice","left out",null]', b"[1]"),
        (b",[]]", b",[1]]"),
        (b",[]]", b",1]"),
    ):
        assert right in content
        with open(path, "wb") as stream:
            stream.write(content.replace(right, wrong))
        assert memory.recall(cache, "abcd", layout, shown=[], offline=False) is None


@pytest.mark.parametrize("listed", [0, 1 << 20])
def test_a_store_that_is_gone_makes_it_forgotten(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    monkeypatch.setattr(memory, "_LISTED", listed)
    layout, cache = machine.create(), f"{machine.root}/cache"
    new = machine.unpacked("new")
    memory.remember(cache, "abcd", [new], shown=[], pinned=True)
    shutil.rmtree(f"{machine.root}/data/store")
    assert memory.recall(cache, "abcd", layout, shown=[], offline=False) is None


def test_a_place_on_this_disk_that_holds_something_else_makes_it_forgotten(
    machine: Machine, tmp_path: Path
) -> None:
    """`--find-links dist` with a new wheel in it, or the same one built again, led to the old one."""
    layout, cache = machine.create(), f"{machine.root}/cache"
    new = machine.unpacked("new")
    links = tmp_path / "dist"
    links.mkdir()
    seen = {str(links): stamp(str(links)), str(tmp_path / "gone"): ""}
    memory.remember(cache, "abcd", [new], shown=[], pinned=True, seen=seen)
    assert memory.recall(cache, "abcd", layout, shown=[], offline=True) is not None
    (links / "new-2.0-py3-none-any.whl").write_bytes(b"")
    assert memory.recall(cache, "abcd", layout, shown=[], offline=True) is None


def test_what_is_not_pinned_holds_as_long_as_the_first_page_and_ten_minutes_at_most(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, cache = machine.create(), f"{machine.root}/cache"
    new = machine.unpacked("new")
    now = int(time.time())
    for until, asked_at, known in (
        (now + 60, now + 59, True),
        (now + 60, now + 60, False),
        (now - 1, now, False),
        (now + 6000, now + 599, True),
        (now + 6000, now + 600, False),
        (float("inf"), now + 599, True),
        (float("inf"), now - 5, False),  # the clock was put back
    ):
        monkeypatch.setattr(time, "time", lambda: now)
        memory.remember(cache, "abcd", [new], shown=[], pinned=False, until=until)
        monkeypatch.setattr(time, "time", lambda at=asked_at: at)
        found = memory.recall(cache, "abcd", layout, shown=[], offline=False)
        assert (found is not None) == known, (until - now, asked_at - now)
        assert memory.recall(cache, "abcd", layout, shown=[], offline=True) is not None
