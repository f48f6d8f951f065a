"""The lock of an environment, and what became of the environment while it was waited for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from alcove.actions.environments import delete
from alcove.errors import EnvironmentBusy, NotAFile, NotAnEnvironment
from alcove.events import Step
from alcove.files.locking import Lock
from alcove.store import roots
from alcove.store.layout import store_at
from alcove.transactions import waiting
from alcove.transactions.apply import Held
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.environments.layout import Layout
    from alcove.events import Event


class Then(Said):
    """A reporter that does something once it was said that somebody is waited for."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._act = act

    def emit(self, event: Event) -> None:
        """Keep an event, and act on the one of waiting."""
        super().emit(event)
        if isinstance(event, Step) and event.verb == "waiting":
            self._act()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Machine(str(tmp_path)).create()


@pytest.fixture
def other(layout: Layout) -> Lock:
    """Give the lock of somebody else, who is at work."""
    lock = Lock(layout.private + "/lock").acquire()
    lock.sign("process 7")
    return lock


def test_delete_waits_for_who_is_at_work_and_says_for_whom(layout: Layout, other: Lock) -> None:
    said = Then(Thread(target=other.release).start)
    delete(layout.root, wait=30, reporter=said)
    assert said.events == [Step("waiting", f"{layout.root} is being changed by process 7")]
    assert not os.path.lexists(layout.root)
    assert os.listdir(os.path.dirname(layout.root)) == ["data"]


@pytest.mark.parametrize("wait", [0.0, 0.05])
def test_delete_leaves_what_is_kept_longer(layout: Layout, other: Lock, wait: float) -> None:
    said = Said()
    with other, pytest.raises(EnvironmentBusy, match="is being changed by process 7"):
        delete(layout.root, wait=wait, reporter=said)
    assert len(said.events) == (1 if wait else 0)
    assert os.path.isfile(layout.root + "/pyvenv.cfg")
    delete(layout.root, wait=0)
    assert not os.path.lexists(layout.root)


def replace(make: Callable[[str], object]) -> Callable[[Layout], None]:
    def damage(layout: Layout) -> None:
        os.unlink(layout.private + "/lock")
        make(layout.private + "/lock")

    return damage


def private_is_a_file(layout: Layout) -> None:
    shutil.rmtree(layout.private)
    Path(layout.private).touch()


DAMAGES: dict[str, Callable[[Layout], object]] = {
    "no lock": lambda layout: os.unlink(layout.private + "/lock"),
    "the lock is a directory": replace(os.mkdir),
    "the lock is a pipe": replace(os.mkfifo),
    "the lock leads nowhere": replace(lambda path: os.symlink("/nowhere/at/all", path)),
    "the lock leads to itself": replace(lambda path: os.symlink("lock", path)),
    ".alcove is a file": private_is_a_file,
    "no library": lambda layout: os.unlink(os.path.dirname(layout.site_packages)),
    "no switch": lambda layout: os.unlink(layout.current),
    "no settings": lambda layout: os.unlink(layout.root + "/pyvenv.cfg"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_environment_is_deleted(
    tmp_path: Path, layout: Layout, damage: Callable[[Layout], object]
) -> None:
    store = store_at(str(tmp_path / "data"))
    roots.register(store, layout.root, [])
    damage(layout)
    delete(layout.root, wait=0)
    assert not os.path.lexists(layout.root)


def test_who_waited_for_a_deletion_is_told(layout: Layout, other: Lock) -> None:
    def end() -> None:
        shutil.rmtree(layout.root)
        other.release()

    held = Held(layout, reporter=Then(end))
    with pytest.raises(NotAnEnvironment, match="was deleted or moved by another process"), held:
        pass


def test_who_waited_takes_the_lock_of_what_is_there_now(layout: Layout, other: Lock) -> None:
    def anew() -> None:
        os.unlink(other.path)
        Path(other.path).touch()
        other.release()

    lock = Lock(other.path)
    waiting.take(lock, layout.root, wait=30, reporter=Then(anew))
    with lock:
        assert lock.stands()


def test_a_lock_that_is_no_file_is_an_error(layout: Layout) -> None:
    replace(os.mkfifo)(layout)
    with pytest.raises(NotAFile) as caught, Held(layout):
        pass
    assert caught.value.hint == f"alcove repair --env {layout.root}"


def test_who_replaces_it_whole_signs(layout: Layout) -> None:
    with (
        waiting.turn(layout.root, wait=0, reporter=Said()),
        pytest.raises(EnvironmentBusy, match=f"being changed by process {os.getpid()}"),
    ):
        waiting.turn(layout.root, wait=0, reporter=Said())


def test_an_environment_of_another_tool_has_no_lock(tmp_path: Path) -> None:
    assert not waiting.turn(str(tmp_path), wait=0, reporter=Said()).held
