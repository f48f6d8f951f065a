"""What the command line makes of an error of the system, and of an interrupt."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.EROFS, "choose a place in which you may write"),
        (errno.EIO, "mend the cause and try again"),
    ],
)
def test_the_file_that_was_to_be_is_named_and_not_the_one_aside(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    hint: str,
) -> None:
    def fail(_: object) -> int:
        staged = f"{tmp_path}/.kit.zip.1234-0a1b2c3d.tmp"
        raise OSError(number, os.strerror(number), staged)

    monkeypatch.setattr(main, "_run", fail)
    assert main.run(["bundle"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error: {os.strerror(number)}: {tmp_path}/kit.zip\n\nhint: {hint}")


class Ended(Exception):
    """What ends the process here."""


def test_an_interrupt_at_the_very_end_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = []

    def end(code: int) -> NoReturn:
        codes.append(code)
        raise Ended

    class Interrupted:
        def flush(self) -> NoReturn:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(main, "run", lambda _: 0)
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr(sys, "stdout", Interrupted())
    with pytest.raises(Ended):
        main.main()
    assert codes == [130]


def test_an_interrupt_while_a_class_is_made_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrap(_: object) -> NoReturn:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr(main, "_run", wrap)
    assert main.run([]) == 130
    assert capsys.readouterr().err == "interrupted; the state before holds\n"

    def fail(_: object) -> NoReturn:
        raise RuntimeError("a fault")

    monkeypatch.setattr(main, "_run", fail)
    with pytest.raises(RuntimeError, match="a fault"):
        main.run([])
