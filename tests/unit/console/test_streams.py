"""Standard streams that were closed when a command was started."""

from __future__ import annotations

import os
import sys

import pytest

from alcove.console.streams import open_closed


@pytest.fixture
def descriptors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the null devices that are opened."""
    opened: list[str] = []
    real = os.open

    def open_(path: str, flags: int) -> int:
        opened.append(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", open_)
    return opened


def test_what_is_closed_reads_nothing_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, descriptors: list[str]
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    open_closed()
    streams = (sys.stdin, sys.stdout, sys.stderr)
    assert sys.stdin.readline() == ""
    for stream in (sys.stdout, sys.stderr):
        assert stream.write("\N{SNOWMAN}\n") == 2
        stream.flush()
        assert not stream.isatty()
    assert descriptors == [os.devnull] * 3
    for stream in streams:
        os.close(stream.fileno())


def test_what_is_open_stays(monkeypatch: pytest.MonkeyPatch, descriptors: list[str]) -> None:
    output, error = sys.stdout, sys.stderr
    monkeypatch.setattr(sys, "stdin", None)
    open_closed()
    os.close(sys.stdin.fileno())
    assert (sys.stdout, sys.stderr) == (output, error)
    assert descriptors == [os.devnull]
