"""A store that may not be written: what needs nothing new of it goes on, and the rest is told."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.errors import StoreError
from alcove.files import ops, reading
from alcove.files.locking import Lock
from alcove.store import roots
from alcove.store.layout import Store, lock, store_at
from alcove.store.unpack import stored, unpack
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

DAY = 86_400
CODES = [errno.EACCES, errno.EPERM, errno.EROFS]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "data"))


def refuse_writes(monkeypatch: pytest.MonkeyPatch, code: int, *, lock_too: bool = False) -> None:
    """Let the system refuse with `code` whatever would write, and with `lock_too` to open the lock of a store at all."""

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def refused(path: str, *rest: Any, **others: Any) -> object:
            if real is make and os.path.isdir(path):
                return real(path, *rest, **others)
            raise OSError(code, os.strerror(code), path)

        return refused

    make = ops.mkdir  # what is there already, it says first
    for name in ("mkdir", "write", "rename"):
        monkeypatch.setattr(ops, name, refusing(getattr(ops, name)))
    really = reading.opened

    def opened(path: str, *, flags: int = 0) -> int:
        if path.endswith("store.lock") and (lock_too or flags & os.O_RDWR):
            raise OSError(code, os.strerror(code), path)
        return really(path, flags=flags)

    monkeypatch.setattr(reading, "opened", opened)


@pytest.mark.parametrize("code", CODES)
def test_what_a_root_says_already_need_not_be_written(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    known = roots.register(store, "/env", ["a-1-0", "b-1-0"], now=DAY)
    refuse_writes(monkeypatch, code)
    for used in (["a-1-0", "b-1-0"], ["b-1-0"], []):
        assert roots.register(store, "/env", used, now=900 * DAY) == known
    with pytest.raises(StoreError, match="cannot note what /env uses") as caught:
        roots.register(store, "/env", ["c-1-0"], now=900 * DAY)
    assert os.strerror(code) in str(caught.value)
    assert "ALCOVE_HOME" in str(caught.value.hint)
    assert "--private" in str(caught.value.hint)
    with pytest.raises(StoreError, match="cannot note what /other uses"):
        roots.register(store, "/other", [], known=known)


def test_a_full_disk_and_one_that_is_bad(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    roots.register(store, "/env", ["a-1-0"], now=DAY)
    refuse_writes(monkeypatch, errno.ENOSPC)
    roots.register(store, "/env", ["a-1-0"], now=900 * DAY)
    with pytest.raises(StoreError, match="cannot note") as caught:
        roots.register(store, "/env", ["b-1-0"])
    assert "free some space" in str(caught.value.hint)
    refuse_writes(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        roots.register(store, "/env", ["a-1-0"], now=900 * DAY)


@pytest.mark.parametrize("code", CODES)
def test_who_reads_shares_a_lock_that_it_may_not_write(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    lock(store, shared=True).release()
    refuse_writes(monkeypatch, code)
    with lock(store, shared=True) as held:
        assert held.held
    with pytest.raises(StoreError, match="cannot be changed") as caught:
        lock(store, shared=False)
    assert "ALCOVE_HOME" in str(caught.value.hint)


@pytest.mark.parametrize("there", [True, False])
def test_a_lock_that_cannot_be_had(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    there: bool,  # noqa: FBT001
) -> None:
    os.makedirs(store.root)
    if there:
        lock(store, shared=True).release()
    refuse_writes(monkeypatch, errno.EROFS, lock_too=there)
    with lock(store, shared=True, needed=False) as held:
        assert not held.held
    with pytest.raises(StoreError, match="Read-only file system"):
        lock(store, shared=True)


def test_a_lock_that_another_reader_is_refused_names_what_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writes(monkeypatch, errno.EROFS)
    with pytest.raises(OSError, match="Read-only file system"):
        Lock(str(tmp_path / "store.lock")).acquire(shared=True)


@pytest.mark.parametrize("lock_too", [True, False])
def test_an_entry_is_found_and_none_is_added(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lock_too: bool,  # noqa: FBT001
) -> None:
    there = wheel(str(tmp_path), "there", "1.0")
    entry = unpack(store, there)
    new = wheel(str(tmp_path), "new", "1.0")
    refuse_writes(monkeypatch, errno.EACCES, lock_too=lock_too)
    assert unpack(store, there) == entry
    assert stored(store, os.path.basename(there), entry.sha256) == entry
    assert stored(store, os.path.basename(new), "ab" * 32) is None
    with pytest.raises(StoreError, match="Permission denied") as caught:
        unpack(store, new)
    assert store.root in str(caught.value)
    assert "ALCOVE_HOME" in str(caught.value.hint)
    assert isinstance(caught.value.__cause__, OSError)


def test_who_signs_a_lock_on_a_full_disk_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with Lock(str(tmp_path / "lock")).acquire() as held:
        held.sign("me")
        assert held.held
    assert not held.held
