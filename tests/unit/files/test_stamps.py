"""A stamp changes with what it stands for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.files.stamps import stamp

if TYPE_CHECKING:
    from pathlib import Path


def test_a_stamp_tells_what_was_added_written_and_removed(tmp_path: Path) -> None:
    place = tmp_path / "wheels"
    seen = [stamp(str(place))]
    assert seen == [""]
    place.mkdir()
    seen.append(stamp(str(place)))
    file = place / "a.whl"
    file.write_bytes(b"1")
    seen.append(stamp(str(place)))
    assert stamp(str(place)) == seen[-1]
    os.utime(file, (1, 1))
    seen.append(stamp(str(place)))
    os.symlink("nowhere", place / "b.whl")
    seen.append(stamp(str(place)))
    assert len(set(seen)) == len(seen)
    one = stamp(str(file))
    file.write_bytes(b"2")
    assert stamp(str(file)) not in ("", one)
