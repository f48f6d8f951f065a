"""`verify` while somebody changes the environment: what was only on its way is not wrong."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from alcove.actions import frame
from alcove.actions.held import register
from alcove.actions.verify import verify, verify_store
from alcove.errors import EnvironmentBusy
from alcove.files import trees
from alcove.files.locking import Lock
from alcove.settings import read
from alcove.store import entries
from alcove.store.layout import Store, store_at
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alcove.actions.finding import Finding
    from alcove.environments.layout import Layout


def test_what_is_on_its_way_is_waited_for(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", entry_points={"demo": "demo:main"})])
    register(layout, anew=True)
    usual = verify(layout.root, settings).findings  # its interpreter is a stand-in
    script = f"{layout.bin}/demo"
    os.rename(script, script + ".away")

    def finish() -> None:
        os.rename(script + ".away", script)
        lock.release()

    lock = Lock(f"{layout.private}/lock").acquire()
    lock.sign("process 7")
    found = verify(layout.root, settings, wait=0.05)
    assert [one.path for one in found.findings if one not in usual] == [script]
    assert "it is being changed by process 7: look again" in found.told
    threading.Timer(0.2, finish).start()
    assert verify(layout.root, settings, wait=30.0).findings == usual
    os.unlink(script)
    found = verify(layout.root, settings, wait=30.0)
    assert [one.path for one in found.findings if one not in usual] == [script]


def test_what_is_taken_away_meanwhile_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    store = store_at(f"{machine.root}/data")
    machine.unpacked("demo")
    machine.unpacked("other")
    walk, names = trees.walk, entries.names(store)

    def collected(root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        if os.path.basename(root) == names[1]:
            shutil.rmtree(root)
        yield from walk(root)

    monkeypatch.setattr(trees, "walk", collected)
    complete = entries.complete

    def first(which: Store, directory: str) -> entries.Complete:
        if directory == names[0]:
            shutil.rmtree(f"{which.entries}/{directory}")
        return complete(which, directory)

    monkeypatch.setattr(entries, "complete", first)
    assert verify_store(settings).findings == ()


def test_what_cannot_be_read_while_somebody_is_at_it_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    look, fail = frame.check, True

    def check(which: Layout) -> Iterator[Finding]:
        nonlocal fail
        if fail:
            fail = False
            raise FileNotFoundError(2, "No such file or directory", f"{layout.private}/x")
        return look(which)

    monkeypatch.setattr(frame, "check", check)
    assert verify(layout.root, settings, wait=30.0).generation == 0
    fail = True
    with pytest.raises(FileNotFoundError):
        verify(layout.root, settings)
    fail = True
    with (
        Lock(f"{layout.private}/lock").acquire(),
        pytest.raises(EnvironmentBusy, match="env is being changed by another process"),
    ):
        verify(layout.root, settings, wait=0.01)
