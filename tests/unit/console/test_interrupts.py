"""Signals that end a command, and those that come while it takes back what was half done."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

import alcove
from alcove.cli import main as cli
from alcove.console import interrupts
from alcove.pip import entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a signal ends a process")

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_DFL], ids=["Python", "launcher"])
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Install the handlers, with a clock that is the one number of the list; SIGINT is as each of the two leaves it."""
    now = [0.5]
    before = {number: signal.getsignal(number) for number in NUMBERS}
    monkeypatch.setattr(alcove, "is_command", False)
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    signal.signal(signal.SIGINT, request.param)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    interrupts.end_on_terminate()
    yield now
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("second", NUMBERS)
@pytest.mark.parametrize("first", NUMBERS)
def test_the_second_of_two_signals(
    clock: list[float], first: signal.Signals, second: signal.Signals
) -> None:
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), first)
    clock[0] += 0.5
    os.kill(os.getpid(), second)
    clock[0] += 2
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), second)


def test_what_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {number: signal.getsignal(number) for number in NUMBERS}
    monkeypatch.setattr(alcove, "is_command", False)
    try:
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        interrupts.end_on_terminate()
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGHUP)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.parametrize(("module", "words", "code"), [(cli, (), 130), (entry, ([],), 1)])
def test_one_that_comes_while_the_end_is_told_ends_it(
    module: ModuleType, words: tuple[object, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    def leave(number: int) -> None:
        raise SystemExit(number)

    monkeypatch.setattr(module, "run" if module is cli else "_run", interrupted)
    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit) as ended:
        module.main(*words)
    assert ended.value.code == code
