"""What goes on without a cache, and says so: rooms to build in, resolutions, the pip of ours, built wheels."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from alcove.actions import memory
from alcove.actions.building import Builder, _drop_old_logs
from alcove.actions.rooms import room
from alcove.actions.seeding import seed
from alcove.builds.workshop import open_workshop
from alcove.errors import BuildFailed
from alcove.events import Warned
from alcove.store.layout import store_at
from tests.unit.transactions.machine import INTERPRETER, Machine, Said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the path of a file, where a cache should be."""
    (tmp_path / "cache").write_text("")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return str(tmp_path / "cache")


def told(said: Said, cache: str) -> bool:
    """Tell whether all that was said is that the cache cannot be written."""
    return bool(said.events) and all(
        isinstance(one, Warned) and cache in one.text for one in said.events
    )


def test_a_room(cache: str, tmp_path: Path) -> None:
    said = Said()
    found = room(cache, "builds", said)
    assert os.path.dirname(found) == str(tmp_path / "temporary")
    assert told(said, cache)
    assert os.path.isdir(room(str(tmp_path / "good"), "builds"))


def test_what_a_request_led_to_is_not_remembered(cache: str, tmp_path: Path) -> None:
    said = Said()
    memory.remember(cache, "abcd", [], shown=[], pinned=True, reporter=said)
    assert told(said, cache)
    layout = Machine(str(tmp_path)).create()
    assert memory.recall(cache, "abcd", layout, shown=[], offline=False) is None


def test_the_pip_of_ours(cache: str, tmp_path: Path) -> None:
    said = Said()
    store = store_at(str(tmp_path / "data"))
    found = seed(store, INTERPRETER, cache=cache, reporter=said)
    assert os.path.isfile(f"{store.entries}/{found.source[2:]}/entry.json")
    assert told(said, cache)
    assert os.listdir(tmp_path / "temporary") == []


def builder(cache: str, said: Said) -> Builder:
    return Builder(
        INTERPRETER,
        cache=cache,
        make=lambda _: pytest.fail("no environment is needed"),
        fill=lambda *_: None,
        environ={},
        reporter=said,
    )


def test_a_wheel_that_cannot_be_kept_is_used_where_it_was_built(cache: str, tmp_path: Path) -> None:
    said = Said()
    (tmp_path / "x-1-py3-none-any.whl").write_bytes(b"a wheel")
    wheel = str(tmp_path / "x-1-py3-none-any.whl")
    made = builder(cache, said)
    assert made._keep(wheel, "abcd") == made.known("abcd") == wheel
    assert told(said, cache)
    assert builder(cache, said).known("abcd") == ""
    good = builder(str(tmp_path / "good"), Said())
    kept = good._keep(wheel, "abcd")
    assert kept != wheel
    assert good.known("abcd") == kept


def test_a_built_wheel_that_cannot_be_read_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x-1-py3-none-any.whl").write_bytes(b"a wheel")
    made = builder(str(tmp_path / "cache"), Said())
    made._keep(str(tmp_path / "x-1-py3-none-any.whl"), "abcd")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert made.known("abcd") == ""


def failed(out: str, logs: str) -> None:
    with open_workshop(out, "x", logs=logs) as place:
        with open(place.log, "w") as stream:
            stream.write("said")
        raise BuildFailed("it failed")


def test_a_log_that_cannot_be_kept_is_not_named(cache: str, tmp_path: Path) -> None:
    for logs, named in ((f"{cache}/logs", False), (str(tmp_path / "logs"), True)):
        with pytest.raises(BuildFailed) as caught:
            failed(str(tmp_path / "out"), logs)
        assert ("the whole log" in str(caught.value.hint)) is named
    _drop_old_logs(f"{cache}/logs")
