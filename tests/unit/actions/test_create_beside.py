"""`create` beside others: what it is to show stays in the store, and the store says what is there when it was stopped."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.actions import create as module
from alcove.actions import filling
from alcove.actions.create import Options, create
from alcove.actions.environments import delete
from alcove.actions.gc import collected
from alcove.actions.held import register
from alcove.actions.request import Request
from alcove.environments import config
from alcove.environments.create import create as make
from alcove.environments.unfinished import MARK
from alcove.errors import NotAnEnvironment
from alcove.files import ops, trees
from alcove.files.locking import Busy, Lock
from alcove.settings import read
from alcove.store import entries, roots
from alcove.store.layout import store_at
from tests.unit.environments.test_unfinished import kill
from tests.unit.transactions.machine import INTERPRETER, Machine

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.settings import Settings
    from alcove.store.layout import Store

_OPTIONS = Options(interpreter=INTERPRETER, pip=True, private=False)


class Beside:
    """A machine whose environments are seeded with one distribution, and its store."""

    def __init__(self, root: str) -> None:
        self.machine = Machine(root)
        self.seed = self.machine.unpacked("seed")
        self.store: Store = store_at(f"{root}/data")
        self.env = self.machine.env
        self.settings: Settings = read({"HOME": root, "ALCOVE_HOME": f"{root}/data"}, cwd=root)

    def entries(self) -> list[str]:
        """Return the names of what is in the store."""
        return [name.partition("-")[0] for name in entries.names(self.store)]

    def known(self) -> list[str]:
        """Return the names of what the store says that the environment uses."""
        root = roots.find(self.store, self.env)
        assert root is not None
        return [name.partition("-")[0] for name in root.entries]


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    found = Beside(str(tmp_path))
    monkeypatch.setattr(module, "_seeds", lambda *_, **__: [found.seed])
    return found


@pytest.mark.parametrize("asked", [False, True])
def test_what_it_is_to_show_is_not_collected(
    beside: Beside, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    def look(*_: object, **__: object) -> list[Placement]:
        with pytest.raises(Busy):
            Lock(beside.store.lock).acquire()
        return [beside.seed]

    def late(*words: object, **more: object) -> Layout:
        beside.machine.unpacked("unused")
        done = collected(beside.settings, now=time.time())
        assert [one.directory[:6] for one in done.entries] == ["unused"]
        return make(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_seeds", look)
    monkeypatch.setattr(module, "make", late)
    monkeypatch.setattr(filling, "make", late)
    monkeypatch.setattr(filling, "install", lambda *_, **__: None)
    request = Request(beside.machine.root, "create") if asked else None
    create(beside.env, beside.settings, options=_OPTIONS, request=request)
    assert beside.entries() == ["seed"]
    assert beside.known() == ["seed"]


def test_what_was_there_is_collected_when_it_has_gone(beside: Beside) -> None:
    layout = create(beside.env, beside.settings, options=_OPTIONS).layout
    other = beside.machine.unpacked("other")
    beside.machine.show(layout, [other])
    register(layout, anew=True)
    create(beside.env, beside.settings, options=_OPTIONS._replace(clear=True))
    assert beside.known() == ["other", "seed"]
    done = collected(beside.settings, now=time.time())
    assert [one.directory[:5] for one in done.entries] == ["other"]


def test_an_interrupt_while_what_was_there_is_removed(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(beside.machine.wanted(private=True))  # one that the store does not know
    remove = trees.remove

    def interrupt(path: str) -> None:
        if "/.env." in path:
            raise KeyboardInterrupt
        remove(path)

    monkeypatch.setattr(trees, "remove", interrupt)
    with pytest.raises(KeyboardInterrupt, match=f"{beside.env} was made before that"):
        create(beside.env, beside.settings, options=_OPTIONS._replace(clear=True))
    assert os.path.islink(f"{beside.env}/.alcove/store")
    assert beside.known() == ["seed"]


def test_a_private_one_that_comes_back_is_none_of_the_store(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(beside.machine.wanted(private=True))

    def refuse(*_: object, **__: object) -> NoReturn:
        assert beside.known() == ["seed"]
        raise KeyboardInterrupt

    monkeypatch.setattr(filling, "install", refuse)
    request = Request(beside.machine.root, "create")
    with pytest.raises(KeyboardInterrupt):
        create(beside.env, beside.settings, options=_OPTIONS._replace(clear=True), request=request)
    assert not os.path.islink(f"{beside.env}/.alcove/store")
    assert roots.find(beside.store, beside.env) is None


def test_the_store_says_what_it_said_where_all_is_as_it_was(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(beside.env, beside.settings, options=_OPTIONS)
    other = beside.machine.unpacked("other")
    # It names more than the environment shows until somebody counts again, and was written a while ago.
    names = [other.source.removeprefix("e/"), beside.seed.source.removeprefix("e/")]
    before = roots.register(beside.store, beside.env, names, now=time.time() - 90_000)

    def refuse(*_: object, **__: object) -> NoReturn:
        assert roots.find(beside.store, beside.env) != before
        raise KeyboardInterrupt

    monkeypatch.setattr(filling, "install", refuse)
    request = Request(beside.machine.root, "create")
    with pytest.raises(KeyboardInterrupt):
        create(beside.env, beside.settings, options=_OPTIONS._replace(clear=True), request=request)
    assert roots.find(beside.store, beside.env) == before


def test_an_interrupt_of_a_deletion_says_that_it_is_deleted(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(beside.env, beside.settings, options=_OPTIONS)

    def interrupt(_: str) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(trees, "remove_all", interrupt)
    with pytest.raises(KeyboardInterrupt, match=f"{beside.env} was deleted before that") as told:
        delete(beside.env)
    assert not os.path.lexists(beside.env)
    left = str(told.value).rpartition(" is ")[2]  # after a second one
    assert os.listdir(left) == [".alcove"]


def test_a_deletion_that_was_interrupted_leaves_nothing(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(beside.env, beside.settings, options=_OPTIONS)
    before, rmdir = set(os.listdir(beside.machine.root)), ops.rmdir

    def interrupt(_: str) -> NoReturn:
        monkeypatch.setattr(ops, "rmdir", rmdir)
        raise KeyboardInterrupt

    monkeypatch.setattr(ops, "rmdir", interrupt)
    with pytest.raises(KeyboardInterrupt, match=f"{beside.env} was deleted before that$"):
        delete(beside.env)
    assert set(os.listdir(beside.machine.root)) == before - {"env"}


def test_settings_of_what_went_meanwhile(beside: Beside) -> None:
    with pytest.raises(NotAnEnvironment, match="env: there is no such directory"):
        config.read(f"{beside.env}/pyvenv.cfg")


def test_who_waited_for_a_maker_that_was_killed_takes_it_back(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(beside.env, beside.settings, options=_OPTIONS)
    turn = module._turn

    def late(*words: object) -> Lock:
        if not killed:  # it got its place, and was killed, while its lock was waited for
            killed.append(1)
            kill(beside.machine, clear=True)
        return turn(*words)  # type: ignore[arg-type]

    killed: list[int] = []
    monkeypatch.setattr(module, "_turn", late)
    create(beside.env, beside.settings, options=_OPTIONS._replace(clear=True), wait=0.0)
    assert killed == [1]
    assert set(os.listdir(beside.machine.root)) == {"data", "wheels", "env"}
    assert not os.path.exists(f"{beside.env}/{MARK}")
