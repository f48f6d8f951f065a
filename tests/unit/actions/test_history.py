"""`undo`, `redo` and `rollback` with `dry_run`: what they say is what they then do, and nothing is touched for it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.actions import history, looks
from alcove.actions import install as install_actions
from alcove.actions.environments import delete
from alcove.actions.health import health_of
from alcove.actions.move import move
from alcove.actions.wipe import wipe
from alcove.environments.layout import Layout
from alcove.errors import BrokenEnvironment, PathCollision, TransactionError
from alcove.files import reading
from alcove.settings import Settings, read
from alcove.transactions import generations, state
from alcove.transactions.apply import Held
from alcove.transactions.foreseen import foresee
from tests.unit.dry import untouched
from tests.unit.transactions.machine import Machine, Said
from tests.unit.transactions.test_outside import install, uninstall

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.actions.history import Moved
    from alcove.errors import AlcoveError
    from alcove.testing.wheels import Parts


def test_the_pip_of_an_environment_is_not_counted(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    pip = machine.unpacked("pip")
    machine.show(layout, [pip])
    machine.show(layout, [pip, machine.unpacked("demo")])
    assert [one.distributions for one in history.history(layout)] == [0, 0, 1]
    assert looks.of_ours(layout.root).distributions == 1


class Place:
    """An environment with three states: empty, one distribution, and that one in another version beside a second."""

    def __init__(self, root: Path) -> None:
        self.machine = Machine(str(root))
        self.layout = self.machine.create()
        parts = {"demo/__init__.py": "x = 1\n"}
        old, new = (self.machine.unpacked("demo", version, files=parts) for version in ("1", "2"))
        self.machine.show(self.layout, [old])
        more: Parts = {"scripts": {"go": "#!python\n"}, "data": {"share/other.txt": "y"}}
        self.machine.show(self.layout, [new, self.machine.unpacked("other", **more)])

    @property
    def settings(self) -> Settings:
        """Settings of a user whose data lie in the same directory."""
        root = self.machine.root
        return read({"HOME": root, "ALCOVE_HOME": f"{root}/data"}, cwd=root)

    def dry(self, said: Said | None = None, *, verb: str = "undo") -> Moved:
        """Return what the dry run says; all below the directory is watched."""
        with untouched(self.machine.root):
            return self.call(verb, dry_run=True, said=said)

    def call(self, verb: str, *, dry_run: bool = False, said: Said | None = None) -> Moved:
        """Call undo, redo, or rollback ("0" for the number 0)."""
        if verb.isdecimal():
            return history.rollback(
                self.layout, self.settings, number=int(verb), dry_run=dry_run, reporter=said
            )
        done: Callable[..., Moved] = history.undo if verb == "undo" else history.redo
        return done(self.layout, self.settings, dry_run=dry_run, reporter=said)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_it_says_what_comes_goes_and_changes(place: Place) -> None:
    said = Said()
    found = place.dry(said)
    assert (found.before, found.after, found.recorded) == (2, 1, -1)
    assert found.differences == (("demo", "2", "1"), ("other", "1.0", ""))
    assert said.events == []
    assert place.call("undo") == found
    for verb in ("redo", "0", "2", "1"):
        assert place.dry(verb=verb) == place.call(verb)


def test_where_there_is_nothing_to_go_to(place: Place) -> None:
    for verb, said in (("redo", "nothing to redo"), ("7", "generation 7 is not kept")):
        with pytest.raises(TransactionError, match=said):
            place.dry(verb=verb)
    place.call("0")
    with pytest.raises(TransactionError, match="nothing to undo"):
        place.dry()


def _placed(place: Place) -> None:
    install(place.machine, place.layout, "theirs", "1.0", entry_points={"them": "theirs:main"})


def _replaced(place: Place) -> None:
    uninstall(place.layout, "demo-2.dist-info")
    install(place.machine, place.layout, "demo", "3")


def _removed(place: Place) -> None:
    uninstall(place.layout, "other-1.0.dist-info")


def _made_anew(place: Place, *, empty: bool = False) -> None:
    """Do what virtualenv does: a directory of its own in the place of our link."""
    library = os.path.dirname(place.layout.site_packages)
    os.unlink(library)
    os.makedirs(place.layout.site_packages)
    if not empty:
        install(place.machine, place.layout, "theirs", "1.0")


def _link_gone(place: Place) -> None:
    os.unlink(os.path.dirname(place.layout.site_packages))


def _made_anew_and_stopped(place: Place) -> None:
    """Leave what is there when taking in such a directory was stopped before its switch."""
    before = os.readlink(place.layout.current)
    _made_anew(place, empty=True)
    with Held(place.layout):
        pass
    os.unlink(place.layout.current)
    os.symlink(before, place.layout.current)
    os.unlink(f"{place.layout.private}/generations/3.json")
    state.forget(place.layout)
    _link_gone(place)


def _unfinished(place: Place) -> None:
    state.forget(place.layout)
    os.unlink(f"{place.layout.private}/generations/2.json")


def _torn(place: Place) -> None:
    os.unlink(f"{place.layout.slot(place.layout.shown())}/slot.json")
    _made_anew(place)


@pytest.mark.parametrize(
    ("meddle", "told"),
    [
        (_placed, "that would first be kept as generation 3"),
        (_replaced, "that would first be kept as generation 3"),
        (_removed, "that would first be kept as generation 3"),
        (_made_anew, "that would first be kept as generation 4"),
        (lambda place: _made_anew(place, empty=True), "would first be kept as generation 3"),
        (_made_anew_and_stopped, "would first be kept as generation 3"),
        (_torn, "that would first be kept as generation 4"),
        (_link_gone, ""),
        (_unfinished, "is unfinished: it would first be tidied"),
    ],
    ids=[
        "placed",
        "replaced",
        "removed",
        "made-anew",
        "made-anew-empty",
        "made-anew-and-stopped",
        "torn",
        "link-gone",
        "unfinished",
    ],
)
def test_what_others_did_is_foreseen(
    place: Place, meddle: Callable[[Place], None], told: str
) -> None:
    meddle(place)
    said = Said()
    with untouched(place.machine.root):
        found = foresee(place.layout, said)
    assert told in said.text
    assert bool(said.events) is bool(told)
    dry: list[object] = []
    for verb in ("undo", "redo", "0", "2"):
        try:
            dry.append(place.dry(verb=verb)[:3])
        except TransactionError as error:
            dry.append(str(error))
    with Held(place.layout) as held:
        shown = held.shown
    assert found.shown._replace(time=0) == shown._replace(time=0)
    assert (found.recorded == shown.number) is ("kept" in told)
    assert {one.number for one in found.coming} <= set(generations.numbers(place.layout))
    real: list[object] = []
    for verb in ("undo", "redo", "0", "2"):
        try:
            real.append(place.call(verb)[:3])
            place.call(str(shown.number))
        except TransactionError as error:
            real.append(str(error))
    assert dry == real


def test_a_moved_one_is_told_and_stays_as_it_is(place: Place) -> None:
    target = f"{place.machine.root}/elsewhere"
    shutil.move(place.layout.root, target)
    place.layout = Layout(target, place.layout.library)
    said = Said()
    found = place.dry(said)
    assert "its scripts would first be made to name its new place" in said.text
    assert (found.before, found.after, found.recorded) == (2, 1, -1)
    assert place.call("undo") == found


def test_what_was_written_into_the_store_is_told(place: Place) -> None:
    with open(f"{place.layout.site_packages}/demo/theirs.py", "w", encoding="utf-8"):
        said = Said()
    place.dry(said)
    assert "others wrote through a link into demo 2 of the store" in said.text


@pytest.mark.parametrize(
    ("path", "kind"),
    [("bin/go", TransactionError), ("share/other.txt", PathCollision)],
    ids=["script", "data"],
)
def test_what_is_in_the_way_is_refused_alike(
    place: Place, path: str, kind: type[AlcoveError]
) -> None:
    place.call("0")
    there = Path(place.layout.root, path)
    there.parent.mkdir(exist_ok=True)
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(kind, match="is there already") as dry:
        place.dry(verb="2")
    with pytest.raises(kind) as real:
        place.call("2")
    assert str(dry.value) == str(real.value)


def test_what_is_not_in_the_store_any_more_is_told(place: Place) -> None:
    (entry,) = Path(place.machine.root, "data/store/entries-v1").glob("demo-1-*")
    shutil.rmtree(entry)
    said = Said()
    place.dry(said)
    assert "demo 1 is not in the store any more" in said.text
    assert "alcove repair --env" in said.text


def test_a_broken_one_is_refused_alike(place: Place) -> None:
    os.unlink(f"{place.layout.slot(place.layout.shown())}/slot.json")
    state.forget(place.layout)
    with pytest.raises(BrokenEnvironment) as dry:
        place.dry()
    with pytest.raises(BrokenEnvironment) as real:
        place.call("undo")
    assert str(dry.value) == str(real.value)


@pytest.mark.parametrize("verb", ["undo", "redo", "0"])
def test_who_may_not_write_there_is_refused_alike(
    place: Place, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    lock = f"{place.layout.private}/lock"

    def opened(path: str, *, flags: int = 0) -> int:
        if path == lock and flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return really(path, flags=flags)

    really = reading.opened
    monkeypatch.setattr(reading, "opened", opened)
    monkeypatch.setattr(os, "access", lambda path, _: path != lock)
    said = []
    for dry_run in (True, False):
        with pytest.raises(TransactionError, match="may not be changed by this user") as caught:
            place.call(verb, dry_run=dry_run)
        said.append((str(caught.value), caught.value.hint))
    assert said[0] == said[1]


def test_dry_runs_that_remove_are_refused_alike(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    for dry in (
        lambda: install_actions.uninstall(
            place.layout, ["demo"], place.settings, command="x", dry_run=True
        ),
        lambda: wipe(place.layout, place.settings, dry_run=True),
        lambda: move(place.layout, str(tmp_path / "other"), place.settings, dry_run=True),
        lambda: delete(place.layout.root, place.settings, dry_run=True),
    ):
        with pytest.raises(TransactionError, match="may not be changed by this user"):
            dry()


def test_a_state_that_cannot_be_read_is_told_and_the_others_are_listed(place: Place) -> None:
    os.truncate(f"{place.layout.private}/generations/1.json", 20)
    said = Said()
    found = history.history(place.layout, place.settings, reporter=said)
    assert [one.number for one in found] == [0, 2]
    assert "generations/1.json is damaged" in said.text
    assert f"alcove repair --env {place.layout.root}" in said.text


def test_what_was_before_may_not_be_kept_though_older_ones_are(place: Place) -> None:
    os.unlink(f"{place.layout.private}/generations/1.json")
    with pytest.raises(TransactionError, match="generation 1, from which 2 was made, is not kept"):
        place.call("undo")
    os.unlink(f"{place.layout.private}/generations/0.json")
    with pytest.raises(TransactionError, match="generation 2 is the oldest that is kept"):
        place.call("undo")


@pytest.mark.parametrize("missing", ["lib", ".alcove/generations"])
def test_what_is_missing_is_named_and_so_is_the_repair(place: Place, missing: str) -> None:
    shutil.rmtree(f"{place.layout.root}/{missing}")
    os.unlink(f"{place.layout.private}/state")
    with pytest.raises(BrokenEnvironment, match=f"No such file or directory: .*/{missing}/") as one:
        place.call("undo")
    assert one.value.hint == f"alcove repair --env {place.layout.root}"
    if missing == "lib":
        values = {"version": place.layout.library.removeprefix("python")}
        look = looks.of_ours(place.layout.root)
        health = health_of(place.layout.root, values, look)
        assert health.text == "it is damaged"
        assert f"alcove repair --env {place.layout.root} mends it" in health.hint
        shutil.move(f"{place.layout.private}/store", f"{place.layout.root}/elsewhere")
        gone = health_of(place.layout.root, values, look)
        assert gone == ("its store is gone", health.hint)


def test_the_packages_of_another_tool_are_taken_in_and_told(place: Place) -> None:
    library = os.path.dirname(place.layout.site_packages)
    os.unlink(library)  # as virtualenv does
    os.makedirs(place.layout.site_packages)
    said = Said()
    found = history.history(place.layout, place.settings, reporter=said)
    assert [(one.number, one.shown, one.distributions) for one in found][-1] == (3, True, 0)
    assert said.text.count(f"others changed {place.layout.root}: kept as generation 3") == 1
