"""New files are written back together and waited for where the file system orders; elsewhere each is flushed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.files import durable, ops

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return what was done to files, in its order."""
    done: list[tuple[str, str]] = []
    for name in ("begin", "fsync", "settle"):
        monkeypatch.setattr(ops, name, lambda path, name=name: done.append((name, path)))
    return done


def test_all_are_begun_before_any_is_waited_for(
    told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_is_ordered", lambda _: True)
    durable.order(["/a", "/b"])
    assert told == [("begin", "/a"), ("begin", "/b"), ("settle", "/a"), ("settle", "/b")]


def test_each_is_flushed_where_nothing_is_known(
    told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_is_ordered", lambda _: False)
    durable.order(iter(["/a", "/b"]))
    durable.order([])
    assert told == [("fsync", "/a"), ("fsync", "/b")]


def test_both_ways_of_asking_for_the_kind_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = durable._is_ordered(str(tmp_path))
    monkeypatch.setattr(os.path, "exists", lambda _: False)
    assert durable._is_ordered(str(tmp_path)) == quick
