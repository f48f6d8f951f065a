"""Differences between an entry and what it was."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from alcove.store import layout, verify
from alcove.store.layout import Store, store_at
from alcove.store.unpack import unpack
from alcove.store.verify import Difference
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alcove.wheels.entry import Entry


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "data"))


@pytest.fixture
def entry(store: Store, tmp_path: Path) -> Entry:
    files = {"x/__init__.py": "a = 1\n", "x/y/z.py": "b = 2\n"}
    return unpack(store, wheel(str(tmp_path), "x", files=files))


@pytest.fixture
def root(store: Store, entry: Entry) -> str:
    return layout.entry_path(store, entry.directory)


def test_a_new_entry_has_no_differences(store: Store, entry: Entry) -> None:
    assert verify.damaged(store, entry.directory, deep=True) == []


def test_bytecode_and_the_caches_of_tools_are_expected(
    store: Store, entry: Entry, root: str
) -> None:
    for name in ("x.cpython-311.pyc", "x.cpython-311-pytest-8.pyc", "f.nbi"):
        with open(f"{root}/lib/x/__pycache__/{name}", "wb") as stream:
            stream.write(b"code")
    assert verify.damaged(store, entry.directory, deep=True) == []
    assert verify.tripwire(f"{root}/lib/x", entry.sha256)


def write(path: str, content: bytes, mtime: float | None = None) -> None:
    with open(path, "wb") as stream:
        stream.write(content)
    if mtime:
        os.utime(path, (mtime, mtime))


def read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def link_in(root: str) -> str:
    path = os.path.join(os.path.dirname(root), "link")
    os.symlink("/x", path)
    return path


def remove(*paths: str) -> None:
    for path in paths:
        os.unlink(path)


def directory(path: str) -> None:
    remove(path)
    os.makedirs(f"{path}/x")


CHANGES: dict[str, tuple[Callable[[str], None], list[Difference]]] = {
    "longer": (
        lambda root: write(f"{root}/lib/x/__init__.py", b"a = 11\n"),
        [Difference("lib/x/__init__.py", "changed")],
    ),
    "same size": (
        lambda root: write(f"{root}/lib/x/__init__.py", b"a = 2\n"),
        [Difference("lib/x/__init__.py", "changed")],
    ),
    "gone": (
        lambda root: os.unlink(f"{root}/lib/x/y/z.py"),
        [Difference("lib/x/y/z.py", "missing")],
    ),
    "new": (
        lambda root: write(f"{root}/lib/x/new.py", b""),
        [Difference("lib/x/new.py", "added")],
    ),
    "new directory": (
        lambda root: os.mkdir(f"{root}/lib/other"),
        [Difference("lib/other", "added")],
    ),
    "a link": (
        lambda root: os.replace(link_in(root), f"{root}/lib/x/y/z.py"),
        [Difference("lib/x/y/z.py", "changed")],
    ),
    "a linked cache": (
        lambda root: os.symlink("/x", f"{root}/lib/x/__pycache__/a"),
        [Difference("lib/x/__pycache__/a", "added")],
    ),
    "a prepared link that leads elsewhere": (
        lambda root: os.replace(link_in(root), f"{root}/links/x"),
        [Difference("links/x", "changed")],
    ),
    "a prepared link more": (
        lambda root: os.replace(link_in(root), f"{root}/links/y"),
        [Difference("links/y", "added")],
    ),
    "torn view.json": (
        lambda root: os.truncate(f"{root}/view.json", 9),
        [Difference("view.json", "changed")],
    ),
    "torn entry.json": (
        lambda root: os.truncate(f"{root}/entry.json", 9),
        [Difference("entry.json", "unreadable")],
    ),
    "no view.json, and another file": (
        lambda root: remove(f"{root}/view.json", f"{root}/lib/x/y/z.py"),
        [Difference("lib/x/y/z.py", "missing"), Difference("view.json", "missing")],
    ),
    "a directory for view.json": (
        lambda root: directory(f"{root}/view.json"),
        [Difference("view.json", "unreadable")],
    ),
    "another view.json": (
        lambda root: write(
            f"{root}/view.json",
            read(f"{root}/view.json") + b" ",
        ),
        [Difference("view.json", "changed")],
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found(
    store: Store,
    entry: Entry,
    root: str,
    change: Callable[[str], None],
    expected: list[Difference],
) -> None:
    change(root)
    assert verify.damaged(store, entry.directory) == expected


def test_an_edit_that_keeps_size_and_time_is_found_by_a_deep_look(
    store: Store, entry: Entry, root: str
) -> None:
    path = f"{root}/lib/x/__init__.py"
    write(path, b"a = 2\n", layout.mtime_of(entry.sha256))
    assert verify.damaged(store, entry.directory) == []
    found = verify.damaged(store, entry.directory, deep=True)
    assert found == [Difference("lib/x/__init__.py", "changed")]


def test_the_tripwire_notices_a_foreign_name(entry: Entry, root: str) -> None:
    assert verify.tripwire(f"{root}/lib/x", entry.sha256)
    write(f"{root}/lib/x/new.py", b"")
    assert not verify.tripwire(f"{root}/lib/x", entry.sha256)
    assert not verify.tripwire(f"{root}/lib/gone", entry.sha256)


def test_what_may_not_be_read_is_told(
    store: Store, entry: Entry, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if path == f"{root}/lib/x/y":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert verify.damaged(store, entry.directory) == [Difference("lib/x/y", "unreadable")]
