"""Pieces of file work by two processes at once: each is done once, whatever happens in either of them."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

import alcove
from alcove.errors import AlcoveError
from alcove.files import halves, locking, reading
from alcove.files.locking import Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux alone"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fork, though the test runner may have threads; with Python's own answer to an interrupt, whatever ran before."""
    monkeypatch.setattr(halves, "_may_fork", lambda: True)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    locking.heirs.clear()
    yield
    signal.signal(signal.SIGINT, before)


_HERE = os.getpid()


def _there(work: Callable[[], None], *, ready: Path) -> list[Callable[[], None]]:
    """Return two pieces: whoever is the forked process does `work`, and this one waits until it has begun."""

    def piece() -> None:
        if os.getpid() != _HERE:
            ready.touch()
            work()
        while not ready.exists():
            time.sleep(0.001)

    return [piece, piece]


def _nothing() -> None:
    """Do nothing."""


@pytest.mark.usefixtures("forked")
def test_each_piece_is_done_once_and_the_last_one_by_each_process(tmp_path: Path) -> None:
    def piece(number: int) -> Callable[[], None]:
        def make() -> None:
            os.mkdir(tmp_path / str(number))  # a second time it is an error
            time.sleep(0.001)

        return make

    def last() -> None:
        (tmp_path / f"last {os.getpid()}").touch()

    halves.share([piece(number) for number in range(halves.MOST)], last)
    names = {path.name for path in tmp_path.iterdir()}
    assert {str(number) for number in range(halves.MOST)} < names
    ended = {name for name in names if name.startswith("last ")}
    assert len(ended) == 2
    assert f"last {_HERE}" in ended


@pytest.mark.usefixtures("forked")
def test_who_is_done_takes_what_is_left(tmp_path: Path) -> None:
    def slow() -> None:
        time.sleep(0.3)
        (tmp_path / f"slow {os.getpid()}").touch()

    def quick() -> None:
        (tmp_path / f"quick {os.getpid()} {time.monotonic_ns()}").touch()

    halves.share([slow, *[quick] * 20], _nothing)
    names = [path.name.split() for path in tmp_path.iterdir()]
    (busy,) = {words[1] for words in names if words[0] == "slow"}
    assert len(names) == 21
    assert {words[1] for words in names if words[0] == "quick"} != {busy}


@pytest.mark.usefixtures("forked")
def test_the_other_process_begins_on_another_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, set[int]]] = []
    real = os.sched_setaffinity

    def sched_setaffinity(process: int, processors: set[int]) -> None:
        asked.append((process, processors))
        real(process, processors)

    monkeypatch.setattr(os, "sched_setaffinity", sched_setaffinity)
    allowed = os.sched_getaffinity(0)
    halves.share([(tmp_path / "done").touch], _nothing)
    ((child, others),) = asked
    assert child == locking.heirs[0]
    assert others < allowed
    assert len(others) == len(allowed) - 1
    assert os.sched_getaffinity(0) == allowed
    assert os.path.exists(tmp_path / "done")


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize(
    "stat", [b"", b"1 (a) b) R 2", b"1 (a) " + b"x " * 50, PermissionError(errno.EACCES, "no")]
)
def test_where_the_processor_is_not_told_it_goes_on_without(
    stat: bytes | OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def content(_path: str) -> bytes:
        if isinstance(stat, OSError):
            raise stat
        return stat

    monkeypatch.setattr(reading, "content", content)
    halves.share([(tmp_path / "done").touch], _nothing)
    assert os.path.exists(tmp_path / "done")


@pytest.mark.usefixtures("forked")
def test_a_lock_is_given_back_when_the_other_process_has_ended(tmp_path: Path) -> None:
    with Lock(f"{tmp_path}/lock").acquire():
        halves.share([_nothing], _nothing)
        (child,) = locking.heirs
        assert os.path.exists(f"/proc/{child}")
    assert not locking.heirs
    assert not os.path.exists(f"/proc/{child}")


@pytest.mark.usefixtures("forked")
def test_a_process_that_somebody_collected_is_not_waited_for(tmp_path: Path) -> None:
    with Lock(f"{tmp_path}/lock").acquire() as lock:
        halves.share([_nothing], _nothing)
        os.waitpid(locking.heirs[0], 0)
    assert not lock.held


def test_a_program_that_uses_the_library_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alcove, "is_command", False)
    done: list[str] = []
    halves.share(
        [lambda: done.append("one"), lambda: done.append("two")], lambda: done.append("last")
    )
    assert done == ["one", "two", "last"]


@pytest.mark.usefixtures("forked")
def test_an_error_of_the_system_keeps_its_words(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "x"
    with pytest.raises(FileNotFoundError) as caught:
        halves.share(_there(lambda: os.mkdir(missing), ready=tmp_path / "ready"), _nothing)
    assert caught.value.errno == errno.ENOENT
    assert str(caught.value.filename) == str(missing)


@pytest.mark.usefixtures("forked")
def test_another_error_is_told(tmp_path: Path) -> None:
    def there() -> None:
        raise ValueError("no such thing")

    with pytest.raises(AlcoveError, match="ValueError: no such thing"):
        halves.share(_there(there, ready=tmp_path / "ready"), _nothing)


@pytest.mark.usefixtures("forked")
def test_a_killed_process_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AlcoveError, match="killed"):
        halves.share(
            _there(lambda: os.kill(os.getpid(), signal.SIGKILL), ready=tmp_path / "ready"), _nothing
        )


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
def test_an_error_here_is_raised_when_the_other_process_has_ended(
    tmp_path: Path, kind: type[BaseException]
) -> None:
    ready = tmp_path / "ready"

    def piece() -> None:
        if os.getpid() != _HERE:
            ready.touch()
            time.sleep(0.2)
            os.mkdir(tmp_path / "done")
            return
        while not ready.exists():
            time.sleep(0.001)
        raise kind

    left = [(tmp_path / "another").touch] * 9
    with pytest.raises(kind):
        halves.share([piece, piece, *left], _nothing)
    assert os.path.isdir(tmp_path / "done")
    assert not (tmp_path / "another").exists()  # where one fails nobody begins another


@pytest.mark.usefixtures("forked")
def test_an_interrupt_while_waiting_is_raised_when_the_other_process_has_ended(
    tmp_path: Path,
) -> None:
    def there() -> None:
        os.kill(os.getpid(), signal.SIGINT)  # of a terminal both get it; this one goes on
        time.sleep(0.1)
        os.kill(_HERE, signal.SIGINT)
        time.sleep(0.2)
        os.mkdir(tmp_path / "done")

    with pytest.raises(KeyboardInterrupt):
        halves.share(_there(there, ready=tmp_path / "ready"), _nothing)
    assert os.path.isdir(tmp_path / "done")


@pytest.mark.usefixtures("forked")
def test_where_no_process_is_to_be_had_this_one_does_it_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fork() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", fork)
    before = os.listdir("/proc/self/fd")
    done: list[str] = []
    halves.share(
        [lambda: done.append("one"), lambda: done.append("two")], lambda: done.append("last")
    )
    assert done == ["one", "two", "last"]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.usefixtures("forked")
def test_an_interrupt_while_it_forks_is_raised_when_the_other_process_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fork

    def fork() -> int:
        child = real()
        if child:  # to this thread: a command has no other that might take it, the test runner has
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        return child

    def piece() -> None:
        time.sleep(0.2)
        os.mkdir(tmp_path / "done")

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(KeyboardInterrupt):
        halves.share([piece], _nothing)
    assert os.path.isdir(tmp_path / "done")
