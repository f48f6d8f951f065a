"""The end of the command line's process."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import pytest

from alcove.cli import main


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
