"""Locks: exclusive or shared, busy with a holder's name, given back."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from alcove.files import locking
from alcove.files.locking import Busy, DirectoryLock, Lock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "lock")


def test_one_holder_at_a_time(path: str) -> None:
    first = Lock(path).acquire()
    with pytest.raises(Busy):
        Lock(path).acquire()
    first.release()
    Lock(path).acquire().release()


def test_the_holder_is_named(path: str) -> None:
    with Lock(path).acquire() as first:
        first.sign("alcove install flask (4711)")
        with pytest.raises(Busy) as busy:
            Lock(path).acquire()
    assert busy.value.holder == "alcove install flask (4711)"


def test_a_shorter_name_replaces_a_longer_one(path: str) -> None:
    with Lock(path).acquire() as first:
        first.sign("a" * 300)
        first.sign("b")
        with pytest.raises(Busy) as busy:
            Lock(path).acquire()
    assert busy.value.holder == "b"


def test_readers_share(path: str) -> None:
    first = Lock(path).acquire(shared=True)
    second = Lock(path).acquire(shared=True)
    with pytest.raises(Busy):
        Lock(path).acquire()
    first.release()
    second.release()


def test_waiting_ends_when_the_lock_is_given_back(path: str) -> None:
    first = Lock(path).acquire()
    threading.Timer(0.1, first.release).start()
    start = time.monotonic()
    Lock(path).acquire(timeout=10).release()
    assert time.monotonic() - start < 5


def test_waiting_ends_in_time(path: str) -> None:
    with Lock(path).acquire():
        start = time.monotonic()
        with pytest.raises(Busy):
            Lock(path).acquire(timeout=0.1)
        assert 0.1 <= time.monotonic() - start < 5


def test_the_lock_goes_with_an_exception(path: str) -> None:
    with pytest.raises(RuntimeError, match="no"), Lock(path).acquire():
        raise RuntimeError("no")
    Lock(path).acquire().release()


def test_a_failed_acquire_leaves_no_descriptor(path: str) -> None:
    with Lock(path).acquire():
        before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
        for _ in range(5):
            with pytest.raises(Busy):
                Lock(path).acquire()
        after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert before == after


def test_taken_twice_by_one_object_is_a_mistake(path: str) -> None:
    with Lock(path).acquire() as lock, pytest.raises(RuntimeError, match="taken already"):
        lock.acquire()


def test_release_without_acquire_does_nothing(path: str) -> None:
    Lock(path).release()
    assert not os.path.exists(path)


def test_the_file_stays(path: str) -> None:
    Lock(path).acquire().release()
    assert os.path.exists(path)


def test_a_group_may_share_a_lock_where_its_maker_lets_it(path: str) -> None:
    before = os.umask(0o002)
    try:
        Lock(path).acquire().release()
    finally:
        os.umask(before)
    assert os.stat(path).st_mode & 0o777 == 0o664


def test_a_directory_may_be_shared(tmp_path: Path) -> None:
    with DirectoryLock(str(tmp_path)).acquire(shared=True):
        DirectoryLock(str(tmp_path)).acquire(shared=True).release()
        with pytest.raises(Busy):
            DirectoryLock(str(tmp_path)).acquire()
    DirectoryLock(str(tmp_path)).acquire().release()


def test_a_directory_that_has_no_locks_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def refuse(descriptor: int, *, shared: bool) -> bool:
        opened.append(descriptor)
        raise OSError(37, "No locks available", shared)

    monkeypatch.setattr(locking, "_try", refuse)
    with pytest.raises(OSError, match="No locks"):
        DirectoryLock(str(tmp_path)).acquire()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])
