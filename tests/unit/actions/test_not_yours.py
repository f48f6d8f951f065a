"""Environments and stores that this user may not change: what is said, and that it is said alike."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove import settings
from alcove.actions import repair
from alcove.actions.copy import copy
from alcove.actions.environments import delete
from alcove.actions.install import install
from alcove.actions.request import Request
from alcove.errors import AlcoveError, StoreError, TransactionError
from alcove.files import ops
from alcove.files.locking import Lock
from alcove.store import roots
from alcove.store.layout import store_at
from tests.unit.transactions.machine import INTERPRETER, Machine

if TYPE_CHECKING:
    from pathlib import Path


def refuse(*_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "Permission denied", "/some/file")


def test_delete_and_repair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Machine(str(tmp_path)).create()
    with monkeypatch.context() as patched:
        patched.setattr("alcove.environments.staging.take_away", refuse)
        patched.setattr("alcove.files.trees.remove", refuse)
        with pytest.raises(TransactionError, match="may not be changed by this user") as caught:
            delete(layout.root)
    assert "alcove freeze" in str(caught.value.hint)
    monkeypatch.setattr(Lock, "acquire", refuse)
    with pytest.raises(TransactionError, match="may not be changed by this user"):
        repair.repair(layout.root, settings.read({"HOME": str(tmp_path)}, cwd="/"))


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES])
def test_a_mount_point_and_one_in_a_directory_of_others_stay_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    layout = Machine(str(tmp_path)).create()
    rmdir = ops.rmdir

    def refuse_this(path: str, *_: str) -> None:
        if path == layout.root:
            raise OSError(number, os.strerror(number), path)
        rmdir(path)

    monkeypatch.setattr("alcove.environments.staging.take_away", refuse_this)
    monkeypatch.setattr(ops, "rmdir", refuse_this)
    delete(layout.root)
    assert os.listdir(layout.root) == []


def test_a_store_that_cannot_be_written_keeps_no_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Machine(str(tmp_path)).create()

    def read_only(*_: object) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(roots, "remove", read_only)
    delete(layout.root)
    assert not os.path.lexists(layout.root)


def test_a_copy_that_a_foreign_store_cannot_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    os.makedirs(
        store_at(os.path.dirname(os.readlink(layout.private + "/store"))).roots, exist_ok=True
    )
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="may not note that a copy shows it"):
        copy(layout, str(tmp_path / "copy"), settings.read({"HOME": str(tmp_path)}, cwd="/"))
    assert not os.path.lexists(tmp_path / "copy")


def test_roots_of_others_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_at(str(tmp_path))
    roots.register(store, "/some/env", [])
    assert roots.paths(store) == ["/some/env"]
    monkeypatch.setattr("alcove.files.data.read", refuse)
    assert roots.paths(store) == []
    with pytest.raises(StoreError, match="may not be read by this user"):
        list(roots.every(store))


def test_what_is_read_only_in_ones_own_environment_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Machine(str(tmp_path)).create()
    os.chmod(layout.private, 0o500)
    really = ops.unlink

    def unlink(path: str) -> None:  # root, too, is to be refused
        if not os.stat(os.path.dirname(path)).st_mode & 0o200:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        really(path)

    monkeypatch.setattr(ops, "unlink", unlink)
    delete(layout.root)
    assert not any(name.startswith(".env.") for name in os.listdir(tmp_path))
    assert not os.path.lexists(layout.root)


def test_what_others_placed_in_it_is_told_and_is_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    with monkeypatch.context() as patched:
        patched.setattr("alcove.files.trees.remove", refuse)
        patched.setattr(ops, "chmod", refuse)
        with pytest.raises(AlcoveError, match="was deleted, but not all of it") as caught:
            delete(layout.root)
        assert not os.path.lexists(layout.root)
        (rubbish,) = [name for name in os.listdir(tmp_path) if name.startswith(".env.")]
        assert rubbish in str(caught.value.hint)
        machine.create()
    assert os.path.isdir(layout.root)


@pytest.mark.parametrize(
    ("asked", "is_met"), [("demo", True), ("demo<1", False), ("new", False), ("demo>=1", True)]
)
def test_what_is_surely_not_there_is_refused_before_an_index_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, *, is_met: bool
) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", files={"demo.py": "1"})])
    variables = {"HOME": str(tmp_path), "ALCOVE_HOME": f"{tmp_path}/data"}
    configured = settings.read({**variables, "ALCOVE_CACHE": f"{tmp_path}/cache"}, cwd="/")
    decided: list[str] = []

    def resolve(*_: object) -> NoReturn:
        decided.append(asked)
        raise AlcoveError("that is all that is looked at here")

    monkeypatch.setattr("alcove.actions.engine.Engine.resolve", resolve)
    monkeypatch.setattr("alcove.interpreters.inspect.inspect", lambda *_, **__: INTERPRETER)
    closed = f"{layout.private}/generations"
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed and real(path, mode))
    request = Request(str(tmp_path), "test", requirements=(asked,))
    with pytest.raises(TransactionError, match=r"\.alcove/generations") as caught:
        install(layout, request, configured)
    assert "chmod -R u+w" in str(caught.value.hint)
    assert bool(decided) == is_met
