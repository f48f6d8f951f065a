"""Two pieces of file work at once: both are done, whatever happens in either of them."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

import alcove
from alcove.errors import AlcoveError
from alcove.files import halves

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux alone"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork, though the test runner may have threads."""
    monkeypatch.setattr(halves, "_may_fork", lambda: True)


@pytest.mark.usefixtures("forked")
def test_one_half_is_done_by_another_process(tmp_path: Path) -> None:
    halves.both(
        lambda: os.close(os.open(tmp_path / f"there-{os.getpid()}", os.O_CREAT)),
        lambda: os.close(os.open(tmp_path / f"here-{os.getpid()}", os.O_CREAT)),
    )
    names = sorted(os.listdir(tmp_path))
    assert names[0] == f"here-{os.getpid()}"
    assert names[1].startswith("there-")
    assert names[1] != f"there-{os.getpid()}"


def test_a_program_that_uses_the_library_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alcove, "is_command", False)
    done = []
    halves.both(lambda: done.append("there"), lambda: done.append("here"))
    assert done == ["here", "there"]


@pytest.mark.usefixtures("forked")
def test_an_error_of_the_system_keeps_its_words(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        halves.both(lambda: os.mkdir(tmp_path / "missing" / "x"), lambda: None)
    assert caught.value.errno == errno.ENOENT
    assert str(caught.value.filename) == str(tmp_path / "missing" / "x")


@pytest.mark.usefixtures("forked")
def test_another_error_is_told() -> None:
    def there() -> None:
        raise ValueError("no such thing")

    with pytest.raises(AlcoveError, match="ValueError: no such thing"):
        halves.both(there, lambda: None)


@pytest.mark.usefixtures("forked")
def test_a_killed_half_is_an_error() -> None:
    with pytest.raises(AlcoveError, match="killed"):
        halves.both(lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: None)


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
def test_an_error_here_is_raised_after_the_other_half_has_ended(
    tmp_path: Path, kind: type[BaseException]
) -> None:
    def there() -> None:
        time.sleep(0.2)
        os.mkdir(tmp_path / "done")

    def here() -> None:
        raise kind

    with pytest.raises(kind):
        halves.both(there, here)
    assert os.path.isdir(tmp_path / "done")


@pytest.mark.usefixtures("forked")
def test_an_interrupt_while_waiting_is_raised_when_the_other_half_has_ended(
    tmp_path: Path,
) -> None:
    parent = os.getpid()

    def there() -> None:
        os.kill(os.getpid(), signal.SIGINT)  # of a terminal both get it; this half goes on
        time.sleep(0.1)
        os.kill(parent, signal.SIGINT)
        time.sleep(0.2)
        os.mkdir(tmp_path / "done")

    with pytest.raises(KeyboardInterrupt):
        halves.both(there, lambda: None)
    assert os.path.isdir(tmp_path / "done")


@pytest.mark.usefixtures("forked")
def test_where_no_process_is_to_be_had_one_is_done_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fork() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", fork)
    done = []
    halves.both(lambda: done.append("there"), lambda: done.append("here"))
    assert done == ["here", "there"]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


@pytest.mark.usefixtures("forked")
def test_an_interrupt_while_it_forks_is_raised_when_the_other_half_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fork

    def fork() -> int:
        child = real()
        if child:
            os.kill(os.getpid(), signal.SIGINT)
        return child

    def there() -> None:
        time.sleep(0.2)
        os.mkdir(tmp_path / "done")

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(KeyboardInterrupt):
        halves.both(there, lambda: None)
    assert os.path.isdir(tmp_path / "done")
