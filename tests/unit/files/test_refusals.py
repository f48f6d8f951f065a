"""What cannot be written, foreseen: by its mode, by its file system, by what stands there; and what stands in for a cache."""

from __future__ import annotations

import errno
import os
import tempfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from alcove.files import refusals, spare

if TYPE_CHECKING:
    from pathlib import Path


def number(error: OSError | None) -> int | None:
    return None if error is None else error.errno


def test_what_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file", tmp_path / "not" / "there"):
        assert refusals.foreseen(str(path)) is None
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(("flags", "code"), [(0, errno.EACCES), (os.ST_RDONLY, errno.EROFS)])
def test_what_may_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: int, code: int
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
    found = refusals.foreseen(str(tmp_path / "not" / "there"))
    assert found is not None
    assert (found.errno, found.filename) == (code, str(tmp_path))
    assert number(spare.refused(str(tmp_path))) == code


def test_a_cache_that_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "file/below", "link"):
        assert number(spare.refused(str(tmp_path / name))) == errno.ENOTDIR
    assert spare.refused(str(tmp_path / "new" / "cache")) is None


def test_a_cache_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = SimpleNamespace(f_flag=0, f_bavail=1, f_frsize=4096, f_blocks=100)
    monkeypatch.setattr(os, "statvfs", lambda _: room)
    assert number(spare.refused(str(tmp_path))) == errno.ENOSPC
    room.f_blocks = 0  # one that tells nothing of its size
    assert spare.refused(str(tmp_path)) is None


def test_what_stands_in_is_for_its_user_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one, other = spare.directory(), spare.directory()
    assert one != other
    assert os.stat(one).st_mode & 0o777 == 0o700
    said = spare.without("/the/cache", OSError(errno.EROFS, "Read-only file system"))
    assert "/the/cache" in said.text
    assert "Read-only file system" in said.text
    assert "ALCOVE_CACHE=" in str(said.hint)
