"""Directories that this user may not write into: a change that would have to is refused before anything is changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.errors import TransactionError
from alcove.transactions import foreseen
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout


class Bench:
    """An environment that shows a distribution with data files and a program."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.machine = Machine(str(root))
        self.layout: Layout = self.machine.create()
        self.demo = self._demo("1.0")
        self.newer = self._demo("2.0")
        self.plain = self.machine.unpacked("plain", files={"plain.py": "1"})
        self.machine.show(self.layout, [self.demo])
        self._monkeypatch = monkeypatch

    def _demo(self, version: str) -> Placement:
        return self.machine.unpacked(
            "demo",
            version,
            files={"demo/__init__.py": "x = 1\n"},
            data={"share/demo/list.txt": f"salt {version}\n", "share/demo/same.txt": "same"},
            entry_points={"demo": "demo:main"},
        )

    def close(self, *folders: str) -> None:
        """Let this user, who may be root, not write into directories of the environment."""
        closed = {f"{self.layout.root}/{one}" for one in folders}
        real = os.access
        self._monkeypatch.setattr(
            os, "access", lambda path, mode: path not in closed and real(path, mode)
        )

    def state(self) -> list[object]:
        """Return what a change would have touched."""
        return [
            os.readlink(self.layout.current),
            sorted(os.listdir(self.layout.private)),
            sorted(os.listdir(f"{self.layout.private}/generations")),
        ]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


@pytest.mark.parametrize("closed", ["share/demo", "share", "bin", ".alcove/generations"])
def test_what_could_not_be_finished_is_not_begun(bench: Bench, closed: str) -> None:
    bench.close(closed)
    before = bench.state()
    with pytest.raises(TransactionError, match="nothing was changed") as caught:
        bench.machine.show(bench.layout, [])
    assert f"{bench.layout.root}/{closed} may not be written" in str(caught.value)
    assert f"chmod u+wx {bench.layout.root}/{closed}" in str(caught.value.hint)
    assert bench.state() == before


def test_a_link_of_the_user_to_a_directory_stays_in_one_that_is_closed(bench: Bench) -> None:
    os.rename(f"{bench.layout.root}/share/demo", f"{bench.layout.root}/elsewhere")
    os.symlink("../elsewhere", f"{bench.layout.root}/share/demo")
    bench.close("share")
    bench.machine.show(bench.layout, [])
    assert os.listdir(f"{bench.layout.root}/elsewhere") == []


@pytest.mark.parametrize("closed", ["share/demo", "share", "bin"])
def test_what_writes_nothing_there_goes_on(bench: Bench, closed: str) -> None:
    bench.close(closed)
    shown = bench.machine.show(bench.layout, [bench.demo, bench.plain])
    assert [one.name for one in shown.placements] == ["demo", "plain"]


def test_data_files_that_change_or_come(bench: Bench) -> None:
    bench.close("share/demo")
    with pytest.raises(TransactionError, match="share/demo may not be written"):
        bench.machine.show(bench.layout, [bench.newer])
    more = bench.machine.unpacked("more", data={"share/demo/more.txt": "1"})
    with pytest.raises(TransactionError, match="share/demo may not be written"):
        bench.machine.show(bench.layout, [bench.demo, more])
    beside = bench.machine.unpacked("beside", data={"share/beside/more.txt": "1"})
    bench.machine.show(bench.layout, [bench.demo, beside])
    bench.close("share")
    with pytest.raises(TransactionError, match="share may not be written"):
        bench.machine.show(bench.layout, [bench.demo])


def test_what_the_user_made_his_own_does_not_count(bench: Bench) -> None:
    for name in ("list.txt", "same.txt"):
        path = f"{bench.layout.root}/share/demo/{name}"
        os.unlink(path)
        with open(path, "w", encoding="ascii") as stream:
            stream.write("mine")
    bench.close("share/demo", "share")
    bench.machine.show(bench.layout, [])
    assert sorted(os.listdir(f"{bench.layout.root}/share/demo")) == ["list.txt", "same.txt"]


def test_a_dry_run_says_it_too(bench: Bench) -> None:
    bench.close("share/demo")
    shown = foreseen.foresee(bench.layout, Said()).shown
    with pytest.raises(TransactionError, match="share/demo may not be written"):
        foreseen.check(bench.layout, shown, shown._replace(placements=()), Said())
