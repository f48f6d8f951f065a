"""A prepared link is taken as it is; where there is none, one is made."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from alcove.files import links, ops

if TYPE_CHECKING:
    from pathlib import Path


def test_a_prepared_link_is_shared(tmp_path: Path) -> None:
    ready, target = f"{tmp_path}/ready", f"{tmp_path}/target"
    os.symlink("there", ready)
    links.place_ready("there", target, ready=ready)
    assert os.lstat(target).st_ino == os.lstat(ready).st_ino
    links.place_ready("there", f"{target}2", ready=f"{tmp_path}/nothing")
    assert os.readlink(f"{target}2") == "there"


def test_the_next_link_of_a_text_is_a_hard_link_to_the_kept_one(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("one", "two"):
        links.place_kept("../a/b", str(tmp_path / name), kept=str(kept))
    assert [os.readlink(tmp_path / name) for name in ("one", "two")] == ["../a/b"] * 2
    assert os.lstat(tmp_path / "one").st_ino == os.lstat(tmp_path / "two").st_ino
    assert os.listdir(kept) == ["..+a+b"]


@pytest.mark.parametrize("what", ["another text", "a file", "no directory", "a long name"])
def test_what_cannot_be_kept_is_a_link_of_its_own(tmp_path: Path, what: str) -> None:
    kept, text = tmp_path / "kept", "a/b"
    if what != "no directory":
        kept.mkdir()
    if what == "another text":
        os.symlink("a+b", kept / "a+b")
    elif what == "a file":
        (kept / "a+b").write_text("mine")
    elif what == "a long name":
        text = "a/" * 200
    links.place_kept(text, str(tmp_path / "link"), kept=str(kept))
    assert os.readlink(tmp_path / "link") == text
    assert os.lstat(tmp_path / "link").st_nlink == 1
    if what == "a file":
        assert (kept / "a+b").read_text() == "mine"


def test_without_hard_links_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: str, target: str) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), target)

    monkeypatch.setattr(ops, "link", refuse)
    for name in ("one", "two"):
        links.place_kept("a", str(tmp_path / name), kept=str(tmp_path))
    assert [os.readlink(tmp_path / name) for name in ("one", "two")] == ["a", "a"]
    assert not os.path.lexists(tmp_path / "a")


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC, errno.EMLINK, errno.EXDEV])
def test_a_link_that_cannot_be_kept_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(code, os.strerror(code), source, None, target)

    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(ops, "link", refuse)
    links.place_kept("a/b", str(tmp_path / "one"), kept=str(kept))
    assert os.readlink(tmp_path / "one") == "a/b"
    assert os.listdir(kept) == []
