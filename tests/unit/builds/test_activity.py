"""When a program counts as idle: CPU times out of a made /proc, and a clock that the test moves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions import building
from alcove.builds import activity
from alcove.builds.activity import Idleness, cpu_time, is_measurable

if TYPE_CHECKING:
    from pathlib import Path


def process(
    proc: Path,
    number: int,
    *,
    parent: int = 1,
    session: int = 1,
    ticks: tuple[int, int, int, int] = (0, 0, 0, 0),
    name: str = "cc1",
) -> None:
    (proc / str(number)).mkdir()
    times = " ".join(map(str, ticks))
    text = f"{number} ({name}) S {parent} {session} {session} 0 -1 4 9 9 9 9 {times} 20 0 1 0 99\n"
    (proc / str(number) / "stat").write_text(text)


def test_the_time_of_a_session_is_that_of_all_that_it_started(tmp_path: Path) -> None:
    process(tmp_path, 10, session=10, ticks=(1, 2, 3, 4))
    process(tmp_path, 11, parent=10, session=10, ticks=(100, 0, 0, 0), name="a) S 1 (b")
    process(tmp_path, 12, parent=11, session=12, ticks=(1000, 0, 0, 0))  # in a session of its own
    process(tmp_path, 13, parent=12, session=13, ticks=(0, 0, 0, 10_000))
    process(tmp_path, 14, parent=1, session=10, ticks=(0, 100_000, 0, 0))  # its parent has ended
    process(tmp_path, 20, parent=1, session=20, ticks=(7, 7, 7, 7))
    (tmp_path / "15").mkdir()  # one that ends while it is looked at
    (tmp_path / "16").mkdir()
    (tmp_path / "16" / "stat").write_text("16 (torn) S 1")
    (tmp_path / "self").mkdir()
    assert cpu_time(10, proc=str(tmp_path)) == 111_110
    assert cpu_time(99, proc=str(tmp_path)) == 0


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert cpu_time(10, proc=str(tmp_path / "none")) is None
    assert cpu_time(10, proc=str(tmp_path)) is None


@pytest.mark.skipif(not is_measurable(), reason="the system does not tell CPU times")
def test_our_own_time_is_told() -> None:
    used = cpu_time(os.getsid(0))
    assert used is not None
    assert used > 0


class Machine:
    """A clock in seconds and a CPU time in ticks, both as the test sets them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.used: int | None = 5
        monkeypatch.setattr("alcove.builds.activity.time.monotonic", lambda: self.now)
        monkeypatch.setattr(activity, "cpu_time", lambda _session: self.used)

    def wait(self, idleness: Idleness, seconds: float, printed: int = 0) -> float:
        """Look ten times a second; return after how many seconds it was too long, else 0."""
        start = self.now
        while self.now - start < seconds:
            self.now += 0.1
            if idleness.too_long(printed):
                return self.now - start
        return 0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.mark.parametrize("used", [5, None])
def test_neither_output_nor_cpu_time_is_too_long(machine: Machine, used: int | None) -> None:
    machine.used = used
    idleness = Idleness(10, limit=60)
    assert 60 <= machine.wait(idleness, 100) <= 61


def test_any_output_is_a_sign_of_life(machine: Machine) -> None:
    idleness = Idleness(10, limit=60)
    for printed in range(5):
        assert not machine.wait(idleness, 59, printed)
    assert machine.wait(idleness, 10, 4)


def test_any_cpu_time_is_a_sign_of_life(machine: Machine) -> None:
    idleness = Idleness(10, limit=60)
    for used in (6, 7, 1, 2):  # less, too: a child has ended and was not waited for
        machine.used = used
        assert not machine.wait(idleness, 59)
    assert machine.wait(idleness, 10)


def test_a_first_sign_just_before_the_end_is_seen(machine: Machine) -> None:
    idleness = Idleness(10, limit=60)
    assert not machine.wait(idleness, 59.9)
    machine.used = 6
    assert not machine.wait(idleness, 50)


def test_time_in_which_nobody_looked_does_not_count(machine: Machine) -> None:
    idleness = Idleness(10, limit=60)
    for _ in range(50):
        machine.now += 3600  # the machine slept
        assert not idleness.too_long(0)
    assert machine.wait(idleness, 20)


def test_the_limit_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for measurable, limit in ((True, 900.0), (False, None)):
        monkeypatch.setattr(activity, "is_measurable", lambda measurable=measurable: measurable)
        assert building._idle_limit(None) == limit
        assert building._idle_limit(0) is None
        assert building._idle_limit(5.0) == 5.0
