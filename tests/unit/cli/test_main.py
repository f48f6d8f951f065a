"""What the command line makes of an error of the system."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

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
