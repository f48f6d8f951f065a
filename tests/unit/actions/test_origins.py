"""From a wheel to its entry: the store is looked at once, and a dry run goes on where it takes nothing."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any, NoReturn, cast
from urllib.error import URLError

import pytest

from alcove.actions import origins
from alcove.actions.obtained import Source, Wheel
from alcove.actions.previews import Previews
from alcove.errors import StoreError
from alcove.events import Warned
from alcove.requirements.resolution import Origin, Pinned
from alcove.store.layout import store_at
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel
from tests.unit.transactions.machine import Said

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = cast("Any", None)
PIN = Pinned("demo", "1.0", Origin("index", "https://x.example/demo.whl", "demo.whl"))


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def made(tmp_path: Path) -> str:
    """Return the path of a wheel."""
    return wheel(str(tmp_path / "wheels"), "demo", "1.0", requires=["six"])


def opened(
    tmp_path: Path,
    made: str,
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
    *,
    kind: type[origins.Origins] = origins.Origins,
) -> origins.Origins:
    """Return origins that have the wheel at hand, and may not look for it in the store."""

    def look(*_: object) -> NoReturn:
        raise AssertionError("the store was looked at again")

    monkeypatch.setattr(origins, "in_store", look)
    found = kind(
        NOTHING,
        NOTHING,
        NOTHING,
        store=store_at(str(tmp_path / "data")),
        environ={},
        reporter=said,
    )
    monkeypatch.setattr(found, "_find", lambda *_: Wheel(made, "", "direct"))
    return found


def test_what_the_store_has_is_not_looked_for_again(
    tmp_path: Path, made: str, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = unpack(store_at(str(tmp_path / "data")), made)
    found = opened(tmp_path, "/no/such/wheel", said, monkeypatch)
    seen: list[object] = []
    assert found.obtain(PIN, None, known=entry, expect=seen.append) == (entry, "", b"")
    assert seen == [entry]


def test_what_it_has_not_is_unpacked(
    tmp_path: Path, made: str, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = opened(tmp_path, made, said, monkeypatch)
    seen: list[object] = []
    got = found.obtain(PIN, None, known=None, expect=seen.append)
    assert (got.entry.name, got.direct_url, got.unbuilt) == ("demo", "direct", b"")
    assert len(seen) == 1


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EIO])
def test_a_store_that_takes_nothing(
    tmp_path: Path, made: str, said: Said, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    found = opened(tmp_path, made, said, monkeypatch)

    def refuse(path: str, *_: object) -> NoReturn:
        raise OSError(code, os.strerror(code), path)

    monkeypatch.setattr("alcove.files.ops.mkdir", refuse)
    os.makedirs(store_at(str(tmp_path / "data")).root)
    with pytest.raises((StoreError, OSError), match=os.strerror(code)):
        found.obtain(PIN, None, known=None, expect=lambda _: None)
    assert not any(isinstance(one, Warned) for one in said.events)


@pytest.mark.parametrize("writable", [True, False])
def test_a_dry_run_tells_a_store_that_would_take_nothing(
    tmp_path: Path, made: str, said: Said, monkeypatch: pytest.MonkeyPatch, *, writable: bool
) -> None:
    found = opened(tmp_path, made, said, monkeypatch, kind=Previews)
    os.makedirs(tmp_path / "data")
    monkeypatch.setattr(os, "access", lambda *_: writable)
    got = found.obtain(PIN, None, known=None, expect=lambda _: None)
    assert (got.entry.name, got.entry.version, got.entry.requires) == ("demo", "1.0", ("six",))
    assert b"Requires-Dist: six" in got.unbuilt
    assert any(isinstance(one, Warned) for one in said.events) is not writable
    assert ("would take nothing new" in said.text and "ALCOVE_HOME" in said.text) is not writable
    assert not os.path.exists(tmp_path / "data" / "store")  # only its lock was asked for


def test_a_tree_below_two_slashes(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_3_14(
        url: str,
    ) -> str:  # takes what follows two slashes for a host, and reads the rest only
        raise URLError(f"file:// scheme is supported only on localhost: {url}")

    monkeypatch.setattr("urllib.request.url2pathname", of_3_14)
    found = origins.Origins(
        NOTHING, NOTHING, NOTHING, store=store_at(str(tmp_path)), environ={}, reporter=said
    )
    tree = Pinned("demo", "1.0", Origin("directory", "file:////srv/a%20tree", ""))
    got = found._find(tree, None)
    assert isinstance(got, Source)
    assert got.path == "//srv/a tree"
