"""An environment that is still being filled: others keep off, what was there before is safe, and comes back whole."""

from __future__ import annotations

import os
import shutil
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.actions.environments import delete
from alcove.actions.gc import collected
from alcove.actions.held import register
from alcove.actions.repair import repair
from alcove.environments import staging
from alcove.environments.create import check_place, create
from alcove.environments.layout import Layout
from alcove.environments.unfinished import MARK, take_back
from alcove.errors import AlcoveError, EnvironmentBusy, NotAnEnvironment
from alcove.events import Step
from alcove.files import ops, trees
from alcove.files.locking import DirectoryLock, Lock
from alcove.settings import read
from alcove.transactions.apply import Held
from tests.unit.environments.test_unfinished import kill
from tests.unit.transactions.machine import INTERPRETER, Machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.events import Event, Reporter


class Refused(Exception):
    """What the creations here fail of."""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with an environment that holds something."""
    found = Machine(str(tmp_path))
    layout = found.create()
    found.show(layout, [found.unpacked("six", files={"d/__init__.py": ""})])
    register(layout)
    Path(layout.root, "mine").touch()
    return found


class Other:
    """Another process, which does something when it is told to, and says when it waits."""

    def __init__(self, act: Callable[[Reporter], object]) -> None:
        told, self._go = os.pipe()
        self._heard, says = os.pipe()
        self._child = os.fork()
        if not self._child:
            try:
                os.close(self._go)
                os.close(self._heard)
                if os.read(told, 1):
                    act(_Teller(says))
                    os.write(says, b"d")
            except BaseException:  # noqa: BLE001  a child of a fork must never return
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(told)
        os.close(says)

    def begins(self) -> bytes:
        """Let it begin, and return the first that it says: w (it waits) or d (it is done); nothing where it failed."""
        os.write(self._go, b"g")
        return os.read(self._heard, 1)

    def ends(self) -> bytes:
        """Return what it says at the end."""
        os.waitpid(self._child, 0)
        return os.read(self._heard, 9)


class _Teller:
    """A reporter that passes on that somebody is waited for."""

    def __init__(self, says: int) -> None:
        self._says = says

    def emit(self, event: Event) -> None:
        if isinstance(event, Step) and event.verb == "waiting":
            os.write(self._says, b"w")


def failing(machine: Machine, meanwhile: Callable[[Layout], object], *, clear: bool = True) -> None:
    """Make the environment anew, do something once it has its place, and fail then."""

    def fill(layout: Layout) -> None:
        register(layout)
        assert not os.path.exists(f"{layout.root}/mine")
        meanwhile(layout)
        raise Refused

    with pytest.raises(Refused):
        create(machine.wanted(), clear=clear, fill=fill, whole_from=1)


def is_whole(machine: Machine) -> bool:
    """Tell whether all is as the fixture made it."""
    library = INTERPRETER.library
    module = f"{machine.env}/lib/{library}/site-packages/d/__init__.py"
    there = set(os.listdir(machine.root)) == {"data", "wheels", "env"}
    return there and os.path.exists(module) and os.path.exists(f"{machine.env}/mine")


def test_who_changes_it_waits_and_finds_the_one_before(machine: Machine) -> None:
    def change(reporter: Reporter) -> None:
        with Held(there, wait=30, reporter=reporter) as held:
            assert os.path.exists(f"{there.root}/mine")
            assert [one.name for one in held.shown.placements] == ["six"]

    there = _layout(machine)
    other = Other(change)
    heard: list[bytes] = []
    failing(machine, lambda _: heard.append(other.begins()))
    assert (heard, other.ends()) == ([b"w"], b"d")
    assert is_whole(machine)


def test_who_changes_a_new_one_waits_and_finds_nothing(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))

    def change(reporter: Reporter) -> None:
        with (
            pytest.raises(AlcoveError, match="was deleted or moved"),
            Held(there, reporter=reporter),
        ):
            pass

    there = _layout(machine)
    other = Other(change)
    heard: list[bytes] = []
    failing(machine, lambda _: heard.append(other.begins()), clear=False)
    assert (heard, other.ends()) == ([b"w"], b"d")
    assert not os.path.exists(machine.env)


def test_who_does_not_wait_is_refused_and_harms_nobody(machine: Machine) -> None:
    def remove(_: Reporter) -> None:
        with pytest.raises(EnvironmentBusy, match="by another process, which makes it"):
            delete(machine.env, wait=0)

    other = Other(remove)
    failing(machine, lambda _: other.begins())
    assert other.ends() == b""
    assert is_whole(machine)


def test_the_one_before_is_not_swept(machine: Machine) -> None:
    failing(machine, lambda _: staging.sweep(machine.env))
    assert is_whole(machine)


def test_what_the_one_before_uses_is_not_collected(machine: Machine) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)

    def collect(layout: Layout) -> None:
        machine.unpacked("unused")
        done = collected(settings, now=time.time())
        assert [one.directory[:6] for one in done.entries] == ["unused"]
        assert os.path.exists(f"{layout.root}/{MARK}")

    failing(machine, collect)
    assert is_whole(machine)


def test_it_comes_back_where_somebody_took_the_new_one_away(machine: Machine) -> None:
    failing(machine, lambda layout: shutil.rmtree(layout.root))
    assert is_whole(machine)


def test_a_new_one_that_somebody_took_away_is_no_other_error(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    failing(machine, lambda layout: shutil.rmtree(layout.root), clear=False)
    assert os.listdir(tmp_path) == ["data"]


def test_one_that_goes_just_before_it_is_replaced(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ops, "spread", lambda _: shutil.rmtree(machine.env))
    create(machine.wanted(), clear=True)
    assert set(os.listdir(machine.root)) == {"data", "wheels", "env"}
    assert os.path.isfile(f"{machine.env}/pyvenv.cfg")


def test_a_killed_one_is_not_taken_back_while_somebody_uses_it(machine: Machine) -> None:
    kill(machine, clear=True)
    with Lock(f"{machine.env}/.alcove/lock").acquire() as lock:
        lock.sign("process 7")
        with pytest.raises(EnvironmentBusy, match="is being changed by process 7"):
            take_back(machine.env)
    take_back(machine.env)
    assert os.path.exists(f"{machine.env}/mine")


def test_another_python_got_the_place_since_it_was_looked_for(machine: Machine) -> None:
    before = _layout(machine)
    other = INTERPRETER._replace(library="python3.6", include="python3.6m")
    create(machine.wanted()._replace(interpreter=other), clear=True)
    with Held(before) as held:
        assert held.is_another
        assert held.layout == before._replace(library="python3.6")
        assert held.shown.number == 0
    with Held(held.layout) as again:
        assert not again.is_another


def _layout(machine: Machine) -> Layout:
    return Layout(machine.env, INTERPRETER.library)


def test_it_is_let_go_of_before_what_was_there_is_removed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(path: str) -> None:
        if "/.env." in path and os.path.exists(f"{path}/mine"):
            with DirectoryLock(machine.env).acquire():  # as who deletes it does
                seen.append(path)
        remove(path)

    remove = trees.remove
    monkeypatch.setattr(trees, "remove", look)
    create(machine.wanted(), clear=True, fill=lambda _: None)
    assert len(seen) == 1


def test_a_repair_is_one_of_what_lies_there_now(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    other = INTERPRETER._replace(library="python3.6", include="python3.6m")

    create(machine.wanted()._replace(interpreter=other), clear=True)

    def replace(*_: object, **__: object) -> list[str]:
        create(machine.wanted(), clear=True)
        return []

    monkeypatch.setattr("alcove.actions.mending.store", replace)
    repair(machine.env, settings, offline=True)
    assert os.listdir(f"{machine.env}/lib") == [INTERPRETER.library]


def test_one_that_went_meanwhile_is_not_called_damaged(machine: Machine) -> None:
    layout = _layout(machine)
    shutil.rmtree(layout.root)
    with pytest.raises(NotAnEnvironment, match="was deleted or moved"):
        layout.shown()


def _aside(machine: Machine) -> str:
    (found,) = [name for name in os.listdir(machine.root) if name.startswith(".env.")]
    return f"{machine.root}/{found}"


def test_what_is_to_be_put_back_is_no_rubbish(machine: Machine) -> None:
    kill(machine, clear=True)
    staging.sweep(machine.env)
    staging.sweep_all(machine.root)
    assert staging.sweep_environments(machine.root) == 0
    with (
        DirectoryLock(_aside(machine)).acquire(),
        pytest.raises(AlcoveError, match="by another process, or removed"),
    ):
        take_back(machine.env)
    take_back(machine.env)
    assert staging.sweep_environments(machine.root) == 1
    assert is_whole(machine)


def test_who_deletes_a_killed_one_deletes_what_was_there_too(machine: Machine) -> None:
    kill(machine, clear=True)
    delete(machine.env)
    assert set(os.listdir(machine.root)) == {"data", "wheels"}


def test_a_killed_one_that_others_changed_stays(machine: Machine) -> None:
    def die(_: Layout) -> NoReturn:
        os._exit(9)

    child = os.fork()
    if not child:
        try:
            create(machine.wanted(), clear=True, fill=die, whole_from=2)  # as a private one
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    assert os.path.exists(f"{machine.env}/{MARK}")
    machine.show(_layout(machine), [machine.unpacked("attrs")])
    take_back(machine.env)
    with Held(_layout(machine)) as held:
        assert [one.name for one in held.shown.placements] == ["attrs"]
    staging.sweep(machine.env)
    assert set(os.listdir(machine.root)) == {"data", "wheels", "env"}


def test_what_goes_while_its_place_is_looked_at_is_no_directory_of_files(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(path: str) -> bool:
        shutil.rmtree(path)
        return False

    monkeypatch.setattr("alcove.environments.create.is_environment", late)
    assert check_place(machine.env, clear=False) == "new"
