"""Roots and the removal of what no root needs."""

from __future__ import annotations

import errno
import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from alcove.errors import StoreError
from alcove.events import Event, Step, Warned
from alcove.files import ops, trees
from alcove.files.locking import Lock
from alcove.store import collect, entries, layout, roots
from alcove.store.layout import Store, store_at
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel
from tests.unit.image import bring

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    roots.register(store, path, [kept.directory], now=NOW)
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
    roots.register(store, path, [entry.directory], now=NOW - 900 * DAY)
    os.rename(path, path + "-moved")
    assert collect.dead(store, now=NOW) == []
    assert collect.collect(store, now=NOW).removed == ()
    assert collect.collect(store, now=NOW + 29 * DAY).removed == ()
    root = roots.find(store, path)
    assert root is not None
    assert root.missing == NOW
    done = collect.collect(store, now=NOW + 30 * DAY)
    assert [one.directory for one in done.removed] == [entry.directory]
    assert roots.find(store, path) is None


def test_a_root_that_came_back_counts_anew(store: Store, tmp_path: Path) -> None:
    entry = added(store, tmp_path, "x")
    path = environment(tmp_path, "env")
    roots.register(store, path, [entry.directory], now=NOW)
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
    root = roots.register(store, "/nowhere", [], now=NOW)
    for content in (b"", b"{", b"{}", b'{"path": 1, "entries": [], "seen": 1, "missing": 0}'):
        with open(f"{store.roots}/{root.id}", "wb") as stream:
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
    first = roots.register(store, path, ["b", "a", "b"], now=NOW)
    assert first == roots.Root(first.id, path, ("a", "b"), int(NOW))
    with monkeypatch.context() as patched:
        patched.delattr(ops, "write")
        assert roots.register(store, path, ["a", "b"], now=NOW + 60) == first
    later = roots.register(store, path, ["a", "b"], now=NOW + DAY)
    assert later.seen == NOW + DAY
    assert roots.register(store, path, ["c"], now=NOW).entries == ("c",)
    assert list(roots.every(store)) == [roots.find(store, path)]
    roots.remove(store, path)
    roots.remove(store, path)
    assert list(roots.every(store)) == []


def test_an_environment_that_moved_has_two_roots_for_a_while(store: Store, tmp_path: Path) -> None:
    path = environment(tmp_path, "env")
    roots.register(store, path, ["a"], now=NOW)
    os.rename(path, path + "-moved")
    roots.register(store, path + "-moved", ["a"], now=NOW)
    assert roots.paths(store) == [path, path + "-moved"]
    collect.collect(store, now=NOW)
    collect.collect(store, now=NOW + 31 * DAY)
    assert roots.paths(store) == [path + "-moved"]


def test_a_torn_root_is_written_anew_by_its_environment(store: Store, tmp_path: Path) -> None:
    path = environment(tmp_path, "env")
    root = roots.register(store, path, ["a"], now=NOW)
    os.truncate(f"{store.roots}/{root.id}", 5)
    assert roots.paths(store) == []
    with pytest.raises(StoreError):
        roots.find(store, path)
    assert roots.register(store, path, ["a"], now=NOW) == roots.find(store, path) == root


def test_the_time_is_now_where_nobody_says_it(store: Store, tmp_path: Path) -> None:
    before = int(time.time())
    assert before <= roots.register(store, str(tmp_path), []).seen <= time.time()


def test_who_is_waited_for_is_told(store: Store, tmp_path: Path) -> None:
    added(store, tmp_path, "gone")
    told: list[Event] = []

    class Told:
        def emit(self, event: Event, /) -> None:
            told.append(event)
            sharing.release()

    sharing = layout.lock(store, shared=True)
    with pytest.raises(StoreError, match="in use by another process"):
        collect.collect(store, now=NOW, reporter=Told(), timeout=0)
    assert told == []
    collect.collect(store, now=NOW, reporter=Told(), timeout=60)
    assert told[0] == Step("waiting", f"the store {store.root} is in use by another process")
    with layout.lock(store, shared=False) as held:
        held.sign("gc, process 7")
        with pytest.raises(StoreError, match="in use by gc, process 7"):
            layout.lock(store, shared=True, timeout=0)


def test_a_full_disk_is_freed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = added(store, tmp_path, "kept"), added(store, tmp_path, "gone")
    path = environment(tmp_path, "env")
    roots.register(store, path, [kept.directory], now=NOW)
    os.rename(path, path + "-moved")

    def full(path: str, *_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    with monkeypatch.context() as patched:
        patched.setattr(ops, "write", full)
        done = collect.collect(store, now=NOW)
    assert [one.directory for one in done.removed] == [gone.directory]
    collect.collect(store, now=NOW + DAY)
    root = roots.find(store, path)
    assert root is not None
    assert root.missing == int(NOW + DAY)


def test_roots_that_may_not_be_listed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    roots.register(store, "/some/env", [])

    def refuse(path: str) -> list[str]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert roots.paths(store) == []
    with pytest.raises(PermissionError):
        list(roots.every(store))


def test_a_root_that_somebody_is_about_to_write_stays(store: Store) -> None:
    os.makedirs(store.roots)
    os.makedirs(store.entries)
    staged = f"{store.roots}/.id1.1-0123abcd.tmp"
    with open(staged, "wb") as stream:
        stream.write(b"{}")
    assert collect.collect(store, now=time.time()).leftovers == 0
    assert collect.collect(store, now=time.time() + 2 * DAY).leftovers == 1
    assert not os.path.exists(staged)


def test_who_registers_meanwhile_is_not_written_over(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = added(store, tmp_path, "x")
    pair = sorted(roots.register(store, f"/nowhere/{name}", [], now=NOW) for name in "ab")
    mark, remove = roots.mark, roots.remove

    def marked(store: Store, root: roots.Root, *, missing: int) -> None:
        monkeypatch.setattr(roots, "mark", mark)
        mark(store, root, missing=missing)
        roots.register(store, pair[1].path, [entry.directory], now=NOW)

    monkeypatch.setattr(roots, "mark", marked)
    collect.collect(store, now=NOW)
    root = roots.find(store, pair[1].path)
    assert root is not None
    assert root.entries == (entry.directory,)

    def removed(store: Store, path: str) -> None:
        monkeypatch.setattr(roots, "remove", remove)
        remove(store, path)
        roots.register(store, pair[1].path, [entry.directory], now=NOW + 90 * DAY)

    monkeypatch.setattr(roots, "remove", removed)
    collect.collect(store, now=NOW + 90 * DAY)
    assert roots.find(store, pair[0].path) is None
    assert roots.find(store, pair[1].path) is not None


def test_who_meets_a_torn_root_is_told_the_way_out(store: Store, tmp_path: Path) -> None:
    gone = added(store, tmp_path, "gone")
    path = environment(tmp_path, "env")
    root = roots.register(store, path, [gone.directory], now=NOW)
    file = f"{store.roots}/{root.id}"
    os.truncate(file, len(f'{{"path":"{path}",'))
    with pytest.raises(StoreError, match=f"keeps what {path} uses") as caught:
        collect.dead(store, now=NOW)
    assert caught.value.hint == f"alcove repair --env {path} writes it anew"
    os.rmdir(f"{path}/.alcove")
    for size, said in ((len(f'{{"path":"{path}') - 2, f"{path[:-2]}..."), (3, "an environment")):
        os.truncate(file, size)
        os.truncate(file, 200)  # zeros, as a power cut leaves them
        with pytest.raises(StoreError) as caught:
            collect.dead(store, now=NOW)
        assert f"which keeps what {said} uses" in caught.value.message
        assert f"rm {file}" in str(caught.value.hint)
    os.unlink(file)
    assert [one.directory for one in collect.dead(store, now=NOW)] == [gone.directory]


def test_a_root_that_is_another_users_is_no_damage(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = roots.register(store, "/nowhere", [], now=NOW)

    def refuse(path: str) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr("alcove.store.roots.data.read", refuse)
    with pytest.raises(StoreError, match=f"{root.id}, .* may not be read by this user") as caught:
        collect.dead(store, now=NOW)
    assert "rm " not in str(caught.value.hint)
    assert "as the owner of the store" in str(caught.value.hint)


def test_a_leftover_of_another_user_stays_and_stops_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = added(store, tmp_path, "gone")
    theirs, mine = (f"{store.entries}/{layout.ASIDE}{name}" for name in ("1-theirs", "2-mine"))
    for path in (theirs, mine):
        os.makedirs(f"{path}/lib")
    real = trees.remove_all

    def remove_all(path: str) -> None:
        if path == theirs:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)
        real(path)

    monkeypatch.setattr(trees, "remove_all", remove_all)
    seen: list[Event] = []

    class Told:
        def emit(self, event: Event, /) -> None:
            seen.append(event)

    done = collect.collect(store, now=NOW, reporter=Told())
    assert [one.directory for one in done.removed] == [gone.directory]
    assert done.leftovers == 1
    assert os.listdir(store.entries) == [os.path.basename(theirs)]
    warned = [one for one in seen if isinstance(one, Warned)]
    assert [one.hint for one in warned] == [f"have its owner remove it: rm -r {theirs}"]


def test_what_an_image_brought_is_removed_where_it_stands(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = added(store, tmp_path, "gone")
    bring(monkeypatch, store.root)
    removed: list[str] = []

    def unlink(path: str) -> None:
        os.unlink(path)
        removed.append(path)

    monkeypatch.setattr(ops, "unlink", unlink)
    done = collect.collect(store, now=NOW)
    assert [one.directory for one in done.removed] == [entry.directory]
    assert os.listdir(store.entries) == []
    assert removed[0].endswith("/entry.json")  # without it, no entry


def test_what_somebody_else_removes_meanwhile_is_not_dead_any_more(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        added(store, tmp_path, name)
    walk = trees.walk

    def beside(root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        if "/one-" in root:
            shutil.rmtree(root)
        return walk(root)

    monkeypatch.setattr(trees, "walk", beside)
    assert [one.directory[:3] for one in collect.dead(store, now=time.time())] == ["two"]
