"""`verify` finds what was done to an environment, and `repair` puts it right."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from alcove.files.locking import Lock
from scripts.import_graph import ROOT
from tests.unit.dry import held_against, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.functional.commands.conftest import User


@pytest.fixture
def filled(user: User) -> User:
    """Give a user whose environment holds a distribution of every kind of file."""
    user.install("meal", "flavour==1.0")
    assert user.ask("verify")["findings"] == []
    return user


def entry_of(user: User, name: str) -> Path:
    (found,) = (user.home / "alcove-data" / "store" / "entries-v1").glob(f"{name}-*")
    return found


def found(user: User, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = user.ask("verify", *words, code=1)["findings"]
    return rows


def foretold(user: User, *words: str) -> tuple[list[str], bool]:
    """Return what a dry run says would be done, and whether that is all; nothing is touched for it."""
    places = str(user.project), str(user.home / "alcove-data")
    before = [whole(place) for place in places]
    told = user.type("repair", *words, "--dry-run", "--json")
    assert [whole(place) for place in places] == before
    found = json.loads(told.stdout)
    assert (found["left"], found["reasons"]) == ([], [])
    return found["done"], "shows only when that is put right" not in told.stderr


def repaired(user: User, *words: str) -> dict[str, Any]:
    dry = foretold(user, *words)
    done: dict[str, Any] = user.ask("repair", "--no-index", "-f", str(user.wheels), *words)
    held_against(dry, done["done"])
    assert done["left"] == []
    assert done["reasons"] == []
    answer = user.ask("verify", "--all")
    assert (answer["findings"], answer["told"]) == ([], [])
    assert user.python("import flavour, single, meal; print(flavour.name)") == "flavour"
    return done


def test_verify_says_so_where_all_is_well(filled: User) -> None:
    assert "as it was placed" in filled.type("verify").stdout
    assert "as it was placed" in filled.type("verify", "--all").stdout
    assert "as it was placed" in filled.type("repair", "--dry-run").stdout
    assert "as it was placed" in filled.type("repair").stdout


def remove_link(user: User) -> None:
    (user.site_packages / "flavour").unlink()


def remove_link_and_go_on(user: User) -> None:
    """Remove it, and let a command look at the environment before anybody verifies."""
    remove_link(user)
    told = user.install("flavour==1.0").stderr
    assert "flavour 1.0: installed, but not whole" in told


def replace_link(user: User) -> None:
    (user.site_packages / "flavour").unlink()
    (user.site_packages / "flavour").mkdir()
    (user.site_packages / "flavour" / "mine.py").write_text("mine = 1\n")


def lead_link_elsewhere(user: User) -> None:
    (user.site_packages / "flavour").unlink()
    (user.site_packages / "flavour").symlink_to("/nowhere")


def edit_file(user: User) -> None:
    (user.site_packages / "single.py").write_text("y = 3\n")


def remove_file(user: User) -> None:
    (user.site_packages / "single.py").unlink()


def tear_metadata(user: User) -> None:
    path = user.site_packages / "flavour-1.0.dist-info" / "WHEEL"
    path.unlink()
    path.write_text("torn")


def remove_record(user: User) -> None:
    (user.site_packages / "flavour-1.0.dist-info" / "RECORD").unlink()


def remove_launcher(user: User) -> None:
    os.unlink(os.path.realpath(user.env / "bin" / "flavour"))


def remove_script_link(user: User) -> None:
    (user.env / "bin" / "flavour").unlink()


def remove_data(user: User) -> None:
    (user.env / "share" / "flavour" / "list.txt").unlink()


def remove_switch(user: User) -> None:
    (user.env / ".alcove" / "current").unlink()


def remove_slots(user: User) -> None:
    shutil.rmtree(user.env / ".alcove" / "a")
    shutil.rmtree(user.env / ".alcove" / "b", ignore_errors=True)


def tear_slot(user: User) -> None:
    for name in ("a", "b"):
        path = user.env / ".alcove" / name / "slot.json"
        if path.exists():
            path.unlink()
            path.write_text("{")


def remove_library_link(user: User) -> None:
    (user.site_packages.parent).unlink()


def library_is_a_directory(user: User) -> None:
    library = user.site_packages.parent
    library.unlink()
    (library / "site-packages").mkdir(parents=True)


def remove_settings(user: User) -> None:
    (user.env / "pyvenv.cfg").unlink()


def spoil_settings(user: User) -> None:
    path = user.env / "pyvenv.cfg"
    lines = [
        line for line in path.read_text().splitlines() if not line.startswith(("alcove", "home"))
    ]
    path.write_text("\n".join([*lines, "uv = 0.13"]) + "\n")


def settings_lead_to_themselves(user: User) -> None:
    """Make a loop of it, of which Python itself dies."""
    remove_settings(user)
    (user.env / "pyvenv.cfg").symlink_to("pyvenv.cfg")


def settings_are_a_directory(user: User) -> None:
    remove_settings(user)
    (user.env / "pyvenv.cfg").mkdir()


def home_is_elsewhere(user: User) -> None:
    path = user.env / "pyvenv.cfg"
    rows = path.read_text().splitlines()
    path.write_text("\n".join(["home = /", *(row for row in rows if "home =" not in row)]))


def programs_are_directories(user: User) -> None:
    for name in ("pip", "pip3", "activate"):
        (user.env / "bin" / name).unlink()
        (user.env / "bin" / name).mkdir()


def data_lead_nowhere(user: User) -> None:
    shutil.rmtree(user.env / "share")
    (user.env / "share").symlink_to("/nowhere")


def remove_activation(user: User) -> None:
    (user.env / "bin" / "activate").unlink()
    (user.env / "bin" / "activate.fish").write_text("echo no\n")


def lose_interpreter(user: User) -> None:
    for name in ("python", "python3"):
        (user.env / "bin" / name).unlink()
    (user.env / "bin" / "python").symlink_to("/gone/python")


def lose_entry(user: User) -> None:
    shutil.rmtree(entry_of(user, "flavour"))


def lose_the_store(user: User) -> None:
    shutil.rmtree(user.home / "alcove-data" / "store")


def write_into_entry(user: User) -> None:
    (user.site_packages / "flavour" / "more.py").write_text("z = 1\n")


def replace_in_entry(user: User) -> None:
    path = user.site_packages / "flavour" / "__init__.py"
    path.unlink()
    path.write_text("name = 'other'\n")


def lose_pip(user: User) -> None:
    path = user.site_packages / "pip" / "_launch.py"
    path.unlink()
    path.write_text("ALCOVE = ['/gone/python', '/gone/alcove']\n")


def lose_generation(user: User) -> None:
    for path in (user.env / ".alcove" / "generations").iterdir():
        path.unlink()
        path.write_text("{")


def lose_roots(user: User) -> None:
    shutil.rmtree(user.home / "alcove-data" / "roots")


def remove_site_packages(user: User) -> None:
    shutil.rmtree(user.site_packages.resolve())


def metadata_leads_elsewhere(user: User) -> None:
    """Link it to a directory of somebody else, which nothing may be written into."""
    elsewhere = user.home / "elsewhere"
    elsewhere.mkdir()
    (info,) = user.site_packages.glob("flavour-*.dist-info")
    shutil.rmtree(info)
    info.symlink_to(elsewhere)


def anchor_is_a_directory(user: User) -> None:
    (user.site_packages / "_alcove.pth").unlink()
    (user.site_packages / "_alcove.pth").mkdir()


def switch_is_a_directory(user: User) -> None:
    (user.env / ".alcove/current").unlink()
    (user.env / ".alcove/current").mkdir()


def lock_is_a_directory(user: User) -> None:
    (user.env / ".alcove/lock").unlink()
    (user.env / ".alcove/lock").mkdir()


def facts_are_a_directory(user: User) -> None:
    view = entry_of(user, "flavour") / "view.json"
    view.unlink()
    view.mkdir()


def state_is_a_directory(user: User) -> None:
    state = user.env / ".alcove/generations/0.json"
    state.unlink()
    state.mkdir()


DAMAGES = {
    remove_link: "distribution",
    remove_link_and_go_on: "distribution",
    replace_link: "distribution",
    lead_link_elsewhere: "distribution",
    edit_file: "distribution",
    remove_file: "distribution",
    tear_metadata: "distribution",
    remove_record: "distribution",
    remove_launcher: "script",
    remove_script_link: "link",
    remove_data: "data",
    remove_switch: "frame",
    remove_slots: "slot",
    tear_slot: "slot",
    remove_library_link: "frame",
    library_is_a_directory: "frame",
    remove_settings: "settings",
    spoil_settings: "settings",
    settings_lead_to_themselves: "settings",
    settings_are_a_directory: "settings",
    home_is_elsewhere: "settings",
    programs_are_directories: "activation",
    data_lead_nowhere: "data",
    remove_activation: "activation",
    lose_interpreter: "interpreter",
    lose_entry: "entry",
    lose_the_store: "entry",
    write_into_entry: "entry",
    replace_in_entry: "entry",
    lose_pip: "distribution",
    lose_generation: "generation",
    lose_roots: "root",
    remove_site_packages: "frame",
    metadata_leads_elsewhere: "distribution",
    anchor_is_a_directory: "frame",
    switch_is_a_directory: "frame",
    lock_is_a_directory: "frame",
    facts_are_a_directory: "entry",
    state_is_a_directory: "generation",
}


@pytest.mark.parametrize(
    ("damage", "part"), DAMAGES.items(), ids=lambda one: getattr(one, "__name__", one)
)
def test_damage_is_found_and_put_right(
    filled: User, damage: Callable[[User], None], part: str
) -> None:
    before = filled.type("freeze").stdout
    damage(filled)
    assert part in {row["part"] for row in found(filled)}
    words = ["--env", str(filled.env)]
    done = repaired(filled, *words)
    assert done["done"]
    assert filled.type("freeze").stdout == before
    assert not list(filled.home.glob("elsewhere/*"))
    assert filled.type("run", "pip", "--version").stdout.startswith("pip ")
    filled.install("spoon")
    filled.type("undo")


def test_a_directory_that_took_the_place_of_a_link_is_kept(filled: User) -> None:
    replace_link(filled)
    repaired(filled)
    (kept,) = (filled.env / ".alcove" / "replaced").glob("flavour-*")
    assert (kept / "mine.py").read_text() == "mine = 1\n"


def test_who_shares_a_damaged_entry_is_named(filled: User) -> None:
    other = filled.project / "other"
    filled.type("create", "other", "-p", sys.executable)
    filled.install("--env", str(other), "flavour==1.0")
    write_into_entry(filled)
    (row,) = found(filled)
    assert row["part"] == "entry"
    assert row["shared"] == [str(other)]
    assert "more.py (added)" in row["what"]
    assert f"shared with {other}" in filled.type("verify", code=1).stdout
    repaired(filled)
    assert filled.ask("verify", "--env", str(other))["findings"] == []


def test_an_edit_in_place_is_found_by_the_whole_store(filled: User) -> None:
    path = filled.site_packages / "flavour" / "__init__.py"
    facts = path.stat()
    path.write_text("name = 'flAvour'\n")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert filled.ask("verify")["findings"] == []
    (row,) = found(filled, "--all")
    assert "flavour/__init__.py (changed)" in row["what"]
    repaired(filled)


def test_what_cannot_be_had_is_named(filled: User) -> None:
    lose_entry(filled)
    shutil.rmtree(filled.wheels)
    shutil.rmtree(filled.home / "alcove-cache")
    done = filled.ask("repair", "--offline", code=1)
    (reason,) = [text for text in done["reasons"] if "flavour 1.0" in text]
    assert "sha256" in reason
    assert {row["part"] for row in done["left"]} >= {"entry"}


def test_an_environment_that_was_moved_by_hand(filled: User) -> None:
    moved = filled.project / "elsewhere"
    (filled.env / "bin" / "mytool").write_text(f"#!{filled.env}/bin/python\n")
    filled.env.rename(moved)
    rows = {row["part"] for row in found(filled, "--env", str(moved))}
    assert {"place", "activation", "root"} <= rows
    dry = foretold(filled, "--env", str(moved))
    done = filled.ask("repair", "--env", str(moved))
    held_against(dry, done["done"])
    assert (done["left"], done["reasons"]) == ([], [])
    assert filled.ask("verify", "--env", str(moved))["findings"] == []
    assert str(moved / "bin" / "python") in (moved / "bin" / "flavour").read_text()
    assert str(moved) in (moved / "bin" / "activate").read_text()
    assert (moved / "bin" / "mytool").read_text() == f"#!{moved}/bin/python\n"


def test_what_others_removed_is_told_and_is_no_damage(filled: User) -> None:
    (filled.site_packages / "meal").unlink()
    shutil.rmtree(filled.site_packages / "meal-1.0.dist-info")
    answer = filled.ask("verify")
    assert answer["findings"] == []
    assert "others removed meal 1.0" in answer["told"]
    site = filled.site_packages
    for row in (site / "flavour-1.0.dist-info" / "RECORD").read_text().splitlines():
        path = site / row.partition(",")[0]  # links first, then what they led to, its scripts too
        if path.is_symlink() or path.is_file():
            path.unlink()
    shutil.rmtree(site / "flavour-1.0.dist-info")
    answer = filled.ask("verify")
    assert answer["findings"] == []
    assert "others removed flavour 1.0" in answer["told"]
    held_against(foretold(filled), filled.ask("repair")["done"])
    info = (
        site / "odd-1.0.dist-info"
    )  # nothing says what belongs to it, so it never stands as it was placed
    info.mkdir()
    (info / "METADATA").write_text("Name: odd\nVersion: 1.0\n")
    held_against(foretold(filled), filled.ask("repair")["done"])
    held_against(foretold(filled), filled.ask("repair")["done"])
    assert "meal" not in [row["name"] for row in filled.ask("list")]


def test_verify_of_what_is_no_environment(user: User, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert (
        "is not a virtual environment"
        in user.type("verify", "--env", str(tmp_path / "plain"), code=1).stderr
    )
    assert (
        "is not a virtual environment"
        in user.type("repair", "--env", str(tmp_path / "plain"), code=1).stderr
    )


def made_by_another(user: User, source: Path) -> Path:
    """Make an environment with an alcove that lies in `source`; return the environment's path."""
    shutil.copytree(
        os.path.join(ROOT, "src"), source, ignore=shutil.ignore_patterns("__pycache__", "testing")
    )
    words = [sys.executable, "-m", "alcove", "create", "old", "-p", sys.executable]
    environ = {**os.environ, "PYTHONPATH": str(source)}
    subprocess.run(words, cwd=user.project, env=environ, check=True, capture_output=True)
    return user.project / "old"


def test_repair_renews_the_pip_of_another_alcove_that_is_still_there(
    user: User, tmp_path: Path
) -> None:
    source = tmp_path / "other alcove"
    old = made_by_another(user, source)
    launch = next(old.glob("lib/python3*/site-packages/pip/_launch.py"))
    assert str(source) in launch.read_text()
    assert user.ask("verify", "--env", str(old))["findings"] == []  # it works: nothing is wrong
    dry = foretold(user, "--env", str(old))
    done = user.ask("repair", "--env", str(old))
    assert (done["left"], done["reasons"]) == ([], [])
    held_against(dry, done["done"])
    assert "pip starts this alcove" in done["done"]
    assert str(source) not in launch.read_text()
    assert str(source) not in (old / "bin" / "pip").read_text()
    assert user.ask("repair", "--env", str(old))["done"] == []
    user.type("undo", "--env", str(old))
    assert str(source) not in launch.read_text(), "undo does not bring the other alcove back"


def test_the_alcove_that_made_it_is_gone(user: User, tmp_path: Path) -> None:
    source = tmp_path / "old alcove"
    old = made_by_another(user, source)
    user.install("--env", str(old), "flavour==1.0")
    assert user.ask("verify", "--env", str(old))["findings"] == []
    shutil.rmtree(source)
    (row,) = found(user, "--env", str(old))
    assert row["part"] == "pip"
    assert "gone" in row["what"]
    dry = foretold(user, "--env", str(old))
    done = user.ask("repair", "--env", str(old))
    assert (done["left"], done["reasons"]) == ([], [])
    held_against(dry, done["done"])
    assert "pip starts this alcove" in done["done"]
    for _ in range(2):
        told = subprocess.run(
            [old / "bin" / "pip", "--version"], capture_output=True, text=True, check=True
        )
        assert f"from {old}" in told.stdout
        user.type("undo", "--env", str(old))


def test_a_view_that_was_copied_without_its_store(filled: User, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shutil.copytree(filled.env, away, symlinks=True)
    variables = {
        "ALCOVE_HOME": str(tmp_path / "other data"),
        "ALCOVE_CACHE": str(tmp_path / "other cache"),
    }
    shutil.rmtree(filled.home / "alcove-data")
    words = ("--env", str(away))
    assert "flavour" in filled.type("verify", *words, code=1, variables=variables).stdout
    missing = filled.type("repair", *words, "--offline", code=1, variables=variables).stdout
    assert "not repaired: flavour 1.0" in missing
    assert "sha256" in missing
    local = ("--no-index", "-f", str(filled.wheels))
    filled.type("repair", *words, *local, variables=variables)
    filled.type("verify", *words, "--all", variables=variables)
    code = [str(away / "bin" / "python"), "-c", "import flavour, single; print(single.y)"]
    assert subprocess.run(code, capture_output=True, text=True, check=True).stdout == "2\n"
    filled.type("repair", *words, "--offline", variables=variables)
    filled.type("undo", *words, variables=variables)


def test_repair_waits_for_who_is_at_work(filled: User) -> None:
    with Lock(str(filled.env / ".alcove" / "lock")).acquire():
        assert "being changed" in filled.type("repair", "--no-wait", code=1).stderr
        assert filled.ask("verify")["findings"] == []


def test_a_bit_that_the_disk_changed_in_a_state_is_put_back(filled: User) -> None:
    """The json of the state that is shown and that of the history are one file, so there is no other to go by."""
    slot = (filled.env / ".alcove" / "current" / "slot.json").resolve()
    before = slot.read_bytes()
    at = before.index(b'"e/meal') + 4
    with open(slot, "r+b") as stream:  # in place, as a disk does
        stream.seek(at)
        stream.write(bytes([before[at] ^ 2]))
    assert "does not fit its checksum" in str(found(filled))
    done = repaired(filled)["done"]
    assert [line.endswith("had one bit changed, and is as it was") for line in done] == [True, True]
    assert slot.read_bytes() == before
    assert (filled.env / ".alcove" / "current" / "slot.json").resolve() == slot
