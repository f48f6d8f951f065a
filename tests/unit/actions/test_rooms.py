"""Rooms to work in, and what killed processes left of theirs."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from alcove.actions import rooms
from alcove.files.locking import Busy, DirectoryLock

if TYPE_CHECKING:
    from pathlib import Path

LEFT = "4321-0123abcd"


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of rooms, where a killed process left one and somebody else something; this process is new."""
    monkeypatch.setattr(rooms, "_entered", {})
    for path in (f"{LEFT}/source", "mine", "4321-notes", "notes-0123abcd"):
        (tmp_path / "builds" / path).mkdir(parents=True)
    return tmp_path / "builds"


def test_what_a_killed_process_left_goes_with_the_next_one(builds: Path) -> None:
    first = rooms.room(str(builds.parent), "builds")
    (builds / LEFT).mkdir()
    second = rooms.room(str(builds.parent), "builds")  # of the same process, which looks once
    there = {"mine", "4321-notes", "notes-0123abcd", LEFT}
    assert set(os.listdir(builds)) == {*there, *map(os.path.basename, (first, second))}


def test_what_may_be_somebodys_stays(builds: Path) -> None:
    with DirectoryLock(str(builds)).acquire(shared=True):  # as another process that works there
        rooms.room(str(builds.parent), "builds")
    assert (builds / LEFT / "source").is_dir()


def test_a_file_system_without_locks_is_no_obstacle(
    builds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("alcove.files.locking._try", refuse)
    assert os.path.isdir(rooms.room(str(builds.parent), "builds"))
    assert (builds / LEFT / "source").is_dir()


def test_a_cache_that_was_removed_and_came_back_is_worked_in_like_any_other(builds: Path) -> None:
    rooms.room(str(builds.parent), "builds")
    shutil.rmtree(builds)
    rooms.room(str(builds.parent), "builds")
    with pytest.raises(Busy):  # as another process that sweeps
        DirectoryLock(str(builds)).acquire()
