"""What a stopped pip left in `site-packages`: named by `verify`, removed by `repair`, unless it may be anybody's work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alcove.actions.diagnosis import foresee
from alcove.actions.repair import repair
from alcove.actions.stashes import findings, is_stash, mends, of_others
from alcove.actions.verify import verify
from alcove.events import Silent
from alcove.settings import read
from alcove.testing.wheels import record_hash
from tests.unit.transactions.machine import Machine

CODE = b"x = 1\n"


def stop(site: Path, *, code: bytes = CODE, record: bool = True) -> None:
    """Leave what pip leaves when it is killed while it removes demo."""
    info = site / "~emo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: demo\nVersion: 1.0\n")
    (info / "INSTALLER").write_text("pip\n")
    if record:
        rows = [f"demo/__init__.py,{record_hash(CODE)},{len(CODE)}"]
        rows += [f"demo-1.0.dist-info/{name},," for name in ("METADATA", "INSTALLER", "RECORD")]
        (info / "RECORD").write_text("\n".join(rows))
    module = site / "~-mo"
    (module / "__pycache__").mkdir(parents=True)
    (module / "__init__.py").write_bytes(code)
    (module / "__pycache__" / "__init__.cpython-312.pyc").write_bytes(b"")


def named(site: Path) -> tuple[list[str], list[str]]:
    """Return the names of those that are pip's, and of those that look so and stay."""
    sure = [os.path.basename(one.path) for one in findings(str(site))]
    return sure, [
        text.partition(" has the name")[0][len(f"{site}/") :] for text in of_others(str(site))
    ]


def test_all_that_pip_left_is_known(tmp_path: Path) -> None:
    stop(tmp_path)
    (tmp_path / "~").mkdir()
    assert named(tmp_path) == (["~", "~-mo", "~emo-1.0.dist-info"], [])
    for one in mends(str(tmp_path)):
        one.act()
    assert not list(tmp_path.iterdir())


def change(site: Path) -> None:
    (site / "~-mo" / "__init__.py").write_bytes(CODE + b"y = 2\n")


def add(site: Path) -> None:
    (site / "~-mo" / "notes.txt").write_bytes(b"")


def link(site: Path) -> None:
    (site / "~-mo" / "data").symlink_to("/etc")


def rename(site: Path) -> None:
    (site / "~-mo").rename(site / "~-mine")


def tear(site: Path) -> None:
    (site / "~emo-1.0.dist-info" / "RECORD").write_bytes(b'"demo/__init__.py,')


@pytest.mark.parametrize("act", [change, add, link, rename, tear])
def test_what_may_be_anybodys_stays(tmp_path: Path, act: object) -> None:
    stop(tmp_path)
    assert callable(act)
    act(tmp_path)
    [left] = [one.name for one in tmp_path.iterdir() if one.name.startswith("~-")]
    assert named(tmp_path) == (["~emo-1.0.dist-info"], [left])


def test_a_dist_info_half_removed_and_what_is_no_directory(tmp_path: Path) -> None:
    stop(tmp_path, record=False)
    (tmp_path / "~file").write_bytes(b"")
    (tmp_path / "~link").symlink_to("~-mo")
    assert named(tmp_path) == (["~emo-1.0.dist-info"], ["~-mo"])
    (tmp_path / "~emo-1.0.dist-info" / "notes").write_bytes(b"")
    assert named(tmp_path) == ([], ["~-mo", "~emo-1.0.dist-info"])
    assert named(tmp_path / "gone") == ([], [])


def test_a_dist_info_of_which_only_licenses_are_left(tmp_path: Path) -> None:
    info = tmp_path / "~emo-1.0.dist-info"
    (info / "licenses" / "more").mkdir(parents=True)
    (info / "licenses" / "more" / "MIT.txt").write_text("as is")
    (info / "LICENSE.rst").write_text("as is")
    assert named(tmp_path) == (["~emo-1.0.dist-info"], [])
    info.rename(tmp_path / "~emo")
    assert named(tmp_path) == ([], ["~emo"])


def test_what_has_no_file_but_bytecode_is_nobodys_work(tmp_path: Path) -> None:
    (tmp_path / "~emo" / "sub" / "__pycache__").mkdir(parents=True)
    (tmp_path / "~emo" / "sub" / "__pycache__" / "a.cpython-312.pyc").write_bytes(b"")
    assert named(tmp_path) == (["~emo"], [])
    (tmp_path / "~emo" / "sub" / "a.py").write_bytes(CODE)
    assert named(tmp_path) == ([], ["~emo"])


def test_a_record_that_is_gone_lies_with_an_earlier_state(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    for version, code in (("1.0", CODE.decode()), ("2.0", "x = 2\n")):
        machine.show(layout, [machine.unpacked("demo", version, files={"demo/__init__.py": code})])
    site = Path(os.path.realpath(layout.site_packages))
    for name, left_there in (("~emo", CODE), ("~%mo", CODE + b"y = 2\n")):
        (site / name).mkdir()
        (site / name / "__init__.py").write_bytes(left_there)
    found = verify(layout.root, settings)
    left = [os.path.basename(one.path) for one in found.findings if one.part == "leftover"]
    assert left == ["~emo"]
    [text] = [text for text in found.told if "~%mo" in text]
    assert text.endswith(f"it stays (if nothing in it is yours: rm -r '{site}/~%mo')")
    foreseen, _ = foresee(layout, settings, Silent())
    done = repair(layout.root, settings).done
    assert [text for text in done if "stopped" in text] == [
        text for text in foreseen if "stopped" in text
    ]
    assert [one.name for one in site.iterdir() if "~" in one.name] == ["~%mo"]


def test_names() -> None:
    for name, original in (("~a", "a"), ("~%%o", "demo"), ("~-~demo", "demo")):
        assert is_stash(name, original), name
    for name, original in (("~xmo", "demo"), ("emo", "demo"), ("~", "demo"), ("~xdemo", "demo")):
        assert not is_stash(name, original), name


def test_repair_says_it_first_and_removes_it(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", files={"demo/__init__.py": CODE.decode()})])
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    site = tmp_path / os.path.relpath(os.path.realpath(layout.site_packages), tmp_path)
    stop(site)
    (site / "~mine").mkdir()
    (site / "~mine" / "notes.txt").write_bytes(b"")
    found = verify(layout.root, settings)
    left = [os.path.basename(one.path) for one in found.findings if one.part == "leftover"]
    assert left == ["~-mo", "~emo-1.0.dist-info"]
    assert any("~mine has the name" in text for text in found.told)
    foreseen, _ = foresee(layout, settings, Silent())
    done = repair(layout.root, settings).done
    assert [text for text in done if "stopped" in text] == [
        text for text in foreseen if "stopped" in text
    ]
    assert {one.name for one in site.iterdir() if "~" in one.name} == {"~mine"}
    assert not [one for one in verify(layout.root, settings).findings if one.part == "leftover"]
    machine.show(layout, [])  # the other slot, in which they never were, shows the same
    shown = os.listdir(os.path.realpath(layout.site_packages))
    assert [name for name in shown if name.startswith("~")] == ["~mine"]
