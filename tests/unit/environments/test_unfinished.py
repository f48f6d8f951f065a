"""A creation that was killed while it was filled: the next one at that place finds what was there before."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.environments.create import create, foresee_place
from alcove.environments.unfinished import MARK, take_back, vacates
from alcove.errors import AlcoveError
from alcove.files.locking import DirectoryLock
from alcove.transactions import slots
from tests.unit.dry import untouched
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from alcove.environments.layout import Layout


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return an empty machine."""
    return Machine(str(tmp_path))


def kill(machine: Machine, *, clear: bool = False, changed: bool = False) -> None:
    """Make an environment in a process of its own that ends at once while it fills it."""

    def die(layout: Layout) -> NoReturn:
        if changed:
            machine.show(layout, [machine.unpacked("six", files={"six.py": ""})])
        os._exit(9)

    child = os.fork()
    if not child:
        try:
            create(machine.wanted(), clear=clear, fill=die, whole_from=1)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def left(machine: Machine) -> set[str]:
    return set(os.listdir(machine.root)) - {"data", "wheels"}


def test_a_new_one_is_made_again(machine: Machine) -> None:
    kill(machine)
    assert os.path.exists(f"{machine.env}/{MARK}")
    create(machine.wanted())
    assert left(machine) == {"env"}
    assert not os.path.exists(f"{machine.env}/{MARK}")


def test_one_in_an_empty_directory_is_made_again(machine: Machine) -> None:
    Path(machine.env).mkdir()
    inode = os.stat(machine.env).st_ino
    kill(machine)
    create(machine.wanted(), fill=lambda _: None, whole_from=1)
    assert os.stat(machine.env).st_ino == inode
    assert not os.path.exists(f"{machine.env}/{MARK}")


def test_one_that_was_to_give_way_is_there_again(machine: Machine) -> None:
    create(machine.wanted())
    Path(machine.env, "mine").write_text("", encoding="utf-8")
    kill(machine, clear=True)
    assert not os.path.exists(f"{machine.env}/mine")
    with pytest.raises(AlcoveError, match="virtual environment already"):
        create(machine.wanted())
    assert os.path.exists(f"{machine.env}/mine")
    create(machine.wanted(), clear=True)
    assert left(machine) == {"env"}
    assert not os.path.exists(f"{machine.env}/mine")


def test_one_that_was_whole_stays(machine: Machine) -> None:
    kill(machine, changed=True)
    with pytest.raises(AlcoveError, match="virtual environment already"):
        create(machine.wanted())
    assert list(Path(machine.env, "lib").glob("python3*/site-packages/six.py"))


def test_one_that_is_being_filled_is_left_alone(machine: Machine) -> None:
    kill(machine)
    with (
        DirectoryLock(machine.env).acquire(),
        pytest.raises(AlcoveError, match="being made by another process"),
    ):
        create(machine.wanted(), clear=True)


def test_one_that_was_finished_in_between_stays(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(machine)
    acquire = DirectoryLock.acquire

    def finish_first(lock: DirectoryLock) -> DirectoryLock:
        Path(machine.env, MARK).unlink()
        return acquire(lock)

    monkeypatch.setattr(DirectoryLock, "acquire", finish_first)
    take_back(machine.env)
    assert os.path.isdir(machine.env)


@pytest.mark.parametrize("kind", ["new", "empty", "clear", "changed"])
def test_what_would_be_taken_back_is_known_without_doing_it(machine: Machine, kind: str) -> None:
    if kind == "empty":
        Path(machine.env).mkdir()
    if kind == "clear":
        create(machine.wanted())
    kill(machine, clear=kind == "clear", changed=kind == "changed")
    gives_way = kind in ("new", "empty")
    with untouched(machine.root):
        assert vacates(machine.env) is gives_way
        foresee_place(machine.env, clear=True)
        if gives_way:
            foresee_place(machine.env, clear=False)
        else:
            with pytest.raises(AlcoveError, match="virtual environment already"):
                foresee_place(machine.env, clear=False)
        with (
            DirectoryLock(machine.env).acquire(),
            pytest.raises(AlcoveError, match="being made by another process"),
        ):
            foresee_place(machine.env, clear=True)
    create(machine.wanted(), clear=not gives_way)


def test_one_in_an_empty_directory_is_made_again_with_data_files_in_it(machine: Machine) -> None:
    Path(machine.env).mkdir()
    data = {"share/demo": "x", "etc/demo.conf": "x", "top.txt": "x"}
    demo = machine.unpacked("demo", data=data)

    def die(_layout: Layout, _name: str) -> NoReturn:
        os._exit(9)

    def fill(layout: Layout) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(slots, "switch", die)
            machine.show(layout, [demo])

    child = os.fork()
    if not child:
        try:
            create(machine.wanted(), fill=fill, whole_from=1)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert {"share", "etc", "top.txt"} <= set(os.listdir(machine.env))
    Path(machine.env, "mine").touch()
    with pytest.raises(AlcoveError):  # somebody came in between
        create(machine.wanted())
    os.unlink(f"{machine.env}/mine")
    create(machine.wanted())
    assert not {"share", "etc", "top.txt"} & set(os.listdir(machine.env))
