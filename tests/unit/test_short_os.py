"""The short `os` that a launcher starts with: the same names for the same things, and the whole one when it is asked for more."""

from __future__ import annotations

import os
import posixpath
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from alcove import compiled

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = pytest.mark.skipif(os.name != "posix", reason="made of the C module of POSIX")

OWN = {"fsencode", "fsdecode", "variables_at_start"}


@pytest.fixture
def modules() -> dict[str, ModuleType]:
    """Return a stand-in for `sys.modules` that has no `os`."""
    return {}


@pytest.fixture
def short(modules: dict[str, ModuleType]) -> ModuleType:
    """Return a short `os`."""
    made = compiled.stand_in(modules)
    assert made is not None
    return made


def test_it_stands_where_os_would(short: ModuleType, modules: dict[str, ModuleType]) -> None:
    assert modules == {"os": short, "os.path": posixpath}
    assert compiled.stand_in(modules) is None
    assert modules["os"] is short


def test_its_names_are_those_of_os(short: ModuleType) -> None:
    names = {name for name in vars(short) if not name.startswith("__")} - OWN
    assert len(names) > 200
    for name in names:
        assert vars(short)[name] is getattr(os, name) or vars(short)[name] == getattr(os, name)
    assert "environ" not in vars(short)


@pytest.mark.parametrize(
    "name", ["a", b"a", "ä", "\udcff", b"\xff", os.DirEntry, 1, posixpath.join("a", "b")]
)
def test_names_are_coded_as_os_does(short: ModuleType, name: object) -> None:
    for own, whole in ((short.fsencode, os.fsencode), (short.fsdecode, os.fsdecode)):
        try:
            expected: object = whole(name)  # type: ignore[arg-type]
        except TypeError as error:
            expected = str(error)
        try:
            found = own(name)
        except TypeError as error:
            found = str(error)
        assert found == expected


def test_what_it_lacks_makes_it_the_whole(
    short: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "os", short)
    vars(short)["getlogin"] = lambda: "changed"
    assert short.walk.__doc__ == os.walk.__doc__
    assert short.environ == os.environ
    assert not [name for name in vars(os) if name[0] != "_" and name not in vars(short)]
    assert short.path is os.path
    assert short.getlogin() == "changed"


def test_what_no_os_has_is_missing(short: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "os", short)
    assert not hasattr(short, "O_NO_SUCH_FLAG")
    assert not hasattr(short, "__path__")
    assert "__getattr__" in vars(short)  # neither asked for the whole
    with pytest.raises(AttributeError, match="module 'os' has no attribute 'no_such_function'"):
        short.no_such_function()
    assert not [name for name in vars(os) if name[0] != "_" and name not in vars(short)]
    with pytest.raises(AttributeError, match="no_such_function"):
        short.no_such_function()


def test_the_variables_are_those_of_the_start(
    short: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "os", short)
    own = short.variables_at_start()
    assert {type(value) for pair in own.items() for value in pair} == {str}
    assert own["PATH"]
    assert not hasattr(os, "variables_at_start")
    assert short.environ == os.environ
    assert not hasattr(short, "variables_at_start")  # they may have been changed by now


def test_another_thread_waits_until_it_is_whole(
    short: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = Event(), Event()

    def slowly(module: ModuleType) -> ModuleType:
        begun.set()
        assert go.wait(30)
        return module

    monkeypatch.setattr("importlib.reload", slowly)
    threads = [Thread(target=lambda: getattr(short, "walk", None))]
    threads[0].start()
    assert begun.wait(30)
    found: list[object] = []

    def use() -> None:
        found.append(getattr(short, "getenv", None))

    threads.append(Thread(target=use))
    threads[1].start()
    threads[1].join(0.1)
    vars(short)["getenv"] = os.getenv
    go.set()
    for thread in threads:
        thread.join()
    assert found == [os.getenv]
