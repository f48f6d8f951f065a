"""`create` at a place where another creation is at work: it waits, says so, and then looks at what came of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.actions.create import Options, create
from alcove.environments import staging
from alcove.environments.create import create as make
from alcove.environments.unfinished import MARK, too_late
from alcove.errors import AlcoveError, PlaceTaken
from alcove.events import Step
from alcove.files import ops
from alcove.files.locking import DirectoryLock, Lock
from alcove.settings import read
from tests.unit.environments.test_unfinished import kill
from tests.unit.environments.test_while_filled import Other, failing
from tests.unit.transactions.machine import INTERPRETER, Machine, Said
from tests.unit.transactions.test_waiting import Then

if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

_ALREADY = "is a virtual environment already"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return an empty machine."""
    return Machine(str(tmp_path))


def asked(machine: Machine, reporter: Reporter, *, clear: bool = False, wait: float = 30) -> None:
    """Make the environment as the command does."""
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    options = Options(interpreter=INTERPRETER, pip=False, private=False, clear=clear)
    create(machine.env, settings, options=options, reporter=reporter, wait=wait)


def refused(machine: Machine, reporter: Reporter) -> None:
    with pytest.raises(AlcoveError, match=_ALREADY):
        asked(machine, reporter)


def there(machine: Machine) -> set[str]:
    return set(os.listdir(machine.root)) - {"data"}


@pytest.mark.parametrize("place", ["new", "empty"])
def test_it_is_refused_when_the_other_one_is_done(machine: Machine, place: str) -> None:
    if place == "empty":
        os.mkdir(machine.env)
    other, heard = Other(lambda reporter: refused(machine, reporter)), list[bytes]()
    make(machine.wanted(), fill=lambda _: heard.append(other.begins()), whole_from=1)
    assert (heard, other.ends()) == ([b"w"], b"d")
    assert there(machine) == {"env"}


@pytest.mark.parametrize("place", ["new", "empty"])
def test_it_has_the_place_where_the_other_one_fails(machine: Machine, place: str) -> None:
    if place == "empty":
        os.mkdir(machine.env)
    other, heard = Other(lambda reporter: asked(machine, reporter)), list[bytes]()
    failing(machine, lambda _: heard.append(other.begins()), clear=False)
    assert (heard, other.ends()) == ([b"w"], b"d")
    assert os.path.isfile(f"{machine.env}/pyvenv.cfg")
    assert there(machine) == {"env"}


def test_with_clear_it_goes_on_when_the_other_one_is_done(machine: Machine) -> None:
    def fill(layout: Layout) -> None:
        Path(layout.root, "mine").touch()
        heard.append(other.begins())

    other, heard = Other(lambda reporter: asked(machine, reporter, clear=True)), list[bytes]()
    make(machine.wanted(), fill=fill, whole_from=1)
    assert (heard, other.ends()) == ([b"w"], b"d")
    assert os.path.isfile(f"{machine.env}/pyvenv.cfg")
    assert not os.path.exists(f"{machine.env}/mine")
    assert there(machine) == {"env"}


@pytest.mark.parametrize("wait", [0.0, 0.05])
def test_it_is_refused_where_that_takes_longer(machine: Machine, wait: float) -> None:
    kill(machine)  # by now somebody else is at work on it
    said = Said()
    with (
        DirectoryLock(machine.env).acquire(),
        pytest.raises(PlaceTaken, match="is being made by another process") as caught,
    ):
        asked(machine, said, wait=wait)
    told = [Step("waiting", caught.value.message)]
    assert said.events == (told if wait else [])


@pytest.mark.parametrize("clear", [False, True])
def test_another_one_comes_first(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, *, clear: bool
) -> None:
    def late(path: str) -> None:
        if not os.path.lexists(machine.env):
            os.mkdir(machine.env)
            make(machine.wanted())
            Path(machine.env, "mine").touch()
        spread(path)

    spread = ops.spread
    monkeypatch.setattr(ops, "spread", late)
    if clear:
        asked(machine, Said(), clear=True)
    else:
        refused(machine, Said())
    assert os.path.exists(f"{machine.env}/mine") is not clear
    assert there(machine) == {"env"}


def test_another_one_begins_in_the_same_empty_directory(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkdir(machine.env)
    others: list[DirectoryLock] = []

    def late(_: str) -> None:
        if not others:
            others.append(DirectoryLock(machine.env).acquire())

    monkeypatch.setattr(staging, "sweep", late)

    def end() -> None:
        others[0].release()

    said = Then(end)
    asked(machine, said)
    told = f"{machine.env} is being made by another process, or removed"
    assert said.events == [Step("waiting", told)]
    assert os.path.isfile(f"{machine.env}/pyvenv.cfg")


def test_it_does_not_look_for_ever(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def late(path: str) -> None:  # as where what others made does not show at once
        looks.append(path)
        assert len(looks) < 5
        raise too_late(path)

    monkeypatch.setattr(staging, "sweep", late)
    with pytest.raises(PlaceTaken, match="in the meantime"):
        asked(machine, Said(), wait=0)
    assert len(looks) == 2


def test_somebody_who_uses_what_a_killed_one_left_is_waited_for(machine: Machine) -> None:
    kill(machine)
    other = Lock(f"{machine.env}/.alcove/lock").acquire()
    other.sign("process 7")
    said = Then(other.release)
    asked(machine, said)
    assert said.events == [Step("waiting", f"{machine.env} is being changed by process 7")]
    assert MARK not in os.listdir(machine.env)
