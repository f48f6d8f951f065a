"""The single operations: each does one thing, to the path itself, and never over what is there."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.files import ops

if TYPE_CHECKING:
    from pathlib import Path


def test_write_makes_a_new_file(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        ops.write(str(tmp_path / "a"), b"x" * 100_000, 0o777)
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == b"x" * 100_000
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o755


def test_write_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        ops.write(str(tmp_path / "a"), b"new")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_write_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(FileExistsError):
        ops.write(str(tmp_path / "link"), b"new")
    assert not (tmp_path / "outside").exists()


def test_write_goes_on_after_a_short_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:3]))
    ops.write(str(tmp_path / "a"), b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_copy_keeps_content_mode_and_time(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(3 << 20))
    source.chmod(0o741)
    os.utime(source, ns=(1, 978_307_200_123_456_789))
    ops.copy(str(source), str(tmp_path / "target"))
    target = (tmp_path / "target").stat()
    assert (tmp_path / "target").read_bytes() == source.read_bytes()
    assert target.st_mode & 0o777 == 0o741
    assert target.st_mtime_ns == source.stat().st_mtime_ns
    assert target.st_ino != source.stat().st_ino


def test_a_copy_runs_as_its_owner_only_where_that_is_the_same_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    source.chmod(0o6755)
    ops.copy(str(source), str(tmp_path / "mine"))
    assert (tmp_path / "mine").stat().st_mode & 0o7777 == 0o6755
    if os.geteuid() == 0:
        os.chown(source, 4711, 4711)
        source.chmod(0o6755)
    else:  # whose file that is nobody but root can change
        monkeypatch.setattr(ops, "_have_same_owner", lambda *_: False)
    ops.copy(str(source), str(tmp_path / "theirs"))
    assert (tmp_path / "theirs").stat().st_mode & 0o7777 == 0o755


def test_copy_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        ops.copy(str(tmp_path / "a"), str(tmp_path / "b"))
    assert (tmp_path / "b").read_bytes() == b"b"


def test_link_takes_the_link_itself(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    ops.link(str(tmp_path / "link"), str(tmp_path / "second"))
    assert os.readlink(tmp_path / "second") == "nowhere"
    assert os.lstat(tmp_path / "second").st_ino == os.lstat(tmp_path / "link").st_ino


def test_rename_replaces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"old")
    ops.rename(str(tmp_path / "a"), str(tmp_path / "b"))
    assert [child.name for child in tmp_path.iterdir()] == ["b"]
    assert (tmp_path / "b").read_bytes() == b"new"


def test_fsync_takes_files_and_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"")
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))
    ops.fsync(str(tmp_path / "a"))
    ops.fsync(str(tmp_path))
    assert flushed == [(tmp_path / "a").stat().st_ino, tmp_path.stat().st_ino]


def test_settle_waits_or_flushes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"a" * 5000)
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))
    monkeypatch.setattr(ops, "_waited", lambda _: True)
    ops.settle(str(tmp_path / "a"))
    assert flushed == []
    monkeypatch.setattr(ops, "_waited", lambda _: False)  # a file system without FIEMAP
    ops.settle(str(tmp_path / "a"))
    assert flushed == [(tmp_path / "a").stat().st_ino]


def test_every_public_name_changes_something_and_exists() -> None:
    assert all(callable(getattr(ops, name)) for name in ops.__all__)


def _is_spread(path: Path) -> bool:
    """Read the flag as `lsattr` does."""
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        flags = fcntl.ioctl(descriptor, 0x80086601, bytes(8))
    finally:
        os.close(descriptor)
    return bool(int.from_bytes(flags[:4], sys.byteorder) & 0x20000)


def _file_system(path: Path) -> str:
    with open("/proc/self/mountinfo", encoding="utf-8") as stream:
        rows = [line.split(" - ") for line in stream]
    device = os.stat(path).st_dev
    named = f"{os.major(device)}:{os.minor(device)}"
    return next((after.split()[0] for before, after in rows if before.split()[2] == named), "")


@pytest.mark.skipif(sys.platform != "linux", reason="an ioctl of Linux")
def test_spread_sets_a_flag_of_ext4_and_keeps_the_others(tmp_path: Path) -> None:
    if _file_system(tmp_path) != "ext4":
        pytest.skip(f"{tmp_path} does not lie on ext4")
    (tmp_path / "inside").mkdir()
    assert not _is_spread(tmp_path)
    for _ in range(2):
        ops.spread(str(tmp_path))
        assert _is_spread(tmp_path)
    assert not _is_spread(tmp_path / "inside")
    (tmp_path / "later").mkdir()
    assert not _is_spread(tmp_path / "later")


@pytest.mark.skipif(sys.platform != "linux", reason="an ioctl of Linux")
@pytest.mark.parametrize("refused", [0x80086601, 0x40086602])
def test_spread_is_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    asked = []

    def ioctl(_descriptor: int, number: int, _given: object) -> int:
        asked.append(number)
        if number == refused:
            raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
        return 0

    monkeypatch.setattr("fcntl.ioctl", ioctl)
    before = os.listdir("/proc/self/fd")
    ops.spread(str(tmp_path))
    assert asked == [0x80086601, 0x40086602][: 1 + (refused == 0x40086602)]
    assert len(os.listdir("/proc/self/fd")) == len(before)
    ops.spread(str(tmp_path / "nowhere"))  # nor is who may not read it told


def test_a_python_without_ctypes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert not ops.exchange(str(tmp_path / "a"), str(tmp_path / "b"))
    assert not ops.syncfs(str(tmp_path))
