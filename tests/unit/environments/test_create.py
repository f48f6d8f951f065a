"""Environments made aside or in place, all or nothing; what killed creators left is swept."""

from __future__ import annotations

import errno
import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from alcove.actions.environments import delete
from alcove.environments import config, staging
from alcove.environments.activation.scripts import NAMES
from alcove.environments.create import check_place, create
from alcove.environments.layout import Layout, open_layout
from alcove.environments.reach import forbids_programs
from alcove.errors import AlcoveError, NotAnEnvironment, UsageError
from alcove.files import ops
from tests.crash import examine
from tests.unit.image import bring
from tests.unit.transactions.machine import INTERPRETER, Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return an empty machine."""
    return Machine(str(tmp_path))


def tree(root: str) -> set[str]:
    return {os.path.join(one, name) for one, dirs, files in os.walk(root) for name in dirs + files}


def test_what_every_environment_has(machine: Machine) -> None:
    layout = machine.create()
    assert open_layout(machine.env) == layout
    values = config.read(f"{machine.env}/pyvenv.cfg")
    assert values["home"] == INTERPRETER.home
    assert values["include-system-site-packages"] == "false"
    assert "uv" not in values
    for name in ("python", "python3", "python3.12", "activate"):
        assert os.path.lexists(f"{layout.bin}/{name}"), name
    assert os.readlink(f"{machine.env}/lib64") == "lib"
    assert os.readlink(f"{machine.env}/lib/{layout.library}") == "../.alcove/current"
    assert examine.wrong(layout, used=False) == []
    assert os.listdir(machine.root) == ["data", "env"] or set(os.listdir(machine.root)) == {
        "data",
        "env",
    }


@pytest.mark.parametrize("kind", ["file", "dangling", "full"])
def test_what_is_there_is_left_alone(machine: Machine, kind: str) -> None:
    if kind == "file":
        Path(machine.env).write_text("mine", encoding="utf-8")
    elif kind == "dangling":
        os.symlink("nowhere", machine.env)
    else:
        os.makedirs(f"{machine.env}/src")
    before = tree(machine.root)
    for clear in (False, True):
        with pytest.raises(AlcoveError) as caught:
            create(machine.wanted(), clear=clear)
        assert caught.value.hint
    assert tree(machine.root) == before


def test_a_colon_would_end_the_path_within_path(machine: Machine) -> None:
    with pytest.raises(UsageError, match="would end it within PATH"):
        check_place(f"{machine.root}/a:b", clear=False)


@pytest.mark.parametrize("name", ["a\nb", "a\rb"])
def test_no_script_could_name_a_path_with_a_line_break(machine: Machine, name: str) -> None:
    with pytest.raises(UsageError, match="holds a line break"):
        check_place(f"{machine.root}/{name}", clear=False)


def test_an_environment_is_replaced_only_when_asked(machine: Machine) -> None:
    machine.create()
    inode = os.stat(machine.env).st_ino
    with pytest.raises(AlcoveError, match="is a virtual environment already"):
        machine.create()
    assert os.stat(machine.env).st_ino == inode
    create(machine.wanted(), clear=True)
    assert os.stat(machine.env).st_ino != inode
    assert set(os.listdir(machine.root)) == {"data", "env"}


def test_a_link_to_an_environment_stays_a_link(machine: Machine) -> None:
    machine.create()
    os.rename(machine.env, f"{machine.root}/real")
    os.symlink("real", machine.env)
    create(machine.wanted(), clear=True)
    assert os.readlink(machine.env) == "real"
    assert set(os.listdir(machine.root)) == {"data", "env", "real"}


def test_where_nothing_trades_places_two_renames_do_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.create()
    inode = os.stat(machine.env).st_ino
    monkeypatch.setattr(ops, "exchange", lambda *_: False)
    create(machine.wanted(), clear=True)
    assert os.stat(machine.env).st_ino != inode
    assert set(os.listdir(machine.root)) == {"data", "env"}


def test_one_that_an_image_brought_is_cleared(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.create()
    inode = os.stat(machine.env).st_ino
    bring(monkeypatch, machine.root)
    create(machine.wanted(), clear=True)
    assert os.stat(machine.env).st_ino != inode
    assert set(os.listdir(machine.root)) == {"data", "env"}


@pytest.mark.parametrize("place", ["new", "empty", "clear"])
def test_what_cannot_be_filled_is_not_made(machine: Machine, place: str) -> None:
    if place == "empty":
        os.mkdir(machine.env)
    if place == "clear":
        machine.create()
        Path(f"{machine.env}/mine").write_text("mine", encoding="utf-8")
    before = tree(machine.root)

    def fill(layout: Layout) -> None:
        assert os.path.isfile(f"{layout.root}/pyvenv.cfg")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(AlcoveError, match="No space left") as caught:
        create(machine.wanted(), clear=place == "clear", fill=fill)
    assert caught.value.hint == "make room, and try again"
    assert {path for path in tree(machine.root) if "/data" not in path} == {
        path for path in before if "/data" not in path
    }


def test_an_unfinished_one_in_place_is_finished(machine: Machine) -> None:
    os.makedirs(f"{machine.env}/.alcove")
    Path(f"{machine.env}/.alcove/pyvenv.cfg").write_text("home = x\n", encoding="utf-8")
    os.mkdir(f"{machine.env}/bin")
    layout = machine.create()
    assert examine.wrong(layout, used=False) == []


def test_an_unfinished_one_with_the_users_files_is_left_alone(machine: Machine) -> None:
    os.makedirs(f"{machine.env}/.alcove")
    Path(f"{machine.env}/.alcove/pyvenv.cfg").write_text("home = x\n", encoding="utf-8")
    Path(f"{machine.env}/mine").write_text("mine", encoding="utf-8")
    with pytest.raises(AlcoveError):
        machine.create()
    assert os.path.exists(f"{machine.env}/mine")


def test_what_is_being_made_is_not_swept(machine: Machine) -> None:
    staged, lock = staging.make(machine.env)
    with lock:
        staging.sweep(machine.env)
        assert os.path.isdir(staged)
    other, lock = staging.make(f"{machine.root}/other")
    lock.release()
    staging.sweep(machine.env)
    assert not os.path.exists(staged)
    assert os.path.isdir(other)


def test_two_in_one_empty_directory_do_not_meet(machine: Machine) -> None:
    os.mkdir(machine.env)

    def fill(_: Layout) -> None:
        with pytest.raises(AlcoveError, match="is being made by another process"):
            machine.create()

    create(machine.wanted(), fill=fill)
    os.makedirs(f"{machine.root}/b/.alcove")
    Path(f"{machine.root}/b/.alcove/pyvenv.cfg").touch()
    from alcove.files.locking import DirectoryLock

    with (
        DirectoryLock(f"{machine.root}/b").acquire(),
        pytest.raises(AlcoveError, match="is being made by another process"),
    ):
        create(machine.wanted(f"{machine.root}/b"))


@pytest.mark.parametrize("prompt", ["a\nhome = /evil", "a\rb", "\u2028", "\x00"])
def test_no_prompt_adds_a_key(machine: Machine, prompt: str) -> None:
    create(machine.wanted()._replace(prompt=prompt))
    values = config.read(f"{machine.env}/pyvenv.cfg")
    assert values["home"] == INTERPRETER.home
    assert len(Path(f"{machine.env}/pyvenv.cfg").read_bytes().splitlines()) == len(values)


def test_none_of_ours(machine: Machine) -> None:
    with pytest.raises(NotAnEnvironment, match="no such directory"):
        open_layout(machine.env)
    os.mkdir(machine.env)
    with pytest.raises(NotAnEnvironment, match="is not a virtual environment"):
        open_layout(machine.env)
    Path(f"{machine.env}/pyvenv.cfg").touch()
    with pytest.raises(NotAnEnvironment, match="that alcove did not make"):
        open_layout(machine.env)


def test_a_file_system_without_programs_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Facts:
        f_flag = os.ST_NOEXEC | os.ST_NOSUID

    assert not forbids_programs(str(tmp_path / "missing"))
    monkeypatch.setattr(os, "statvfs", lambda _: Facts)
    assert forbids_programs(str(tmp_path))
    Facts.f_flag = os.ST_NOSUID
    assert not forbids_programs(str(tmp_path))


def test_what_never_differs_is_one_file_for_all_environments(machine: Machine) -> None:
    paths = ("CACHEDIR.TAG", ".alcove/a/site-packages/_alcove.pth")
    one, two = (create(machine.wanted(f"{machine.root}/{name}")).root for name in ("one", "two"))
    for path in paths:
        assert os.stat(f"{one}/{path}").st_ino == os.stat(f"{two}/{path}").st_ino, path
    scripts = [
        f"bin/{name}" for name in NAMES
    ]  # `uv venv --allow-existing` writes into them in place
    for path in (".gitignore", *scripts, "pyvenv.cfg"):
        assert os.stat(f"{one}/{path}").st_nlink == 1, path


@pytest.mark.parametrize("here", [False, True])
def test_the_parts_of_an_environment_are_spread(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, *, here: bool
) -> None:
    """A directory that somebody made, a mount point perhaps, keeps the flags that it has."""
    told = []
    monkeypatch.setattr(ops, "spread", lambda path: told.append((path, os.listdir(path))))
    if here:
        os.mkdir(machine.env)
    machine.create()
    assert all(path.startswith(f"{machine.root}/.env.") and not names for path, names in told)
    assert len(told) == (not here)


def test_environments_are_placed_apart(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """ext4 chooses by the name under which a directory is made: not always the same one; all others lie with that."""
    real = ops.mkdir
    told: list[str] = []
    chance = itertools.count()

    def mkdir(path: str, *words: int) -> None:
        told.append(path)
        real(path, *words)

    monkeypatch.setattr(ops, "mkdir", mkdir)
    monkeypatch.setattr(os, "urandom", lambda size: bytes([next(chance)] * size))
    found: set[str] = set()
    for number in range(6):
        root = create(machine.wanted(f"{machine.root}/{number}")).root
        assert {".alcove", "bin", "include", "lib"} <= set(os.listdir(root))
        assert set(os.listdir(f"{root}/.alcove")).isdisjoint({"bin", "include", "lib"})
        inside = [path.partition(".tmp/")[2] for path in told if f"/.{number}." in path]
        found.update(path for path in inside if path and "/" not in path)
    assert found <= {f".{number}" for number in range(4)}
    assert len(found) > 1


@pytest.mark.parametrize("how", ["edited", "narrow", "copy", "private"])
def test_an_environment_gets_a_file_of_its_own_where_the_kept_one_will_not_do(
    machine: Machine, how: str
) -> None:
    mask = os.umask(0o077) if how == "narrow" else None
    one = create(
        machine.wanted(f"{machine.root}/one", mode="copy" if how == "copy" else "view")
    ).root
    if mask is not None:
        os.umask(mask)
    if how == "edited":
        with open(f"{one}/CACHEDIR.TAG", "a", encoding="utf-8") as stream:
            stream.write("# of one environment\n")
    two = create(machine.wanted(f"{machine.root}/two", private=how == "private")).root
    assert Path(f"{two}/CACHEDIR.TAG").read_bytes().endswith(b"from its requirements.\n")
    assert os.stat(f"{one}/CACHEDIR.TAG").st_ino != os.stat(f"{two}/CACHEDIR.TAG").st_ino
    assert os.stat(f"{two}/CACHEDIR.TAG").st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSYS, "has symbolic links"),
        (errno.ENAMETOOLONG, "a shorter path"),
        (errno.EFBIG, "ulimit -f"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EDQUOT, "make room"),
        (errno.EIO, "mend the cause"),
    ],
)
def test_where_a_file_system_has_no_place_for_one(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    def symlink(text: str, target: str) -> None:
        raise OSError(number, os.strerror(number), text, None, target)

    monkeypatch.setattr(ops, "symlink", symlink)
    with pytest.raises(AlcoveError, match=f"could not be made: {os.strerror(number)}$") as caught:
        machine.create()
    assert hint in str(caught.value.hint)
    assert not os.path.lexists(machine.env)


def test_what_may_not_be_looked_into_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.stat

    def refused(path: str, *rest: Any, **others: Any) -> os.stat_result:
        if str(path).startswith(f"{tmp_path}/theirs/"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return really(path, *rest, **others)

    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(os, "stat", refused)
    for name, said in (
        ("theirs", "cannot be looked into by this user: Permission denied"),
        ("nothing", "there is no such directory"),
        (".", "is not a virtual environment"),
    ):
        with pytest.raises(NotAnEnvironment, match=said):
            open_layout(str(tmp_path / name))
        with pytest.raises(NotAnEnvironment, match=said):
            delete(str(tmp_path / name))


def test_an_environment_that_another_process_has_just_finished_in_an_empty_directory_stays(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkdir(machine.env)
    sweep = staging.sweep

    def late(path: str) -> None:
        monkeypatch.setattr(staging, "sweep", sweep)
        Path(machine.create().root, "theirs").touch()
        sweep(path)

    monkeypatch.setattr(staging, "sweep", late)
    with pytest.raises(AlcoveError, match="made by somebody else"):
        machine.create()
    assert Path(machine.env, "theirs").exists()
