"""File systems (NFS, FUSE) that give a removed file another name while somebody has it open, and so keep its directory."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.actions.environments import delete
from alcove.environments import staging
from alcove.files import ops
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTORS = "/proc/self/fd"

pytestmark = pytest.mark.skipif(not os.path.isdir(DESCRIPTORS), reason="asks Linux what is open")


def is_open(path: str) -> bool:
    here = os.lstat(path)
    for name in os.listdir(DESCRIPTORS):
        try:
            there = os.stat(f"{DESCRIPTORS}/{name}")
        except FileNotFoundError:  # the one of the listing itself
            continue
        if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino):
            return True
    return False


@pytest.fixture(autouse=True)
def _renaming(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlink(path: str) -> None:
        if os.path.isfile(path) and is_open(path):
            os.rename(path, f"{os.path.dirname(path)}/.nfs{os.lstat(path).st_ino:016x}")
        else:
            os.unlink(path)

    monkeypatch.setattr(ops, "unlink", unlink)


def test_an_environment_is_removed_whole(tmp_path: Path) -> None:
    layout = Machine(str(tmp_path)).create()
    parent = os.path.dirname(layout.root)
    delete(layout.root)
    left = [name for name in os.listdir(parent) if name.startswith(".env")]
    assert left == []
    assert not os.path.lexists(layout.root)


def test_one_that_cannot_be_renamed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> NoReturn:
        raise OSError(errno.EBUSY, "Device or resource busy")

    layout = Machine(str(tmp_path)).create()
    monkeypatch.setattr(staging, "take_away", refuse)
    # What NFS does when the file is closed, we do when its directory is to go.
    monkeypatch.setattr(ops, "rmdir", closing)
    delete(layout.root)
    assert not os.path.lexists(layout.root)


def closing(path: str) -> None:
    for name in os.listdir(path):
        if name.startswith(".nfs") and not is_open(f"{path}/{name}"):
            os.unlink(f"{path}/{name}")
    os.rmdir(path)
