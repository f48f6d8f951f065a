"""Lines on stderr: in the order of what happened, and what is true of all parts of a command said once."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from alcove.console.reporter import Lines
from alcove.console.streams import tell
from alcove.events import Warned
from alcove.pip.output import Output
from alcove.pip.reporter import PipReporter

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TWICE = [
    Warned("one", "do this"),
    Warned("two"),
    Warned("one", "do this"),
    Warned("one", "do that"),
]


def test_both_streams_in_one_file_are_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(tmp_path / "both", "w") as first, open(tmp_path / "both", "a") as second:
        monkeypatch.setattr(sys, "stdout", first)
        monkeypatch.setattr(sys, "stderr", second)
        sys.stdout.write("data\n")
        tell("error\n")
    assert (tmp_path / "both").read_text() == "data\nerror\n"


def test_a_reader_of_data_that_went_away_hides_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    there = io.StringIO()
    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(sys, "stderr", there)
    tell("error: \udcff\n")
    assert there.getvalue() == "error: \\udcff\n"


def test_a_warning_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(quiet=0, verbose=0, bars=False)
    for event in TWICE:
        lines.emit(event)
    said = capsys.readouterr().err
    assert (said.count("warning: one"), said.count("do this"), said.count("two")) == (2, 1, 1)


def test_the_pip_inside_says_it_once() -> None:
    said = io.StringIO()
    reporter = PipReporter(Output(io.StringIO(), said))
    for event in TWICE:
        reporter.emit(event)
    text = said.getvalue()
    assert (text.count("one"), text.count("do this"), text.count("two")) == (2, 1, 1)
