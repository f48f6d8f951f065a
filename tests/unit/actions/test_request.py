"""The digest of a request: it must know all that decides, or say that it does not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.actions.request import Request, digest_of
from alcove.environments.layout import Layout
from alcove.settings import read

if TYPE_CHECKING:
    from pathlib import Path


def digest(root: Path, *files: str) -> str:
    (root / "env").mkdir(exist_ok=True)
    (root / "env/pyvenv.cfg").write_text("include-system-site-packages = false\n")
    layout = Layout(str(root / "env"), "python3.12")
    settings = read({"HOME": str(root), "ALCOVE_HOME": str(root / "data")}, cwd=str(root))
    return digest_of(Request(str(root), "install", files=files), layout, settings)


def test_what_a_file_holds_counts(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("click==8.1\n")
    first = digest(tmp_path, "r.txt")
    assert first
    (tmp_path / "r.txt").write_text("click==8.2\n")
    assert digest(tmp_path, "r.txt") not in ("", first)


def test_a_pipe_is_not_emptied(tmp_path: Path) -> None:
    """`-r <(…)` and `-r /dev/stdin`: who read it here would leave nothing for who installs."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"click==8.1\n")
        os.close(writing)
        assert digest(tmp_path, f"/dev/fd/{reading}") == ""
        assert os.read(reading, 99) == b"click==8.1\n"
    finally:
        os.close(reading)
