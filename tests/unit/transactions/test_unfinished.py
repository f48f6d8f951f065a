"""What a stop leaves is known as unfinished from the first change on; aliases of libraries go with their files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.files import durable, ops
from alcove.transactions import state
from alcove.transactions.apply import Held
from tests.crash import examine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.transactions.machine import Machine


def test_a_change_is_unfinished_from_its_first_operation_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    old = machine.unpacked("demo", "1.0", data={"share/demo/x": "1", "etc/demo.conf": "1"})
    new = machine.unpacked("demo", "2.0", data={"share/demo/x": "2", "etc/demo.conf": "2"})
    machine.show(layout, [old])
    before = examine.seen(layout)

    class Killed(BaseException):
        """Nothing of ours handles it."""

    def die(paths: Iterable[str]) -> None:
        raise Killed(*paths)

    monkeypatch.setattr(durable, "order", die)
    with pytest.raises(Killed):
        machine.show(layout, [new])
    monkeypatch.undo()
    assert os.path.isdir(f"{layout.current}/data")  # staged
    assert state.read(layout) is None
    with Held(layout):
        pass
    assert examine.seen(layout) == before
    assert examine.wrong(layout) == []


def test_the_alias_of_a_library_goes_with_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", data={"lib/libdemo.so.1": "x"})])
    alias = f"{layout.private}/libdemo.so.1"
    assert os.path.samefile(alias, f"{layout.root}/lib/libdemo.so.1")
    real = ops.unlink

    def unlink(path: str) -> None:
        real(path)
        if path.endswith("lib/libdemo.so.1"):
            monkeypatch.undo()
            raise OSError(5, "Input/output error", path)

    monkeypatch.setattr(ops, "unlink", unlink)
    machine.show(layout, [])
    assert not os.path.lexists(alias)
    assert not os.path.lexists(f"{layout.root}/lib/libdemo.so.1")
    assert examine.wrong(layout) == []
