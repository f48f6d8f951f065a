"""Whether a file system ignores case is asked of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.files import case

if TYPE_CHECKING:
    from pathlib import Path


def test_a_name_in_the_other_case_that_is_the_same_file_tells_it(tmp_path: Path) -> None:
    mine, other = tmp_path / "pyvenv.cfg", tmp_path / "PYVENV.CFG"
    assert not case.is_ignored(str(mine))
    mine.write_text("")
    if not other.exists():  # else this file system ignores case
        assert not case.is_ignored(str(mine))
        other.write_text("another file")
        assert not case.is_ignored(str(mine))
        other.unlink()
        os.link(mine, other)  # as such a system would have it
    assert case.is_ignored(str(mine))
