"""What others do to an environment (pip, uv, a person): noticed, kept, told, and part of every later state."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.environments import comparing, rendering
from alcove.store import roots
from alcove.store.layout import store_at
from alcove.testing.wheels import wheel
from alcove.transactions import generations, restore, state
from alcove.transactions.apply import Held
from tests.crash import examine
from tests.unit.transactions.machine import Machine, Said

if TYPE_CHECKING:
    from typing import Unpack

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.testing.wheels import Parts


def put(path: str, content: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(content, encoding="utf-8")


def install(
    machine: Machine, layout: Layout, name: str, version: str, **parts: Unpack[Parts]
) -> None:
    """Place a wheel's files as pip does: real files, scripts in bin, both in RECORD."""
    path = wheel(f"{machine.root}/outside", name, version, **parts)
    site = layout.site_packages
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            target = f"{site}/{member}"
            if f"{name}-{version}.data/data/" in member:
                target = f"{layout.root}/{member.partition('.data/data/')[2]}"
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            Path(target).write_bytes(archive.read(member))
    record = f"{site}/{name}-{version}.dist-info/RECORD"
    rows = (
        Path(record)
        .read_text(encoding="utf-8")
        .replace(f"{name}-{version}.data/data/", "../../../")
    )
    for script in parts.get("entry_points", {}):
        put(f"{layout.bin}/{script}", f"#!{layout.python}\n# {name} {version}\n")
        os.chmod(f"{layout.bin}/{script}", 0o700)
        rows += f"../../../bin/{script},,\n"
    Path(record).write_text(rows, encoding="utf-8")
    put(f"{site}/{name}-{version}.dist-info/INSTALLER", "pip\n")


def uninstall(layout: Layout, dist_info: str) -> None:
    """Remove what RECORD lists, in its order, following no link: the way of pip and uv."""
    site = layout.site_packages
    rows = Path(f"{site}/{dist_info}/RECORD").read_text(encoding="utf-8").splitlines()
    for row in rows:
        path = os.path.normpath(f"{site}/{row.partition(',')[0]}")
        if os.path.islink(path) or os.path.isfile(path):
            os.unlink(path)
    shutil.rmtree(f"{site}/{dist_info}")


def noticed(layout: Layout) -> tuple[Generation, str]:
    """Let the next command notice; return what is shown then, and what it said."""
    said = Said()
    with Held(layout, reporter=said) as held:
        return held.shown, said.text


def names(generation: Generation) -> list[str]:
    return [f"{one.name} {one.version}" for one in generation.placements]


def test_nothing_is_noticed_where_nothing_happened(machine: Machine) -> None:
    layout = machine.create()
    shown = machine.show(layout, [machine.unpacked("demo")])
    os.unlink(f"{layout.private}/state")
    assert noticed(layout) == (shown, "")


def test_a_distribution_added_outside_is_kept(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    data = {"share/theirs/x": "x"}
    install(machine, layout, "theirs", "1.0", entry_points={"run": "theirs:main"}, data=data)
    before = examine.seen(layout)
    shown, said = noticed(layout)
    assert "kept as generation 2" in said
    assert (shown.number, shown.parent, shown.outside, shown.why) == (2, 1, True, "changed outside")
    assert names(shown) == ["demo 1.0", "theirs 1.0"]
    assert examine.seen(layout) == before
    assert os.readlink(f"{layout.bin}/run") == "../.alcove/current/bin/run"
    assert examine.wrong(layout) == []
    machine.again(layout, 1)
    assert not os.path.lexists(f"{layout.site_packages}/theirs")
    assert not os.path.lexists(f"{layout.bin}/run")
    assert not os.path.lexists(f"{layout.root}/share")
    machine.again(layout, 0)
    machine.again(layout, 2)
    assert examine.seen(layout) == before
    assert examine.wrong(layout) == []


def test_a_distribution_that_the_hidden_slot_holds_too_keeps_its_data_files(
    machine: Machine,
) -> None:
    parts: Parts = {"data": {"share/demo/x": "x", "etc/demo.conf": "y"}}
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", **parts)])
    machine.show(layout, [])
    install(machine, layout, "demo", "1.0", **parts)
    before = examine.seen(layout)
    assert "share/demo/x" in before.data
    shown, _ = noticed(layout)
    assert names(shown) == ["demo 1.0"]
    assert examine.seen(layout) == before
    machine.again(layout, 0)
    assert examine.data_of(layout).keys().isdisjoint(parts["data"])
    machine.again(layout, shown.number)
    assert examine.seen(layout) == before


def test_an_upgrade_outside_is_kept_and_can_be_undone(machine: Machine) -> None:
    layout = machine.create()
    files = {"demo/__init__.py": "old = 1\n", "demo/only_old.py": ""}
    demo = machine.unpacked("demo", files=files, entry_points={"run": "demo:main"})
    machine.show(layout, [demo, machine.unpacked("other")])
    old = examine.seen(layout)
    stored = examine._tree(f"{machine.root}/data/store")
    uninstall(layout, "demo-1.0.dist-info")
    install(machine, layout, "demo", "2.0", entry_points={"run": "demo:new"})
    new = examine.visible(layout)
    shown, _ = noticed(layout)
    assert names(shown) == ["demo 2.0", "other 1.0"]
    assert examine.visible(layout) == new
    assert examine._tree(f"{machine.root}/data/store") == stored
    machine.again(layout, 1)
    assert examine.seen(layout) == old
    machine.again(layout, shown.number)
    assert examine.visible(layout) == new
    assert examine.wrong(layout) == []


def test_a_removal_outside_is_kept(machine: Machine) -> None:
    layout = machine.create()
    files = {"demo/__init__.py": "x = 1\n", "demo_two.py": "", "ns/demo/__init__.py": "x = 1\n"}
    demo = machine.unpacked("demo", files=files, entry_points={"run": "demo:main"})
    machine.show(layout, [demo])
    old = examine.seen(layout)
    uninstall(layout, "demo-1.0.dist-info")
    shown, _ = noticed(layout)
    assert names(shown) == []
    assert not os.path.lexists(f"{layout.bin}/run")
    assert not os.path.lexists(f"{layout.current}/bin/run")
    assert examine.wrong(layout) == []
    machine.again(layout, 1)
    assert examine.seen(layout) == old


def test_an_uninstaller_that_knows_no_links_leaves_nothing(machine: Machine) -> None:
    layout = machine.create()
    machine.show(
        layout, [machine.unpacked("demo", files={"demo/__init__.py": "x = 1\n", "d.py": ""})]
    )
    shutil.rmtree(f"{layout.site_packages}/demo-1.0.dist-info")
    shown, _ = noticed(layout)
    assert names(shown) == []
    assert sorted(os.listdir(layout.site_packages)) == ["__pycache__", "_alcove.pth"]


def test_a_link_replaced_by_a_directory_is_noticed(machine: Machine) -> None:
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo")])
    os.unlink(f"{layout.site_packages}/demo")
    put(f"{layout.site_packages}/demo/__init__.py", "patched = 1\n")
    shown, said = noticed(layout)
    assert shown.outside
    assert "generation 2" in said
    assert shown.placements[0].source.startswith("kept/")
    machine.again(layout, 1)
    machine.again(layout, 2)
    assert (
        Path(f"{layout.site_packages}/demo/__init__.py").read_text(encoding="utf-8")
        == "patched = 1\n"
    )


def test_what_others_placed_goes_with_the_last_generation_that_names_it(machine: Machine) -> None:
    layout = machine.create()
    install(machine, layout, "theirs", "1.0")
    shown, _ = noticed(layout)
    kept = f"{layout.private}/kept"
    assert os.listdir(kept) == [shown.placements[0].source.partition("/")[2]]
    for number in range(3):
        machine.show(layout, [machine.unpacked("demo", f"{number}.0")])
    now = os.stat(f"{layout.private}/generations/4.json").st_mtime + 1000
    assert generations.prune(layout, shown=4, keep=1, newest=0, now=now) == [0, 1, 2, 3]
    assert os.listdir(kept) == []
    machine.show(layout, [])
    assert examine.wrong(layout) == []


def test_the_same_distribution_placed_twice_is_kept_once(machine: Machine) -> None:
    layout = machine.create()
    for _ in range(2):
        install(machine, layout, "theirs", "1.0")
        shown, _ = noticed(layout)
        assert names(shown) == ["theirs 1.0"]
        machine.again(layout, 0)
    assert len(os.listdir(f"{layout.private}/kept")) == 1


def test_a_record_that_leads_elsewhere_is_not_followed(machine: Machine) -> None:
    layout = machine.create()
    install(machine, layout, "theirs", "1.0")
    put(f"{machine.root}/secret", "secret")
    os.symlink(f"{machine.root}/secret", f"{layout.site_packages}/link.py")
    rows = ["../../../../secret,,", "/etc/passwd,,", "link.py,,", "../../../.alcove/lock,,", "\0,,"]
    with open(
        f"{layout.site_packages}/theirs-1.0.dist-info/RECORD", "a", encoding="utf-8"
    ) as stream:
        stream.writelines(f"{row}\n" for row in rows)
    shown, _ = noticed(layout)
    (found,) = shown.placements
    assert found.files in (("theirs/__init__.py",), ())
    assert found.data == ()
    machine.again(layout, 0)
    assert Path(f"{machine.root}/secret").read_text(encoding="utf-8") == "secret"


def test_a_dist_info_of_rubbish_is_no_obstacle(machine: Machine) -> None:
    layout = machine.create()
    for name in ("empty.dist-info", "no_version-.dist-info", "torn-1.0.dist-info"):
        os.mkdir(f"{layout.site_packages}/{name}")
    put(f"{layout.site_packages}/torn-1.0.dist-info/METADATA", "\xff\x00garbage")
    put(f"{layout.site_packages}/torn-1.0.dist-info/RECORD", '"unfinished')
    shown, _ = noticed(layout)
    assert len(shown.placements) == 3
    machine.show(layout, [*shown.placements, machine.unpacked("demo")])
    assert noticed(layout)[0].number == 2


def test_what_has_no_record_is_kept_once(machine: Machine) -> None:
    """Who unpacks by hand writes none; each later look must know it again, and what is done to it all the same."""
    layout = machine.create()
    site = layout.site_packages
    os.mkdir(f"{site}/empty-1.0.dist-info")
    put(f"{site}/bare-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bare\nVersion: 1.0\n")
    put(f"{site}/odd-1.0.dist-info/direct_url.json", "{}")
    assert noticed(layout)[0].number == 1
    for number in range(3):
        put(f"{site}/touched{number}", "")
        assert noticed(layout) == (noticed(layout)[0], "")
        assert noticed(layout)[0].number == 1
    put(
        f"{site}/bare-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bare\nVersion: 1.0.1\n"
    )
    put(f"{site}/touched", "")
    assert noticed(layout)[0].number == 2
    put(f"{site}/odd-1.0.dist-info/RECORD", "odd-1.0.dist-info/direct_url.json,,\n")
    put(f"{site}/touched again", "")
    assert noticed(layout)[0].number == 3
    shutil.rmtree(f"{site}/empty-1.0.dist-info")
    shown, said = noticed(layout)
    assert (shown.number, names(shown)) == (4, ["bare 1.0.1", "odd 1.0"]), said


def upgrade_in_place(layout: Layout, name: str, *, files: dict[str, str]) -> None:
    """Upgrade to 2.0 as pdm does: the new files first, through whatever stands there, then what only the old one has."""
    site = layout.site_packages
    rows = Path(f"{site}/{name}-1.0.dist-info/RECORD").read_text(encoding="utf-8").splitlines()
    old = [row.partition(",")[0] for row in rows]
    for path, content in files.items():
        Path(f"{site}/{path}").unlink(missing_ok=True)
        put(f"{site}/{path}", content)
    info = f"{site}/{name}-2.0.dist-info"
    put(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.0\n")
    put(
        f"{info}/RECORD",
        "".join(f"{path},,\n" for path in (*files, f"{name}-2.0.dist-info/RECORD")),
    )
    for path in old:
        if path not in files and path != name and os.path.isfile(f"{site}/{path}"):
            os.unlink(f"{site}/{path}")
    shutil.rmtree(f"{site}/{name}-1.0.dist-info")


def test_an_upgrade_through_a_link_is_kept_and_told(machine: Machine) -> None:
    """It goes into the store: what was written stays this environment's, and who shares the entry is named."""
    layout = machine.create()
    files = {f"demo/{one}.py": f"{one} = 1\n" for one in ("__init__", "old", "same")}
    demo = machine.unpacked("demo", files=files)
    machine.show(layout, [demo])
    roots.register(store_at(f"{machine.root}/data"), "/other/env", [demo.source[2:]])
    assert os.path.islink(f"{layout.site_packages}/demo")
    new = {"demo/__init__.py": "new = 2\n", "demo/same.py": "same = 1\n", "demo/fresh.py": ""}
    upgrade_in_place(layout, "demo", files=new)

    shown, text = noticed(layout)
    assert names(shown) == ["demo 2.0"]
    assert "wrote through" in text
    assert "/other/env shares" in text
    site = Path(layout.site_packages)
    assert not (site / "demo").is_symlink()
    assert (site / "demo" / "__init__.py").read_text(encoding="utf-8") == "new = 2\n"
    assert sorted(path.name for path in (site / "demo").glob("*.py")) == [
        "__init__.py",
        "fresh.py",
        "same.py",
    ]
    assert noticed(layout) == (shown, "")
    again = machine.unpacked("other")
    machine.show(layout, [*shown.placements, again])
    assert (site / "demo" / "__init__.py").read_text(encoding="utf-8") == "new = 2\n"
    assert examine.wrong(layout, used=False) == []


@pytest.mark.parametrize("way", ["changed", "looked"])
def test_what_others_do_in_the_same_second_is_noticed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    layout = machine.create()
    moment = 1_700_000_000 * 10**9
    real = state.stamps

    def coarse(layout: Layout) -> tuple[int, int]:
        """Return what a file system says that knows whole seconds only, in one and the same second."""
        site, scripts = (min(moment, stamp) for stamp in real(layout))
        return site, scripts

    monkeypatch.setattr(state, "stamps", coarse)
    monkeypatch.setattr(time, "time_ns", lambda: moment + 10**9 // 2)
    machine.show(layout, [machine.unpacked("demo")])
    if way == "looked":
        os.unlink(f"{layout.private}/state")
        assert noticed(layout)[1] == ""
    assert state.read(layout) is not None
    install(machine, layout, "theirs", "1.0")
    assert state.read(layout) is None
    shown, said = noticed(layout)
    assert "kept as generation 2" in said
    assert names(shown) == ["demo 1.0", "theirs 1.0"]


def test_what_others_do_while_a_command_thinks_is_noticed_by_the_next(
    machine: Machine,
) -> None:
    layout = machine.create()
    with Held(
        layout
    ):  # the first one after the creation: nobody wrote down yet that all is in line
        install(machine, layout, "other", "1.0")
    with Held(layout) as held:
        assert [one.name for one in held.shown.placements] == ["other"]
        assert held.shown.outside


def test_a_command_that_changes_nothing_leaves_word_that_all_is_in_line(machine: Machine) -> None:
    layout = machine.create()
    assert state.read(layout) is None
    with Held(layout):
        pass
    assert state.read(layout) is not None


def test_nothing_is_written_where_an_environment_was_moved_away_meanwhile(machine: Machine) -> None:
    layout, said = machine.create(), Said()
    with Held(layout, reporter=said):
        os.rename(layout.root, f"{machine.root}/elsewhere")
    assert said.events == []
    assert not os.path.exists(layout.root)


def test_what_is_kept_is_not_reached_by_who_takes_it_away_again(machine: Machine) -> None:
    """Its RECORD is another installer's, without links in it: a link in its dist-info led uv into what is kept."""
    layout = machine.create()
    machine.show(layout, [])
    theirs = {"licenses/LICENSE": "free\n", "licenses/more/NOTICE": "here\n"}
    install(machine, layout, "theirs", "1.0", dist_info=theirs)
    shown, _ = noticed(layout)
    before = examine.seen(layout)
    for _ in range(2):
        uninstall(layout, "theirs-1.0.dist-info")
        gone, _ = noticed(layout)
        assert names(gone) == []
        machine.again(layout, shown.number)
        assert examine.seen(layout) == before
        own = f"{layout.site_packages}/theirs-1.0.dist-info"
        assert not os.path.islink(f"{own}/licenses")
        assert Path(f"{own}/licenses/more/NOTICE").read_text(encoding="utf-8") == "here\n"
    assert examine.wrong(layout) == []
    slot = rendering.slot(layout, layout.shown(), mode=shown.mode)
    assert comparing.differences(slot, shown.placements[0]) == []
    os.unlink(f"{own}/licenses/LICENSE")
    (found,) = comparing.differences(slot, shown.placements[0])
    assert (found.kind, found.what) == ("file", "missing")
    restore.put_back(layout, shown, [(shown.placements[0], found)])
    assert examine.seen(layout) == before


def test_what_a_stopped_pip_left_does_not_take_the_place_of_the_distribution(
    machine: Machine,
) -> None:
    layout = machine.create()
    shown = machine.show(layout, [machine.unpacked("demo")])
    put(f"{layout.site_packages}/~emo-1.0.dist-info/METADATA", "Name: demo\nVersion: 1.0\n")
    assert noticed(layout) == (shown, "")
    machine.show(layout, [*shown.placements, machine.unpacked("more")])
    assert os.path.isfile(f"{layout.site_packages}/~emo-1.0.dist-info/METADATA")  # the user's own
    assert examine.wrong(layout) == []


@pytest.mark.parametrize("target", ["", "nowhere", "odd-1.0.dist-info"])
def test_what_is_no_directory_is_no_distribution(machine: Machine, target: str) -> None:
    layout = machine.create()
    shown = machine.show(layout, [machine.unpacked("demo")])
    path = Path(f"{layout.site_packages}/odd-1.0.dist-info")
    if target:
        path.symlink_to(target)
    else:
        path.touch()
    assert noticed(layout) == (shown, "")
    machine.show(layout, [*shown.placements, machine.unpacked("more")])
    assert os.path.lexists(f"{layout.site_packages}/odd-1.0.dist-info")


def test_a_name_that_is_no_text_is_kept(machine: Machine) -> None:
    layout = machine.create()
    install(machine, layout, "theirs", "1.0")
    name = os.fsdecode(b"theirs-1.0.dist-info/\xff")
    put(f"{layout.site_packages}/{name}", "x")
    assert names(noticed(layout)[0]) == ["theirs 1.0"]
    machine.show(layout, [])
    machine.again(layout, 1)
    assert os.path.isfile(f"{layout.site_packages}/{name}")


def test_what_makes_the_environment_one_does_not_go_with_a_distribution_of_others(
    machine: Machine,
) -> None:
    layout = machine.create()
    install(machine, layout, "theirs", "1.0", data={"share/theirs": "x"})
    own = ("pyvenv.cfg", ".alcove/lock", "bin/activate", "bin/python3", "bin/pip")
    put(f"{layout.bin}/pip", "of the environment")
    os.unlink(f"{layout.bin}/python3")
    put(f"{layout.bin}/python3", "a copy")
    anchor = f"{layout.site_packages}/_alcove.pth"
    with open(f"{layout.site_packages}/theirs-1.0.dist-info/RECORD", "a", encoding="utf-8") as rows:
        rows.write("_alcove.pth,,\n" + "".join(f"../../../{path},,\n" for path in own))
    shown, _ = noticed(layout)
    assert [row.path for row in shown.placements[0].data] == ["share/theirs"]
    assert shown.placements[0].launchers == ()
    machine.show(layout, [])
    assert not os.path.lexists(f"{layout.root}/share")
    assert [path for path in own if not os.path.isfile(f"{layout.root}/{path}")] == []
    assert os.path.isfile(anchor)
