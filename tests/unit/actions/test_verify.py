"""`verify` sees what was written into the store through an environment's links."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from alcove.actions import looks
from alcove.actions.frame import best_known
from alcove.actions.history import history
from alcove.actions.listing import listed
from alcove.actions.verify import verify
from alcove.environments.layout import advice
from alcove.errors import BrokenEnvironment
from alcove.settings import read
from alcove.transactions import slots
from alcove.transactions.apply import Held
from tests.unit.transactions.machine import Machine, Said
from tests.unit.transactions.test_outside import install, noticed


def edit(path: Path) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write("y = 2\n")


def add(path: Path) -> None:
    path.with_name("theirs.py").write_text("", encoding="utf-8")


def touch(path: Path) -> None:
    add(path)
    path.with_name("theirs.py").unlink()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (edit, "lib/click/__init__.py (changed)"),
        (add, "lib/click/theirs.py (added)"),
        (touch, "its time was changed"),
    ],
    ids=["edited", "added", "touched"],
)
def test_what_was_written_through_a_link(tmp_path: Path, change: object, said: str) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("click", files={"click/__init__.py": "x = 1\n"})])
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)

    def entries() -> list[str]:
        return [one.what for one in verify(layout.root, settings).findings if one.part == "entry"]

    assert os.path.islink(f"{layout.site_packages}/click")
    assert entries() == []
    assert callable(change)
    change(Path(layout.site_packages, "click", "__init__.py"))
    assert entries() == [said]


def test_a_change_that_was_stopped_behind_the_switch_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)

    def generations() -> list[str]:
        found = verify(layout.root, settings).findings
        return [one.path for one in found if one.part == "generation"]

    switch = slots.switch

    def stop(*words: str) -> NoReturn:
        switch(*words)  # type: ignore[arg-type]
        os._exit(9)

    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(slots, "switch", stop)
            machine.show(layout, [machine.unpacked("six")])
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    number = f"{layout.private}/generations/1.json"
    assert not os.path.exists(number)
    assert generations() == []
    assert any("a change is unfinished" in text for text in verify(layout.root, settings).told)
    with Held(layout):
        pass
    assert os.path.exists(number)
    os.unlink(number)
    assert generations() == [number]


def test_without_the_link_to_the_entries(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("click")])
    link = f"{layout.private}/e"
    os.unlink(link)
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    found = [(one.path, one.what) for one in verify(layout.root, settings).findings]
    assert (link, "missing") in found
    with pytest.raises(BrokenEnvironment, match="cannot be followed") as caught:
        machine.show(layout, [])
    assert caught.value.hint == f"alcove repair --env {layout.root}"


def test_an_environment_without_its_library_is_not_empty(tmp_path: Path) -> None:
    layout = Machine(str(tmp_path)).create()
    assert listed(layout) == []
    os.unlink(os.path.dirname(layout.site_packages))
    with pytest.raises(BrokenEnvironment, match="is not there") as caught:
        listed(layout)
    assert caught.value.hint == f"alcove repair --env {layout.root}"


def test_a_change_of_what_is_damaged_names_the_repair(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [])
    os.rename(os.path.realpath(layout.site_packages), f"{tmp_path}/away")
    with pytest.raises(
        BrokenEnvironment, match=r"is damaged: No such file .*/site-packages$"
    ) as caught:
        machine.show(layout, [])
    assert caught.value.hint == f"alcove repair --env {layout.root}"


def test_what_a_system_error_advises(tmp_path: Path) -> None:
    layout = Machine(str(tmp_path)).create()
    hint = f"alcove repair --env {layout.root}"
    for path in ("bin/activate", ".alcove/a/slot.json", ".alcove", "share/x/y"):
        assert advice(FileNotFoundError(errno.ENOENT, "no", f"{layout.root}/{path}")) == hint
    assert advice(OSError(errno.ENOSPC, "full", f"{layout.root}/x")) == ""
    assert advice(FileNotFoundError(errno.ENOENT, "no", f"{tmp_path}/x")) == ""
    assert advice(FileNotFoundError(errno.ENOENT, "no", "relative")) == ""
    assert advice(FileNotFoundError(errno.ENOENT, "no")) == ""


def test_the_state_that_was_shown_is_shown_again(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("click")])
    machine.show(layout, [])
    machine.again(layout, 1)
    name, found = best_known(layout)
    assert (name, found.number) == (layout.shown(), 1)
    os.unlink(f"{layout.slot(name)}/slot.json")
    assert (best_known(layout)[0], best_known(layout)[1].number) == ("", 1)
    os.unlink(f"{layout.private}/state")
    assert best_known(layout)[1].number == 2


def test_what_others_placed_and_then_placed_again(tmp_path: Path) -> None:
    """Poetry writes its editable project anew at every install: that is no damage, and `repair` must not take it back."""
    machine = Machine(str(tmp_path))
    layout = machine.create()
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    install(machine, layout, "theirs", "1.0")
    assert noticed(layout)[0].number == 1
    install(machine, layout, "theirs", "1.0", requires=["more"], files={"theirs/new.py": ""})

    def damage() -> list[str]:
        found = verify(layout.root, settings).findings
        return [one.what for one in found if one.part == "distribution"]

    assert damage() == []
    assert "others replaced theirs 1.0" in verify(layout.root, settings).told
    # a METADATA that is not the one of its RECORD is damage, and so is a RECORD that ends in the middle
    record = Path(layout.site_packages, "theirs-1.0.dist-info", "RECORD")
    whole = record.read_text(encoding="utf-8")
    record.write_text(whole[: whole.index("RECORD,,") - 40], encoding="utf-8")
    assert set(damage()) == {"changed"}
    record.write_text(whole, encoding="utf-8")
    edit(record.with_name("METADATA"))
    assert set(damage()) == {"changed"}


def test_who_changes_modes_or_copies_times_and_all_wrote_nothing(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    assert verify(layout.root, settings).told == ()
    for name in ("a", "b"):
        site = f"{layout.slot(name)}/site-packages"
        os.chmod(site, os.stat(site).st_mode & 0o777)
    assert not any("others" in text for text in verify(layout.root, settings).told)
    assert not looks.of_ours(layout.root).outside
    said = Said()
    with Held(layout):
        for name in ("a", "b"):
            site = f"{layout.slot(name)}/site-packages"
            if os.path.isdir(site):
                os.chmod(site, os.stat(site).st_mode & 0o777)
        history(layout, settings, reporter=said)
    assert said.text == ""
