"""Generations shown, undone and shown again: the slots hold what their json says, and the user's files stay."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.environments.layout import Layout
from alcove.errors import EnvironmentBusy, NotAnEnvironment, PathCollision, TransactionError
from alcove.files import case, durable, halves, ops
from alcove.files.locking import Lock
from alcove.transactions import generations, slots, state
from alcove.transactions.apply import Held
from alcove.transactions.tidy import tidy
from tests.crash import examine
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def put(path: str, content: str) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(content, encoding="utf-8")
    return path


def test_site_packages_lies_three_levels_below_by_both_paths(machine: Machine) -> None:
    layout = machine.create()
    for number in (1, 2):
        machine.show(layout, [machine.unpacked("demo", f"{number}.0")])
        real = os.path.realpath(layout.site_packages)
        assert os.path.dirname(os.path.dirname(os.path.dirname(real))) == machine.env
        assert os.path.normpath(f"{layout.site_packages}/../../..") == machine.env


def test_links_go_through_the_one_link_to_the_store(machine: Machine) -> None:
    layout = machine.create()
    parts = {"ns/a/__init__.py": "x = 1\n", "demo/__init__.py": "x = 1\n"}
    machine.show(layout, [machine.unpacked("demo", files=parts, dist_info={"licenses/L": "l"})])
    targets = {}
    for directory, names, files in os.walk(layout.site_packages):
        for name in (*names, *files):
            path = f"{directory}/{name}"
            if os.path.islink(path):
                targets[os.path.relpath(path, layout.site_packages)] = os.readlink(path)
    assert set(targets) == {"demo", "ns/a", "demo-1.0.dist-info/licenses"}
    for path, target in targets.items():
        assert target.startswith("../" * (path.count("/") + 2) + "e/demo-1.0-")
    assert text(f"{layout.site_packages}/ns/a/__init__.py") == "x = 1\n"


def test_site_packages_is_never_empty(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    machine.show(layout, [])
    assert "_alcove.pth" in os.listdir(layout.site_packages)


def test_scripts_are_links_to_launchers_that_name_the_environment(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", entry_points={"run": "demo:main"})])
    assert os.readlink(f"{layout.bin}/run") == "../.alcove/current/bin/run"
    assert text(f"{layout.bin}/run").startswith(f"#!{machine.env}/bin/python\n")
    machine.show(layout, [])
    assert not os.path.lexists(f"{layout.bin}/run")


def test_a_script_takes_the_place_of_a_data_file_in_bin_and_gives_it_back(machine: Machine) -> None:
    layout = machine.create()
    file = machine.unpacked("demo", data={"bin/run": "data"})
    machine.show(layout, [file])
    machine.show(layout, [machine.unpacked("other", entry_points={"run": "demo:main"})])
    assert os.readlink(f"{layout.bin}/run") == "../.alcove/current/bin/run"
    machine.again(layout, 1)
    assert text(f"{layout.bin}/run") == "data"
    assert not os.path.islink(f"{layout.bin}/run")
    machine.again(layout, 2)
    assert os.readlink(f"{layout.bin}/run") == "../.alcove/current/bin/run"


def test_tidy_does_nothing_the_second_time(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    data = {"etc/demo.conf": "c", "share/demo/x": "x"}
    machine.show(layout, [machine.unpacked("demo", data=data)])
    machine.show(layout, [machine.unpacked("demo", "2.0", data={"share/other/y": "y"})])
    os.symlink("nothing", f"{layout.private}/.left.1-2.tmp")
    tidy(layout, Said())
    done: list[str] = []

    def watched(name: str) -> Any:
        real = getattr(ops, name)

        def call(*words: Any, **keywords: Any) -> Any:
            done.append(f"{name} {words}")
            return real(*words, **keywords)

        return call

    for name in ("write", "copy", "link", "symlink", "rename", "mkdir"):
        monkeypatch.setattr(ops, name, watched(name))
    before = examine.seen(layout)
    tidy(layout, Said())
    assert done == []
    assert examine.seen(layout) == before


def test_a_slot_by_difference_is_the_slot_built_from_scratch(machine: Machine) -> None:
    layout = machine.create()
    one = machine.unpacked("one", files={"ns/one/__init__.py": "1"}, scripts={"s": "#!python\n"})
    two = machine.unpacked("two", files={"ns/two/__init__.py": "2", "two.py": "", "t.pth": "x\n"})
    for placements in ([one], [one, two], [two], [], [two, one]):
        machine.show(layout, placements)
        assert examine.wrong(layout, used=False) == []


def test_the_users_files_are_in_every_later_state(machine: Machine) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo")
    machine.show(layout, [demo])
    put(f"{layout.site_packages}/mine.py", "mine = 1\n")
    put(f"{layout.site_packages}/mine_too/deep/x.py", "x = 1\n")
    os.symlink("mine.py", f"{layout.site_packages}/linked.py")
    first = machine.show(layout, [])
    put(f"{layout.site_packages}/mine.py", "mine = 2  # changed later\n")
    for number in (first.parent, 0, first.number, first.parent):
        machine.again(layout, number)
        assert text(f"{layout.site_packages}/mine.py") == "mine = 2  # changed later\n"
        assert text(f"{layout.site_packages}/mine_too/deep/x.py") == "x = 1\n"
        assert os.readlink(f"{layout.site_packages}/linked.py") == "mine.py"
    os.unlink(f"{layout.site_packages}/mine.py")
    machine.again(layout, 0)
    assert not os.path.lexists(f"{layout.site_packages}/mine.py")


def test_the_user_and_distributions_share_a_namespace(machine: Machine) -> None:
    layout = machine.create()
    one = machine.unpacked("one", files={"ns/one/__init__.py": "1"})
    two = machine.unpacked("two", files={"ns/two/__init__.py": "2"})
    machine.show(layout, [one])
    put(f"{layout.site_packages}/ns/own/x.py", "own")
    for placements in ([], [two], [one, two], [], [one]):
        machine.show(layout, placements)
        assert text(f"{layout.site_packages}/ns/own/x.py") == "own"
        assert os.path.isfile(f"{layout.site_packages}/ns/two/__init__.py") == (two in placements)


@pytest.mark.parametrize("own", ["demo.py", "demo/x.py"])
def test_a_distribution_never_takes_the_place_of_the_users_file(machine: Machine, own: str) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", files={"demo.py": "", "demo/__init__.py": "x = 1\n"})
    other = machine.unpacked("other")
    machine.show(layout, [other])
    put(f"{layout.site_packages}/{own}", "the user's")
    before = examine.visible(layout)
    with pytest.raises(PathCollision, match="belongs to no distribution"):
        machine.show(layout, [other, demo])
    assert examine.visible(layout) == before
    assert text(f"{layout.site_packages}/{own}") == "the user's"


def test_a_data_file_never_takes_the_place_of_a_foreign_one(machine: Machine) -> None:
    layout = machine.create()
    mine = put(f"{machine.env}/share/demo/x", "the user's")
    with pytest.raises(PathCollision, match="share/demo/x is there already"):
        machine.show(layout, [machine.unpacked("demo", data={"share/demo/x": "x"})])
    assert text(mine) == "the user's"


def test_a_script_never_takes_the_place_of_a_foreign_one(machine: Machine) -> None:
    layout = machine.create()
    mine = put(f"{layout.bin}/run", "the user's")
    with pytest.raises(TransactionError, match="bin/run is there already"):
        machine.show(layout, [machine.unpacked("demo", entry_points={"run": "demo:main"})])
    assert text(mine) == "the user's"


@pytest.mark.parametrize(
    ("one", "other"),
    [({"Run": "demo:a", "run": "demo:b"}, {}), ({"Run": "demo:a"}, {"run": "demo:b"})],
)
def test_scripts_that_differ_in_case_only_need_a_file_system_that_tells_case(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, one: dict[str, str], other: dict[str, str]
) -> None:
    layout = machine.create()
    wanted = [
        machine.unpacked("demo", entry_points=one),
        machine.unpacked("other", entry_points=other),
    ]
    assert not case.is_ignored(f"{layout.root}/pyvenv.cfg")
    before = examine.visible(layout)
    with monkeypatch.context() as ignoring:
        ignoring.setattr(case, "is_ignored", lambda path: path == f"{layout.root}/pyvenv.cfg")
        with pytest.raises(PathCollision, match=r"Run of demo and run of .* are one file in .*bin"):
            machine.show(layout, wanted)
    assert examine.visible(layout) == before
    machine.show(layout, wanted)
    assert {"Run", "run"} <= set(os.listdir(layout.bin))
    assert text(f"{layout.bin}/Run") != text(f"{layout.bin}/run")


def test_configuration_that_the_user_changed_is_kept_and_told(machine: Machine) -> None:
    layout = machine.create()
    old = machine.unpacked("demo", "1.0", data={"etc/demo.conf": "1", "etc/other.conf": "1"})
    new = machine.unpacked("demo", "2.0", data={"etc/demo.conf": "2", "etc/other.conf": "2"})
    machine.show(layout, [old])
    mine = put(f"{machine.env}/etc/demo.conf", "the user's")
    machine.show(layout, [new])
    assert (text(mine), text(f"{machine.env}/etc/other.conf")) == ("the user's", "2")
    said = Said()
    machine.show(layout, [], said=said)
    assert "etc/demo.conf was changed by hand and is kept" in said.text
    assert os.listdir(f"{machine.env}/etc") == ["demo.conf"]
    said = Said()
    machine.again(layout, 2, said=said)
    assert "etc/demo.conf is kept as it is" in said.text
    assert (text(mine), text(f"{machine.env}/etc/other.conf")) == ("the user's", "2")


def test_data_files_are_real_and_configuration_is_not_shared(machine: Machine) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", data={"etc/demo.conf": "1", "share/demo/x": "x"})
    machine.show(layout, [demo])
    source = f"{layout.private}/{demo.source}/data"
    for path in ("etc/demo.conf", "share/demo/x"):
        assert stat.S_ISREG(os.lstat(f"{machine.env}/{path}").st_mode)
    assert os.path.samefile(f"{machine.env}/share/demo/x", f"{source}/share/demo/x")
    assert not os.path.samefile(f"{machine.env}/etc/demo.conf", f"{source}/etc/demo.conf")


def test_who_changes_files_meanwhile_is_noticed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    before = examine.visible(layout)
    real = durable.order

    def meddle(paths: Iterable[str]) -> None:
        listed = list(paths)
        real(listed)
        if listed and listed[0].endswith("slot.json"):
            put(f"{layout.site_packages}/meanwhile.py", "")

    monkeypatch.setattr(durable, "order", meddle)
    with pytest.raises(TransactionError, match="changed by others in the meantime"):
        machine.show(layout, [])
    monkeypatch.undo()
    assert {*examine.visible(layout)} - {*before} == {"site/./meanwhile.py"}
    machine.show(layout, [])
    assert os.path.exists(f"{layout.site_packages}/meanwhile.py")


def test_no_room_is_told_and_nothing_changes(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    before = examine.seen(layout)

    def full(path: str, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    more = machine.unpacked("more", files={"more.py": ""})
    monkeypatch.setattr(ops, "copy", lambda _, target: full(target))
    with pytest.raises(TransactionError, match=r"No space left on device: .*more\.py") as caught:
        machine.show(layout, [more])
    assert caught.value.hint == "the state before still holds; mend the cause and try again"
    monkeypatch.undo()
    assert examine.seen(layout) == before
    assert examine.wrong(layout) == []


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_after_the_switch_there_is_only_forward(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", data={"share/demo/x": "x"})
    machine.show(layout, [demo])
    real = ops.unlink
    failing = [error]

    def unlink(path: str) -> None:
        if path.endswith("share/demo/x") and failing:
            raise failing.pop()
        real(path)

    monkeypatch.setattr(ops, "unlink", unlink)
    if isinstance(error, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt, match="was changed before that"):
            machine.show(layout, [])
    else:
        machine.show(layout, [])
    assert failing == []
    monkeypatch.undo()
    with Held(layout) as held:
        assert held.shown.placements == ()
    assert examine.wrong(layout) == []


def test_a_failure_that_stays_is_told_truly(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", data={"share/demo/x": "x"})])
    real = ops.unlink

    def unlink(path: str) -> None:
        if path.endswith("share/demo/x"):
            raise OSError(5, "Input/output error", path)
        real(path)

    monkeypatch.setattr(ops, "unlink", unlink)
    with pytest.raises(
        TransactionError, match="was changed, but could not be put in order"
    ) as told:
        machine.show(layout, [])
    assert told.value.hint == "the next command does it, once the cause is mended"
    monkeypatch.undo()
    with Held(layout) as held:
        assert held.shown.placements == ()
    assert examine.wrong(layout) == []
    assert not os.path.exists(f"{machine.env}/share")


def test_a_state_that_cannot_be_written_is_no_failure(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = machine.create()
    real = ops.write

    def write(path: str, data: bytes, mode: int = 0o666) -> None:
        if "/.alcove/.state." in path:
            raise OSError(28, "No space left on device", path)
        real(path, data, mode)

    monkeypatch.setattr(ops, "write", write)
    said = Said()
    machine.show(layout, [machine.unpacked("demo")], said=said)
    assert "No space left on device" in said.text
    monkeypatch.undo()
    assert state.read(layout) is None
    with Held(layout) as held:
        assert [one.name for one in held.shown.placements] == ["demo"]
    assert state.read(layout) is not None


def test_busy(machine: Machine) -> None:
    layout = machine.create()
    with Lock(f"{layout.private}/lock").acquire() as lock:
        lock.sign("process 1234")
        with (
            pytest.raises(EnvironmentBusy, match="is being changed by process 1234"),
            Held(layout, wait=0),
        ):
            pass
    with Held(layout, wait=0):
        assert os.path.isfile(f"{layout.private}/lock")


def test_where_one_may_not_write(machine: Machine) -> None:
    layout = machine.create()
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    os.chmod(f"{layout.private}/lock", 0o444)
    with pytest.raises(TransactionError, match="may not be changed by this user"), Held(layout):
        pass


@pytest.mark.parametrize("content", ["", "{", '{"format":1}', '{"format":99}', "[]", "\0\0\0"])
def test_a_torn_hidden_slot_is_made_anew(machine: Machine, content: str) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo")
    machine.show(layout, [demo])
    path = f"{layout.slot(layout.hidden())}/slot.json"
    os.unlink(path)  # it is a file of two names
    put(path, content)
    os.unlink(f"{layout.private}/state")
    machine.show(layout, [])
    assert examine.wrong(layout) == []


@pytest.mark.parametrize("content", ["", "{", "[1,2]", '["a","b",1,2,3,4]', "null"])
def test_a_torn_state_counts_as_none(machine: Machine, content: str) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    put(f"{layout.private}/state", content)
    assert state.read(layout) is None
    machine.show(layout, [])
    assert examine.wrong(layout) == []


def test_a_torn_generation_is_made_good_from_the_slot(machine: Machine) -> None:
    layout = machine.create()
    found = machine.show(layout, [machine.unpacked("demo")])
    path = f"{layout.private}/generations/{found.number}.json"
    os.unlink(path)
    put(path, "")
    os.unlink(f"{layout.private}/state")  # as after another start of the system
    with Held(layout):
        pass
    assert generations.load(layout, found.number) == found


def test_a_link_that_is_no_switch_is_told(machine: Machine) -> None:
    layout = machine.create()
    os.unlink(layout.current)
    os.symlink("../../elsewhere", layout.current)
    with pytest.raises(NotAnEnvironment, match="which is no slot"), Held(layout):
        pass


def test_undo_redo_and_rollback_follow_the_parents(machine: Machine) -> None:
    layout = machine.create()
    one, two, three = (machine.unpacked(name) for name in ("one", "two", "three"))
    machine.show(layout, [one])
    machine.show(layout, [one, two])
    machine.again(layout, 1)
    branch = machine.show(layout, [one, three])
    assert (branch.number, branch.parent) == (3, 1)
    assert generations.below(layout, branch) == 1
    first = machine.again(layout, 1)
    assert generations.above(layout, first) == 3
    with pytest.raises(TransactionError, match="nothing to undo"):
        generations.below(layout, machine.again(layout, 0))
    with pytest.raises(TransactionError, match="nothing to redo"):
        generations.above(layout, machine.again(layout, 2))
    with pytest.raises(TransactionError, match="generation 7 is not kept"):
        machine.again(layout, 7)
    assert generations.numbers(layout) == [0, 1, 2, 3]


def test_prune_keeps_the_last_the_young_and_the_shown(machine: Machine) -> None:
    layout = machine.create()
    for number in range(5):
        machine.show(layout, [machine.unpacked("demo", f"{number}.0")])
    machine.again(layout, 1)
    now = os.stat(f"{layout.private}/generations/5.json").st_mtime
    assert generations.prune(layout, shown=1, keep=2, newest=100, now=now) == []
    assert generations.prune(layout, shown=1, keep=2, newest=100, now=now + 200) == [0, 2, 3]
    assert generations.numbers(layout) == [1, 4, 5]


def test_an_environment_that_moved_gets_right_launchers(machine: Machine) -> None:
    layout = machine.create()
    demo = machine.unpacked("demo", entry_points={"run": "demo:main"}, data={"share/x": "x"})
    found = machine.show(layout, [demo])
    os.rename(machine.env, f"{machine.root}/moved")
    moved = Layout(f"{machine.root}/moved", layout.library)
    with Held(moved) as held:
        assert held.shown.number == found.number
    assert text(f"{moved.bin}/run").startswith(f"#!{moved.root}/bin/python\n")
    assert examine.wrong(moved) == []
    assert [one.prefix for one in generations.history(moved)] == [machine.env, moved.root]
    machine.again(moved, 0)
    machine.again(moved, 1)
    assert text(f"{moved.bin}/run").startswith(f"#!{moved.root}/bin/python\n")
    assert examine.wrong(moved) == []


def test_a_copy_is_an_environment_of_its_own(machine: Machine) -> None:
    import shutil

    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", entry_points={"run": "demo:main"})])
    before = examine.seen(layout)
    shutil.copytree(machine.env, f"{machine.root}/copy", symlinks=True)
    copy = Layout(f"{machine.root}/copy", layout.library)
    machine.show(copy, [])
    assert examine.seen(layout) == before
    assert examine.wrong(layout) == []
    assert examine.wrong(copy) == []


def test_bytecode_directories_are_made_for_all_but_the_pip_of_ours(machine: Machine) -> None:
    whole = machine.unpacked(
        "demo", files={"demo/__init__.py": "x = 1\n", "demo/below/__init__.py": "x = 1\n"}
    )
    real = whole._replace(links=(), trees=("demo",), record="materialised")
    for number, (placement, there) in enumerate(
        ((real, True), (real._replace(record="seed"), False))
    ):
        layout = Layout(f"{machine.root}/{number}", machine.create().library)
        os.rename(machine.env, layout.root)
        machine.show(layout, [placement])
        for folder in ("demo", "demo/below"):
            assert os.path.isfile(f"{layout.site_packages}/{folder}/__init__.py")
            assert os.path.isdir(f"{layout.site_packages}/{folder}/__pycache__") is there


@pytest.mark.parametrize("weights", [[1] * 9, [300], [7] * 3000, [49, 1, 51, 2] * 400, [99] * 5000])
def test_there_are_never_more_pieces_than_two_processes_can_share(weights: list[int]) -> None:
    placements: list[Any] = list(range(len(weights)))
    groups: list[list[Any]] = slots._grouped(
        placements, weights, max(2 * sum(weights) // halves.MOST, slots._PIECE)
    )
    assert [one for group in groups for one in group] == placements
    assert len(groups) + 2 <= halves.MOST
    assert all(sum(weights[one] for one in group) >= slots._PIECE for group in groups[:-1])
