"""Logs of failed builds do not gather for ever."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from alcove.actions import building

if TYPE_CHECKING:
    from pathlib import Path


def test_old_logs_go_and_new_ones_stay(tmp_path: Path) -> None:
    for name, days in (("old.log", 31), ("new.log", 29), ("old.txt", 31)):
        (tmp_path / name).write_text("said")
        then = time.time() - days * 86_400
        os.utime(tmp_path / name, (then, then))
    building._drop_old_logs(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.log", "old.txt"]
