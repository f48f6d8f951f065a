"""Data files that come into an environment: a missing directory is made aside and comes whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.files import ops
from alcove.transactions import data_files, incoming, slots
from alcove.transactions.incoming import Incoming
from tests.crash import examine

if TYPE_CHECKING:
    import pytest

    from tests.unit.transactions.machine import Machine

FILES = {"share/demo/a/x": "1", "share/demo/y": "2", "etc/demo.conf": "3", "share/z": "4"}


def _texts(root: str) -> dict[str, str]:
    found = {}
    for path in FILES:
        with open(f"{root}/{path}", encoding="utf-8") as stream:
            found[path] = stream.read()
    return found


def test_a_missing_directory_comes_by_one_rename(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", data=FILES)
    renamed = []
    real = ops.rename

    def rename(source: str, target: str) -> None:
        renamed.append(target)
        real(source, target)

    monkeypatch.setattr(ops, "rename", rename)
    machine.show(layout, [demo])
    tops = [path[len(layout.root) + 1 :] for path in renamed if "/.alcove/" not in path]
    assert sorted(tops) == ["etc", "share"]
    assert _texts(layout.root) == FILES
    assert not [name for name in os.listdir(layout.private) if name.endswith(".tmp")]
    assert examine.wrong(layout) == []


def test_a_directory_that_is_there_is_filled(machine: Machine) -> None:
    layout = machine.create()
    os.makedirs(f"{layout.root}/share/demo")
    with open(f"{layout.root}/share/mine", "w", encoding="utf-8") as stream:
        stream.write("mine")
    machine.show(layout, [machine.unpacked("demo", data=FILES)])
    assert _texts(layout.root) == FILES
    assert os.path.isfile(f"{layout.root}/share/mine")
    machine.show(layout, [])
    assert os.listdir(f"{layout.root}/share") == ["mine"]


def test_a_directory_that_somebody_makes_meanwhile_is_filled(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", data=FILES)
    real = slots.finish

    def finish(*words: object) -> None:
        real(*words)  # type: ignore[arg-type]
        os.makedirs(f"{layout.root}/share/demo/a/b")
        os.symlink("share", f"{layout.root}/etc")

    monkeypatch.setattr(slots, "finish", finish)
    machine.show(layout, [demo])
    assert _texts(layout.root) == FILES
    assert os.path.isdir(f"{layout.root}/share/demo/a/b")
    assert not [name for name in os.listdir(layout.private) if name.endswith(".tmp")]


def test_the_topmost_missing_directory_is_found(machine: Machine) -> None:
    layout = machine.create()
    os.makedirs(f"{layout.root}/share/man")
    rows = {
        path: data_files.Row("e/x", "")
        for path in ("share/man/man1/a.1", "share/man/b", "include/c/d.h", "bin/e", "f")
    }
    coming = Incoming(layout, {"share/old/x": data_files.Row("e/x", "")}, rows)
    tops, rest = incoming._by_missing(layout.root, data_files.by_directory(rows))
    assert tops == {
        "share/man/man1": {"share/man/man1": {"a.1"}},
        "include/c": {"include/c": {"d.h"}},
    }
    assert sorted(rest) == ["bin/e", "f", "share/man/b"]
    assert coming.beside.keys() == set(rest)
    assert coming.weight > 0
