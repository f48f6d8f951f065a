"""Where `create` would refuse a place, foreseeing it does in the same words, and touches nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from alcove.environments.create import create, foresee_place
from alcove.errors import AlcoveError
from alcove.files import ops
from tests.unit.dry import untouched
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return an empty machine."""
    return Machine(str(tmp_path))


def refusal(do: Callable[[], object]) -> tuple[type[AlcoveError], str, str | None]:
    """Return what an attempt that must fail says."""
    with pytest.raises(AlcoveError) as caught:
        do()
    return type(caught.value), caught.value.message, caught.value.hint


def foreseen(
    machine: Machine, path: str, *, clear: bool = False
) -> tuple[type[AlcoveError], str, str | None]:
    """Return how the place `path` is refused before anything is tried."""
    with untouched(machine.root):
        return refusal(lambda: foresee_place(path, clear=clear))


@pytest.mark.parametrize("kind", ["file", "dangling", "full", "there", "below-a-file", "colon"])
@pytest.mark.parametrize("clear", [False, True], ids=["", "clear"])
def test_what_may_not_be_made_there(machine: Machine, kind: str, *, clear: bool) -> None:
    path = machine.env
    if kind == "file":
        Path(path).write_text("mine", encoding="utf-8")
    elif kind == "dangling":
        os.symlink("nowhere", path)
    elif kind == "full":
        os.makedirs(f"{path}/src")
    elif kind == "there":
        create(machine.wanted())
    elif kind == "below-a-file":
        Path(f"{machine.root}/file").write_text("", encoding="utf-8")
        path = f"{machine.root}/file/deep/env"
    else:
        path = f"{machine.root}/a:b"
    if kind == "there" and clear:
        with untouched(machine.root):
            foresee_place(path, clear=True)
        return
    said = foreseen(machine, path, clear=clear)
    assert said == refusal(lambda: create(machine.wanted(path), clear=clear))


@pytest.mark.parametrize("place", ["new", "deep", "empty", "clear"])
@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS], ids=["denied", "read-only"])
def test_where_nothing_can_be_written(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, place: str, code: int
) -> None:
    path = f"{machine.root}/more/deep/env" if place == "deep" else machine.env
    if place == "empty":
        os.mkdir(path)
    elif place == "clear":
        create(machine.wanted())

    def refuse(path: str, *_: object, **__: object) -> None:
        failure = code if os.path.isdir(os.path.dirname(path)) else errno.ENOENT
        raise OSError(failure, os.strerror(failure), path)

    asked = []

    def access(path: str, mode: int) -> bool:
        asked.append((path, mode))
        return False

    flags = os.ST_RDONLY if code == errno.EROFS else 0
    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
    said = foreseen(machine, path, clear=place == "clear")
    monkeypatch.setattr(ops, "mkdir", refuse)
    assert said == refusal(lambda: create(machine.wanted(path), clear=place == "clear"))
    assert asked == [(path if place == "empty" else machine.root, os.W_OK | os.X_OK)]


@pytest.mark.parametrize("place", ["new", "deep", "empty"])
@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOSYS], ids=["vfat", "fuse"])
def test_where_there_are_no_symbolic_links(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, place: str, code: int
) -> None:
    path = f"{machine.root}/more/deep/env" if place == "deep" else machine.env
    if place == "empty":
        os.mkdir(path)
    device = os.stat(machine.root).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    mounts = Path(f"{machine.root}/mounts")
    monkeypatch.setattr("alcove.environments.reach._MOUNTS", str(mounts))

    def refuse(target: str, path: str) -> None:
        raise OSError(code, os.strerror(code), target, None, path)

    first = "21 1 0:0 / / rw - ext4 /dev/sdz rw"
    mounts.write_text(f"{first}\n22 21 {number} / /x rw shared:1 master:2 - vfat /dev/sda1 rw\n")
    said = foreseen(machine, path)
    monkeypatch.setattr(ops, "symlink", refuse)
    assert said == refusal(lambda: create(machine.wanted(path)))
    assert f"{path} could not be made: its file system has no symbolic links" in said[1]
    assert "choose a path on a file system that has symbolic links" in str(said[2])
    mounts.write_text(f"{first}\n22 21 {number} / /x rw - ext4 /dev/sda1 rw\n")
    foresee_place(path, clear=False)
    mounts.unlink()
    foresee_place(path, clear=False)


@pytest.mark.parametrize("place", ["new", "deep", "empty", "clear", "link"])
def test_what_may_be_made(machine: Machine, place: str) -> None:
    path = f"{machine.root}/more/deep/env" if place == "deep" else machine.env
    if place == "empty":
        os.mkdir(path)
    elif place == "clear":
        create(machine.wanted())
    elif place == "link":
        os.mkdir(f"{machine.root}/target")
        os.symlink("target", path)
    with untouched(machine.root):
        foresee_place(path, clear=place == "clear")
    create(machine.wanted(path), clear=place == "clear")
