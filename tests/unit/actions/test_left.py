"""Environments that were moved with `mv`: what they use stays in the store, whatever comes to the place that they left."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from alcove.actions import environments
from alcove.actions import gc as garbage
from alcove.actions import move as moves
from alcove.actions.adopting import directories
from alcove.actions.copy import copy
from alcove.actions.create import Options, create
from alcove.actions.held import hold, register
from alcove.actions.move import move
from alcove.environments.layout import Layout
from alcove.errors import AlcoveError
from alcove.files import durable, ops, trees
from alcove.settings import read
from alcove.store import roots
from alcove.store.layout import store_at
from alcove.testing import wheels as testing
from tests.unit.transactions.machine import INTERPRETER, Machine

if TYPE_CHECKING:
    from alcove.settings import Settings

_DAY = 86_400  # seconds


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine whose environments lie on another file system than the store: nothing of it is hard-linked."""

    def refuse(source: str, target: str) -> None:
        raise OSError(18, "Invalid cross-device link", source, None, target)

    monkeypatch.setattr(ops, "link", refuse)
    monkeypatch.setattr("alcove.actions.copy.inspect", lambda *_, **__: INTERPRETER)
    return Machine(str(tmp_path))


def settings_of(machine: Machine) -> Settings:
    return read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)


def made(machine: Machine, path: str) -> Layout:
    options = Options(interpreter=INTERPRETER, pip=False, private=False)
    return create(path, settings_of(machine), options=options).layout


def filled(machine: Machine, path: str, *names: str) -> Layout:
    layout = made(machine, path)
    settings = settings_of(machine)
    with hold(layout, settings) as held:
        held.change([machine.unpacked(name) for name in names], why="test")
    return layout


def stored(machine: Machine) -> list[str]:
    return sorted(
        name.partition("-")[0] for name in os.listdir(f"{machine.root}/data/store/entries-v1")
    )


def collect(machine: Machine, days: float = 0) -> None:
    settings, now = settings_of(machine), time.time() + days * _DAY
    going = garbage.garbage(settings, now=now)
    done = garbage.collected(settings, now=now)
    assert [one.directory for one in going.entries] == [one.directory for one in done.entries]


@pytest.mark.parametrize("comes", ["created", "adopted", "copied", "moved", "mv"])
def test_what_is_used_elsewhere_stays_when_another_comes_to_the_place(
    machine: Machine, comes: str
) -> None:
    settings, a = settings_of(machine), f"{machine.root}/a"
    filled(machine, a, "one")
    other = filled(machine, f"{machine.root}/c", "two")
    os.rename(a, f"{machine.root}/b")
    if comes == "created":
        made(machine, a)
    elif comes == "adopted":
        directories(a, settings, interpreter=INTERPRETER, command="test")
    elif comes == "copied":
        copy(other, a, settings)
    elif comes == "moved":
        move(other, a, settings)
    else:
        os.rename(other.root, a)
    collect(machine)
    assert stored(machine) == ["one", "two"]
    with hold(Layout(a, other.library), settings):
        pass  # which takes notice of its place
    collect(machine, 29)
    assert stored(machine) == ["one", "two"]
    assert os.path.isfile(f"{machine.root}/b/.alcove/current/site-packages/one/__init__.py")
    collect(machine, 31)
    assert "one" not in stored(machine)  # nobody came upon it for a month


def test_what_was_moved_is_noted_at_its_place(machine: Machine) -> None:
    settings, a = settings_of(machine), f"{machine.root}/a"
    filled(machine, a, "one")
    other = filled(machine, f"{machine.root}/c", "two")
    os.rename(a, f"{machine.root}/b")
    os.rename(other.root, a)
    with hold(Layout(a, other.library), settings):
        pass
    root = roots.find(store_at(settings.data), a)
    assert root is not None
    assert [name.partition("-")[0] for name in root.entries] == ["two"]


def test_a_place_that_is_only_made_anew_leaves_nothing(machine: Machine) -> None:
    settings = settings_of(machine)
    layout = made(machine, machine.env)
    for _ in range(3):
        trees.remove(layout.root)
        made(machine, machine.env)
    assert len(os.listdir(store_at(settings.data).roots)) == 1


def test_what_a_creation_takes_back_is_not_what_another_one_noted(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, rename = settings_of(machine), ops.rename

    def late(source: str, target: str) -> None:
        if target == machine.env:
            monkeypatch.setattr(ops, "rename", rename)
            filled(machine, machine.env, "one")
        rename(source, target)

    monkeypatch.setattr(ops, "rename", late)
    with pytest.raises(AlcoveError, match="is a virtual environment already"):
        made(machine, machine.env)
    root = roots.find(store_at(settings.data), machine.env)
    assert root is not None
    assert len(root.entries) == 1


def test_a_deletion_forgets_what_it_deletes_alone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, remove_all = settings_of(machine), trees.remove_all
    filled(machine, machine.env, "one")

    def slow(path: str) -> None:
        monkeypatch.setattr(trees, "remove_all", remove_all)  # what is made meanwhile has it, too
        assert roots.find(store_at(settings.data), machine.env) is None
        filled(machine, machine.env, "two")
        remove_all(path)

    monkeypatch.setattr(trees, "remove_all", slow)
    environments.delete(machine.env, settings)
    root = roots.find(store_at(settings.data), machine.env)
    assert root is not None
    assert [name.partition("-")[0] for name in root.entries] == ["two"]


def test_a_move_forgets_what_it_moved_alone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(machine)
    layout = filled(machine, machine.env, "one")

    def late(layout: Layout, *, anew: bool) -> None:
        filled(machine, machine.env, "two")
        register(layout, anew=anew)

    monkeypatch.setattr("alcove.actions.move.register", late)
    move(layout, f"{machine.root}/b", settings)
    root = roots.find(store_at(settings.data), machine.env)
    assert root is not None
    assert [name.partition("-")[0] for name in root.entries] == ["two"]


@pytest.mark.parametrize("mv", [False, True])
def test_a_state_that_cannot_be_read_is_moved_with_what_it_uses(
    machine: Machine,
    mv: bool,  # noqa: FBT001
) -> None:
    settings, b = settings_of(machine), f"{machine.root}/b"
    layout = filled(machine, machine.env, "one")
    with hold(layout, settings) as held:
        held.change([machine.unpacked("two")], why="test")
        held.change([], why="test")  # so that neither slot shows "one"
    path = Path(layout.private, "generations", "1.json")
    path.write_bytes(path.read_bytes().replace(b'"format":2', b'"format":3'))
    if mv:
        os.rename(layout.root, b)
        with hold(Layout(b, layout.library), settings):
            pass
    else:
        assert move(layout, b, settings).root == b
    collect(machine, 31)
    assert stored(machine) == ["one", "two"]
    root = roots.find(store_at(settings.data), b)
    assert root is not None
    assert [name.partition("-")[0] for name in root.entries] == ["one", "two"]


def interrupted(machine: Machine, monkeypatch: pytest.MonkeyPatch, then: object) -> None:
    """Move an environment to `b`, interrupted as soon as it lies there; what is held after that, `then` holds."""
    settings, take_really = settings_of(machine), moves._take
    layout = filled(machine, machine.env, "one")

    def interrupt(*_: object, **__: object) -> NoReturn:
        monkeypatch.setattr("alcove.actions.move.hold", then)
        raise KeyboardInterrupt

    def take(*words: Any) -> None:
        take_really(*words)
        monkeypatch.setattr("alcove.actions.move.hold", interrupt)

    monkeypatch.setattr(moves, "_take", take)
    with pytest.raises(KeyboardInterrupt, match=f"was moved to {machine.root}/b before that"):
        move(layout, f"{machine.root}/b", settings)


def test_an_interrupted_move_is_done_to_its_end(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(machine, monkeypatch, hold)
    assert roots.find(store_at(settings_of(machine).data), machine.env) is None
    assert f"'{machine.root}/b'" in Path(f"{machine.root}/b/bin/activate").read_text()


def test_an_interrupted_move_that_cannot_be_done_to_its_end_is_told_all_the_same(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    interrupted(machine, monkeypatch, refuse)
    assert os.path.isfile(f"{machine.root}/b/pyvenv.cfg")


def test_a_dry_run_tells_what_nothing_that_stays_uses(machine: Machine) -> None:
    settings = settings_of(machine)._replace(keep_generations=0, keep_days=0)
    layout = filled(machine, machine.env, "one")
    with hold(layout, settings) as held:
        held.change([], why="test")
    later = time.time() + _DAY
    going = garbage.garbage(settings, now=later)
    done = garbage.collected(settings, now=later)
    assert [one.directory for one in done.entries] != []
    assert going.entries == done.entries


def test_what_an_environment_starts_with_is_noted_before_it_is_there(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(machine)
    wheel = testing.wheel(f"{machine.root}/wheels", "one")
    order = durable.order

    def late(paths: list[str]) -> None:
        monkeypatch.setattr(durable, "order", order)
        garbage.collected(settings, now=time.time())
        order(paths)

    monkeypatch.setattr(durable, "order", late)
    options = Options(interpreter=INTERPRETER, pip=False, wheels=(wheel,), private=False)
    layout = create(machine.env, settings, options=options).layout
    assert os.path.isfile(f"{layout.site_packages}/one/__init__.py")
    assert stored(machine) == ["one"]
