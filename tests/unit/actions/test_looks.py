"""What a look at an environment tells: of other tools' too, its sizes, when it was used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions import looks
from alcove.actions.environments import delete, envs
from alcove.actions.sizes import Sizes
from alcove.errors import AlcoveError
from alcove.settings import read
from alcove.store import collect
from alcove.store.layout import store_at
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Make what `python -m venv` would have left."""
    made = tmp_path / "home/.virtualenvs/old"
    site = made / "lib/python3.9/site-packages"
    (site / "six-1.0.dist-info").mkdir(parents=True)
    (
        site / "pip-26.0.dist-info"
    ).mkdir()  # as venv leaves it: nobody asked for it, so it is not counted
    (site / "distutils-precedence.pth").write_text("")
    (site / "big.py").write_bytes(bytes(20_000))
    (made / "bin").mkdir()
    (made / "bin/activate").write_text("")
    (made / "bin/python").symlink_to("/usr/bin/env")
    (made / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.9.18\n")
    return made


def test_another_tools_environment_is_listed_as_it_is(tmp_path: Path, foreign: Path) -> None:
    places = {"HOME": "home", "ALCOVE_HOME": "data", "ALCOVE_CACHE": "cache"}
    settings = read({name: str(tmp_path / place) for name, place in places.items()}, cwd="/")
    (one,) = envs(settings)
    assert (one.name, one.python, one.distributions, one.ours) == ("old", "3.9.18", 1, False)
    assert (one.health, one.size_shared) == ("ok", 0)
    assert one.size_own >= 20_000
    assert one.changed == int((foreign / "lib/python3.9/site-packages").stat().st_mtime)
    (foreign / "bin/python").unlink()
    (foreign / "bin/python").symlink_to("/gone/python3.9")
    (one,) = envs(settings)
    assert one.health == "its interpreter is gone: /gone/python3.9"
    assert one.hint.endswith(f"make it anew: alcove create --clear {foreign}")
    (foreign / "bin/python").unlink()
    assert envs(settings)[0].health == "bin/python is missing"
    (foreign / "pyvenv.cfg").write_text("")
    assert envs(settings)[0].health == "pyvenv.cfg is missing or cannot be read"


def test_when_it_was_used_is_when_python_read_its_pth_files(foreign: Path) -> None:
    pth = foreign / "lib/python3.9/site-packages/distutils-precedence.pth"
    later = pth.stat().st_ctime + 1000
    for file in (pth, foreign / "bin/activate"):
        os.utime(file, (1, file.stat().st_mtime))
    assert looks.used(str(foreign)) == 0
    os.utime(pth, (later, 1))
    assert looks.used(str(foreign)) == int(later)


def test_a_size_is_counted_once_for_a_state(tmp_path: Path, foreign: Path) -> None:
    cache = str(tmp_path / "cache")
    sizes = Sizes(cache)
    first = sizes.own(str(foreign), "1")
    sizes.keep()
    (foreign / "more").write_bytes(bytes(50_000))
    again = Sizes(cache)
    assert again.own(str(foreign), "1") == first
    assert again.own(str(foreign), "2") >= first + 50_000
    os.link(foreign / "more", foreign / "linked")  # as a file that the store has too
    assert again.own(str(foreign), "3") < first + 50_000


def test_by_way_of_a_link_it_was_not_changed_by_others(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to("here")
    machine = Machine(str(tmp_path / "here"))
    machine.show(machine.create(), [machine.unpacked("one")])
    look = looks.of_ours(str(tmp_path / "here/env"))
    assert not look.outside
    assert looks.of_ours(str(tmp_path / "link/env")) == look


def test_what_is_shared_is_measured_as_what_gc_frees(tmp_path: Path) -> None:
    store = store_at(str(tmp_path))
    lib = tmp_path / "store/entries-v1/one-1.0-0123456789/lib"
    (lib / "one/__pycache__").mkdir(parents=True)
    for name in ("one/a.py", "one/b.py"):
        (lib / name).write_text("x")  # a byte each, and a block of the disk
    before = Sizes(str(tmp_path / "cache")).of_entries(str(tmp_path), ["one-1.0-0123456789"])
    (freed,) = collect.dead(store, now=0)
    assert (before, freed.bytecode) == (freed.size, 0)
    (lib / "one/__pycache__/a.pyc").write_bytes(bytes(50_000))
    (freed,) = collect.dead(store, now=0)
    assert freed.size - freed.bytecode == before
    assert 50_000 <= freed.bytecode < 100_000
    again = Sizes(str(tmp_path / "cache")).of_entries(str(tmp_path), ["one-1.0-0123456789", "gone"])
    assert again == before > 0


def test_a_torn_memory_is_counted_anew(tmp_path: Path, foreign: Path) -> None:
    for text in ("", "[]", '{"entries": 3, "own": {}}', '{"entries": {}, "own": {"x": 3}}'):
        (tmp_path / "sizes-v2.json").write_text(text)
        assert Sizes(str(tmp_path)).own(str(foreign), "1") > 0


def test_a_memory_that_cannot_be_written_is_no_obstacle(tmp_path: Path, foreign: Path) -> None:
    (tmp_path / "file").write_text("")
    sizes = Sizes(str(tmp_path / "file"))
    assert sizes.own(str(foreign), "1") > 0
    sizes.keep()


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "setup.py"])
def test_a_project_that_is_an_environment_is_not_deleted(foreign: Path, mark: str) -> None:
    (foreign / mark).write_text("")
    with pytest.raises(AlcoveError, match="holds a project too"):
        delete(str(foreign))
    (foreign / mark).unlink()
    delete(str(foreign))
    assert not foreign.exists()
