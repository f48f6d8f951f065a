"""Roots and the removal of what no root needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.errors import StoreError
from alcove.events import Event, Step
from alcove.files import ops
from alcove.files.locking import Lock
from alcove.store import collect, entries, layout, roots
from alcove.store.layout import Store, store_at
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.wheels.entry import Entry

NOW = 2_000_000_000.0
DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "data"))


def added(store: Store, tmp_path: Path, name: str) -> Entry:
    return unpack(store, wheel(str(tmp_path / "wheels"), name))


def environment(tmp_path: Path, name: str) -> str:
    path = tmp_path / name
    (path / ".alcove").mkdir(parents=True)
    return str(path)


def test_what_a_root_needs_stays(store: Store, tmp_path: Path) -> None:
    kept, gone = added(store, tmp_path, "kept"), added(store, tmp_path, "gone")
    path = environment(tmp_path, "env")
    roots.register(store, "id1", path=path, entries=[kept.directory], now=NOW)
    assert [one.directory for one in collect.dead(store, now=NOW)] == [gone.directory]
    assert entries.names(store) == sorted([kept.directory, gone.directory])
    seen: list[Event] = []

    class Told:
        def emit(self, event: Event, /) -> None:
            seen.append(event)

    done = collect.collect(store, now=NOW, reporter=Told())
    assert [one.directory for one in done.removed] == [gone.directory]
    assert done.removed[0].size > 0
    assert seen == [Step("removing", gone.directory)]
    assert os.listdir(store.entries) == [kept.directory]
    assert collect.collect(store, now=NOW) == collect.Collected((), (), 0)


def test_a_root_whose_path_is_gone_counts_for_thirty_days(store: Store, tmp_path: Path) -> None:
    entry = added(store, tmp_path, "x")
    path = environment(tmp_path, "env")
    roots.register(store, "id1", path=path, entries=[entry.directory], now=NOW - 900 * DAY)
    os.rename(path, path + "-moved")
    assert collect.dead(store, now=NOW) == []
    assert collect.collect(store, now=NOW).removed == ()
    assert collect.collect(store, now=NOW + 29 * DAY).removed == ()
    root = roots.find(store, "id1")
    assert root is not None
    assert root.missing == NOW
    done = collect.collect(store, now=NOW + 30 * DAY)
    assert [one.directory for one in done.removed] == [entry.directory]
    assert roots.find(store, "id1") is None


def test_a_root_that_came_back_counts_anew(store: Store, tmp_path: Path) -> None:
    entry = added(store, tmp_path, "x")
    path = environment(tmp_path, "env")
    roots.register(store, "id1", path=path, entries=[entry.directory], now=NOW)
    os.rename(path, path + "-away")
    collect.collect(store, now=NOW)
    os.rename(path + "-away", path)
    assert collect.collect(store, now=NOW + 40 * DAY).removed == ()
    os.rename(path, path + "-away")
    assert collect.collect(store, now=NOW + 41 * DAY).removed == ()


def test_what_has_another_hard_link_stays(store: Store, tmp_path: Path) -> None:
    entry = added(store, tmp_path, "x")
    source = f"{layout.entry_path(store, entry.directory)}/dist-info/METADATA"
    os.link(source, tmp_path / "METADATA")
    done = collect.collect(store, now=NOW)
    assert [one.directory for one in done.held] == [entry.directory]
    os.unlink(tmp_path / "METADATA")
    assert [one.directory for one in collect.collect(store, now=NOW).removed] == [entry.directory]


def test_a_root_that_cannot_be_read_stops_everything(store: Store, tmp_path: Path) -> None:
    entry = added(store, tmp_path, "x")
    roots.register(store, "id1", path="/nowhere", entries=[], now=NOW)
    for content in (b"", b"{", b"{}", b'{"path": 1, "entries": [], "seen": 1, "missing": 0}'):
        with open(f"{store.roots}/id1", "wb") as stream:
            stream.write(content)
        with pytest.raises(StoreError, match="cannot be read"):
            collect.collect(store, now=NOW)
    assert entries.names(store) == [entry.directory]


def test_it_waits_for_who_uses_the_store(store: Store, tmp_path: Path) -> None:
    added(store, tmp_path, "x")
    with (
        Lock(store.lock).acquire(shared=True),
        pytest.raises(StoreError, match="in use"),
    ):
        collect.collect(store, now=NOW, timeout=0)
    with Lock(store.lock).acquire(), pytest.raises(StoreError, match="in use"):
        layout.lock(store, shared=True, timeout=0)


def test_leftovers_of_killed_unpacks_and_removals_go(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = added(store, tmp_path, "x")
    os.makedirs(f"{store.entries}/.tmp-1-a/lib")
    os.makedirs(store.roots)
    with open(f"{store.roots}/.id1.1-a.tmp", "wb") as stream:
        stream.write(b"x")

    class Killed(BaseException):
        """Stands for SIGKILL."""

    def kill(path: str) -> None:
        raise Killed(path)

    with monkeypatch.context() as patched:
        patched.setattr(ops, "rmdir", kill)
        with pytest.raises(Killed):
            collect.collect(store, now=NOW)
    assert entries.names(store) == []
    assert collect.collect(store, now=NOW).leftovers == 3
    assert os.listdir(store.entries) == os.listdir(store.roots) == []
    assert entry.directory not in entries.names(store)


def test_a_root_is_written_only_when_it_says_something_new(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = environment(tmp_path, "env")
    first = roots.register(store, "id1", path=path, entries=["b", "a", "b"], now=NOW)
    assert first == roots.Root("id1", path, ("a", "b"), int(NOW))
    with monkeypatch.context() as patched:
        patched.delattr(ops, "write")
        assert roots.register(store, "id1", path=path, entries=["a", "b"], now=NOW + 60) == first
    later = roots.register(store, "id1", path=path, entries=["a", "b"], now=NOW + DAY)
    assert later.seen == NOW + DAY
    assert roots.register(store, "id1", path=path, entries=["c"], now=NOW).entries == ("c",)
    assert list(roots.every(store)) == [roots.find(store, "id1")]
    roots.forget(store, "id1")
    roots.forget(store, "id1")
    assert list(roots.every(store)) == []


def test_a_copy_of_an_environment_is_known(store: Store, tmp_path: Path) -> None:
    path, copy = environment(tmp_path, "env"), environment(tmp_path, "copy")
    assert not roots.claimed(store, "id1", path=path)
    roots.register(store, "id1", path=path, entries=[], now=NOW)
    assert not roots.claimed(store, "id1", path=path)
    assert roots.claimed(store, "id1", path=copy)
    os.symlink(path, tmp_path / "link")
    assert not roots.claimed(store, "id1", path=str(tmp_path / "link"))
    os.rename(path, path + "-moved")
    assert not roots.claimed(store, "id1", path=copy)


@pytest.mark.parametrize("identifier", ["", "../x", "a/b", ".x", "x" * 65])
def test_an_id_that_is_no_name_is_refused(store: Store, identifier: str) -> None:
    with pytest.raises(StoreError):
        roots.register(store, identifier, path="/x", entries=[], now=NOW)
