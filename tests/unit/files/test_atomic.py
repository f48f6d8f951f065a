"""Replacing files and links: whole or not at all, whatever operation fails."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.files import atomic, ops

if TYPE_CHECKING:
    from pathlib import Path


def names(directory: Path) -> list[str]:
    return sorted(child.name for child in directory.iterdir())


def test_replace_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content in (b"one", b"two"):
        atomic.replace_file(str(path), content)
        assert path.read_bytes() == content
    assert names(tmp_path) == ["a"]


def test_replace_file_replaces_a_link_and_not_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"kept")
    (tmp_path / "a").symlink_to("target")
    atomic.replace_file(str(tmp_path / "a"), b"new")
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"kept"


def test_durable_flushes_before_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real = ops.rename

    def rename(source: str, target: str) -> None:
        order.append("rename")
        real(source, target)

    monkeypatch.setattr(ops, "fsync", lambda _: order.append("fsync"))
    monkeypatch.setattr(ops, "rename", rename)
    atomic.replace_file(str(tmp_path / "a"), b"x", durable=True)
    assert order == ["fsync", "rename"]


@pytest.mark.parametrize("operation", ["write", "fsync", "rename"])
def test_a_failing_operation_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ops, operation, fail)
    with pytest.raises(OSError, match="No space"):
        atomic.replace_file(str(tmp_path / "a"), b"new", durable=True)
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_replace_link(tmp_path: Path) -> None:
    for target in ("one", "two"):
        atomic.replace_link(str(tmp_path / "link"), target)
        assert os.readlink(tmp_path / "link") == target
    assert names(tmp_path) == ["link"]


def test_replace_link_leaves_nothing_where_it_fails(tmp_path: Path) -> None:
    (tmp_path / "link").mkdir()
    with pytest.raises(IsADirectoryError):
        atomic.replace_link(str(tmp_path / "link"), "one")
    assert names(tmp_path) == ["link"]


def test_aside_is_beside_and_ours_alone(tmp_path: Path) -> None:
    first, second = (atomic.aside(str(tmp_path / "a")) for _ in range(2))
    assert first != second
    assert os.path.dirname(first) == str(tmp_path)
    assert os.path.basename(first).startswith(".a.")


def test_a_file_that_is_open_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("ab", buffering=0) as stream:
        stream.write(b"before ")
        atomic.fill(f"/dev/fd/{stream.fileno()}", b"new ")
        stream.write(b"after")
    assert path.read_bytes() == b"before new after"


def test_what_a_user_named_is_replaced_only_where_it_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    atomic.fill(str(tmp_path / "link"), b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        atomic.fill(str(tmp_path / "pipe"), b"new")
        assert os.read(reader, 9) == b"new"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()
    with pytest.raises(IsADirectoryError):
        atomic.fill(str(tmp_path), b"new")
