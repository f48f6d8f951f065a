"""Wheels unpacked by other processes: the store is as after `unpack` here, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import alcove
from alcove.errors import TransactionError
from alcove.events import Event, Silent, Step, Warned
from alcove.files.digest import sha256_of
from alcove.store import entries, side_by_side, verify
from alcove.store.layout import ASIDE, Store, store_at
from alcove.store.side_by_side import Unpackers
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alcove.store.unpacker import Needs


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store of a process that is a command of ours, on a machine of two processors."""
    monkeypatch.setattr(alcove, "is_command", True)
    monkeypatch.setattr(side_by_side, "_processors", lambda: 2)
    return store_at(str(tmp_path / "data"))


@pytest.fixture
def unpackers(store: Store) -> Iterator[Unpackers]:
    made = Unpackers(store, count=20)
    yield made
    made.close()


def given(unpackers: Unpackers, path: str, needs: Needs | None = None) -> str:
    """Return the name of the entry that other processes made of a wheel, "" where they did not."""
    found = unpackers.unpack(path, sha256=sha256_of(path), needs=needs, reporter=Silent())
    return found.directory if found is not None else ""


def processes(unpackers: Unpackers) -> list[int]:
    return [one._process.pid for one in unpackers._processes]


def large(directory: Path, name: str = "large") -> str:
    """Return a wheel that takes a good while."""
    files = {f"{name}/m{at}.py": f"# {at}\n" for at in range(4000)}
    return wheel(str(directory), name, files={f"{name}/__init__.py": "x = 1\n", **files})


def tree(root: str) -> dict[str, tuple[object, ...]]:
    """Return all that lies below a directory, with what tells two of them apart."""
    found: dict[str, tuple[object, ...]] = {}
    for path, directories, files in os.walk(root):
        for name in directories + files:
            facts = os.lstat(f"{path}/{name}")
            is_file = name in files and not os.path.islink(f"{path}/{name}")
            content = b""
            if is_file:
                with open(f"{path}/{name}", "rb") as stream:
                    content = stream.read()
            found[os.path.relpath(f"{path}/{name}", root)] = (
                facts.st_mode,
                content,
                facts.st_mtime_ns if is_file else 0,
            )
    return found


def test_the_store_is_as_if_all_had_been_unpacked_here(
    store: Store, unpackers: Unpackers, tmp_path: Path
) -> None:
    paths = [
        wheel(
            str(tmp_path),
            f"d{number}",
            requires=["six>=1"],
            files={f"d{number}/__init__.py": "x = 1\n", f"d{number}/a/b.txt": "b" * number},
            data={f"share/{number}": "d"},
            entry_points={f"run{number}": f"d{number}:main"},
        )
        for number in range(20)
    ]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda path: given(unpackers, path), paths))
    assert len(processes(unpackers)) == 2
    here = store_at(str(tmp_path / "other"))
    assert made == [unpack(here, path).directory for path in paths]
    assert tree(store.entries) == tree(here.entries)
    assert [verify.damaged(store, name, deep=True) for name in made] == [[]] * 20


def test_what_cannot_be_unpacked_is_left_to_this_process_and_the_next_one_works(
    store: Store, unpackers: Unpackers, tmp_path: Path
) -> None:
    damaged = wheel(str(tmp_path), "bad", files={"bad/__init__.py": "x = 1\n" * 99})
    with open(damaged, "r+b") as stream:
        stream.seek(60)
        stream.write(b"\0\0\0\0")
    good = wheel(str(tmp_path), "good", requires=["six"], files={"good.py": ""})
    assert given(unpackers, damaged) == ""
    assert given(unpackers, good, needs=(("seven",), "", ())) == ""
    assert not os.path.isdir(store.entries) or os.listdir(store.entries) == []
    assert given(unpackers, good, needs=(("six",), "", ())) == entries.names(store)[0]
    assert len(processes(unpackers)) == 1


def test_warnings_are_told_here(unpackers: Unpackers, tmp_path: Path) -> None:
    path = wheel(str(tmp_path), "old", files={"old/__init__.py": "", "old/a.pyc": "bytecode"})
    told: list[Event] = []

    class Listener:
        def emit(self, event: Event) -> None:
            told.append(event)

    unpackers.unpack(path, sha256=sha256_of(path), needs=None, reporter=Listener())
    assert told[0] == Step("unpacking", os.path.basename(path))
    assert [type(one) for one in told[1:]] == [Warned]
    assert "old/a.pyc" in str(told[1])


def test_a_process_that_is_killed_leaves_the_rest_to_this_one(
    store: Store, unpackers: Unpackers, tmp_path: Path
) -> None:
    path = large(tmp_path)
    answers: list[str] = []
    waiting = threading.Thread(target=lambda: answers.append(given(unpackers, path)))
    waiting.start()
    _await_aside(store)
    os.kill(processes(unpackers)[0], signal.SIGKILL)
    waiting.join(60)
    assert answers == [""]
    assert entries.names(store) == []
    assert unpack(store, path).directory == entries.names(store)[0]
    after = wheel(str(tmp_path), "after", files={"after.py": ""})
    assert given(unpackers, after) in entries.names(store)  # another one takes its place


def test_stopped_it_leaves_nothing(store: Store, unpackers: Unpackers, tmp_path: Path) -> None:
    path = large(tmp_path)
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            given(unpackers, path)
        except TransactionError as error:
            raised.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    _await_aside(store)
    unpackers.stop()
    waiting.join(60)
    assert len(raised) == 1
    assert os.listdir(store.entries) == []
    with pytest.raises(TransactionError):
        given(unpackers, path)


def test_a_process_ends_when_the_one_that_asked_is_gone(
    store: Store, unpackers: Unpackers, tmp_path: Path
) -> None:
    path = large(tmp_path)
    waiting = threading.Thread(target=lambda: given(unpackers, path))
    waiting.start()
    _await_aside(store)
    process = unpackers._processes[0]._process
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0
    waiting.join(60)
    assert len(entries.names(store)) == len(os.listdir(store.entries)) == 1


def test_a_program_that_uses_the_library_starts_no_process(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alcove, "is_command", False)
    made = Unpackers(store, count=20)
    assert made.most == 0
    assert given(made, wheel(str(tmp_path), "x", files={"x.py": ""})) == ""
    assert not os.path.exists(store.entries)


def test_few_small_wheels_start_no_process(store: Store, tmp_path: Path) -> None:
    made = Unpackers(store, count=15)
    assert given(made, wheel(str(tmp_path), "x", files={"x.py": ""})) == ""
    assert processes(made) == []


def _await_aside(store: Store) -> None:
    """Return when something is being unpacked."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if os.path.isdir(store.entries) and any(
            name.startswith(ASIDE) and os.path.isdir(f"{store.entries}/{name}/lib/large")
            for name in os.listdir(store.entries)
        ):
            return
        time.sleep(0.002)
    raise AssertionError("nothing was begun")
