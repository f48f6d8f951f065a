"""Standard streams that are closed, full, or without a reader."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.cli.main import tell
from alcove.cli.output import print_json, say
from alcove.console import streams
from alcove.console.reporter import Lines
from alcove.console.streams import flushed, open_closed
from alcove.errors import AlcoveError
from alcove.events import Warned
from alcove.pip.output import Output

if TYPE_CHECKING:
    from collections.abc import Callable


class Failing(io.StringIO):
    """A stream that takes words and fails to hand them on."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def flush(self) -> None:
        """Fail as the device does."""
        raise OSError(self.number, os.strerror(self.number))


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


@pytest.mark.parametrize(
    ("number", "code", "expected", "told"),
    [
        (errno.ENOSPC, 0, 1, True),
        (errno.ENOSPC, 3, 3, True),
        (errno.EPIPE, 0, 120, False),
        (errno.EPIPE, 2, 2, False),
    ],
)
def test_output_that_could_not_be_written(
    monkeypatch: pytest.MonkeyPatch, number: int, code: int, expected: int, *, told: bool
) -> None:
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stdout", Failing(number))
    monkeypatch.setattr(sys, "stderr", errors)
    assert flushed(code, broken_pipe=120) == expected
    assert ("could not be written: No space left" in errors.getvalue()) is told


def test_an_error_is_told_beside_a_full_stdout() -> None:
    errors = io.StringIO()
    output = Output(Failing(errno.ENOSPC), errors)
    output.error("no such thing")
    output.flush()
    assert errors.getvalue() == "ERROR: no such thing\n"


def test_a_pip_notices_a_reader_that_went_away() -> None:
    output = Output(Failing(errno.EPIPE), io.StringIO())
    output.error("no such thing")
    with pytest.raises(BrokenPipeError):
        output.flush()


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_no_message_carries_what_a_terminal_obeys(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, Terminal())
    hostile = "yanked: \x1b[2J\x07"
    tell(AlcoveError(hostile, hint=hostile))
    Lines(quiet=0, verbose=0, bars=False).emit(Warned(hostile, hostile))
    Output(sys.stdout, sys.stderr).warning(hostile)
    say(hostile)
    assert isinstance(sys.stdout, Terminal)
    assert isinstance(sys.stderr, Terminal)
    written = sys.stdout.getvalue() + sys.stderr.getvalue()
    assert written.count("[2J") == 6
    assert "\x1b" not in written
    assert "\x07" not in written


def test_what_is_told_can_be_read_whatever_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="strict")
    monkeypatch.setattr(sys, "stderr", stream)
    streams.tell("remove /x/\udcff\x1b[2J? [y/N] ")
    assert raw.getvalue() == b"remove /x/\\udcff\\x1b[2J? [y/N] "
    full = Failing(errno.ENOSPC)
    monkeypatch.setattr(sys, "stderr", full)
    streams.tell("nobody can read this\n")
    assert full.getvalue() == "nobody can read this\n"


@pytest.mark.parametrize("printed", [say, print_json])
def test_more_than_a_buffer_that_does_not_get_out_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: Callable[[str], None],
) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(AlcoveError, match="the output could not be written: No space left") as one:
        printed("text")
    assert one.value.hint
    sys.stdout.write("more")
    with sys.stdout:
        sys.stdout.flush()
    assert capsys.readouterr().err == ""
