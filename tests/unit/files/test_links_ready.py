"""A prepared link is taken as it is; where there is none, one is made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.files import links

if TYPE_CHECKING:
    from pathlib import Path


def test_a_prepared_link_is_shared(tmp_path: Path) -> None:
    ready, target = f"{tmp_path}/ready", f"{tmp_path}/target"
    os.symlink("there", ready)
    links.place_ready("there", target, ready=ready)
    assert os.lstat(target).st_ino == os.lstat(ready).st_ino
    links.place_ready("there", f"{target}2", ready=f"{tmp_path}/nothing")
    assert os.readlink(f"{target}2") == "there"
