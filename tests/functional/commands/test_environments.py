"""`move`, `rename`, `copy`, `wipe`, `autoremove`, `upgrade`, `outdated`, `gc`: environments as wholes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.commands.conftest import User


def output(*words: str | Path) -> str:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=True
    ).stdout


def healthy(user: User, path: Path) -> None:
    answer = user.ask("verify", "--env", str(path))
    assert (answer["findings"], answer["told"]) == ([], [])


@pytest.fixture
def filled(user: User) -> User:
    user.install("feast", "flavour==1.0")
    return user


def own_programs(user: User) -> bytes:
    """Put a script and a binary of the user's into `bin`; return what is in the second."""
    tool = user.env / "bin" / "mytool"
    tool.write_text(
        f"#!{user.env}/bin/python -I\nimport sys; print(sys.prefix, sys.flags.isolated)\n"
    )
    tool.chmod(0o750)
    (user.env / "bin" / "blob").write_bytes(b"\x7fELF\0")
    return b"\x7fELF\0"


def test_move_breaks_nothing(filled: User) -> None:
    own = own_programs(filled)
    target = filled.project / "a place" / "new"
    filled.type("move", ".venv", str(target))
    assert output(target / "bin" / "mytool") == f"{target} 0\n"  # -I has no room behind that path
    assert (target / "bin" / "mytool").stat().st_mode & 0o777 == 0o750
    assert (target / "bin" / "blob").read_bytes() == own
    assert not filled.env.exists()
    healthy(filled, target)
    assert (
        output(target / "bin" / "python", "-c", "import feast, meal, flavour; print(flavour.name)")
        == "flavour\n"
    )
    assert f"pip 26.3 from {target}" in output(target / "bin" / "pip", "--version")
    line = f'. "{target}/bin/activate"; printf "%s %s" "$VIRTUAL_ENV" "$VIRTUAL_ENV_PROMPT"'
    assert output("sh", "-c", line) == f"{target} {filled.project.name}"
    roots = filled.home / "alcove-data" / "roots"
    assert [json.loads(path.read_text())["path"] for path in roots.iterdir()] == [str(target)]
    filled.type("undo", "--env", str(target))
    filled.type("redo", "--env", str(target))
    healthy(filled, target)


def test_move_refuses_what_it_must(filled: User) -> None:
    (filled.project / "there").mkdir()
    (filled.project / "there" / "file").write_text("")
    assert "left alone" in filled.type("move", ".venv", "there", code=1).stderr
    assert "lies in" in filled.type("move", ".venv", ".venv/inside", code=2).stderr
    (filled.project / "link").symlink_to(".venv")
    assert "is a link" in filled.type("move", "./link", "other", code=2).stderr
    healthy(filled, filled.env)


def test_rename_of_a_named_one(user: User) -> None:
    user.type("create", "-n", "old", "-p", sys.executable)
    user.type("rename", "old", "new")
    (named,) = [row for row in user.ask("envs") if row["name"]]
    assert (named["name"], named["prompt"]) == ("new", "new")
    healthy(user, user.home / ".virtualenvs" / "new")
    user.type("rename", "new", "a/b", code=2)
    assert "neither" in user.type("rename", "old", "x", code=1).stderr


def test_copy_holds_the_same_and_is_its_own(filled: User) -> None:
    (filled.site_packages / "mine.py").write_text("mine = 1\n")
    own = own_programs(filled)
    target = filled.project / "copy"
    start = time.perf_counter()
    filled.type("copy", ".venv", "copy")
    assert time.perf_counter() - start < 10
    healthy(filled, target)
    assert filled.type("diff", ".venv", "copy").stdout == ""
    assert output(target / "bin" / "mytool") == f"{target} 1\n"
    assert (target / "bin" / "mytool").stat().st_mode & 0o777 == 0o750
    assert (target / "bin" / "blob").read_bytes() == own
    assert f"{target}/" not in (filled.env / "bin" / "mytool").read_text()
    assert output(target / "bin" / "python", "-c", "import feast, mine; print(mine.mine)") == "1\n"
    assert (target / "share" / "flavour" / "list.txt").read_text() == "salt\n"
    (target / "etc" / "flavour.conf").write_text("a = 2\n")
    assert (filled.env / "etc" / "flavour.conf").read_text() == "a = 1\n"
    (told,) = filled.ask("verify", "--env", "copy")["told"]
    assert "changed by hand" in told
    (target / "etc" / "flavour.conf").write_text("a = 1\n")
    assert [row["number"] for row in filled.ask("history", "--env", str(target))] == [0]
    filled.type("uninstall", "-y", "--env", str(target), "feast")
    assert "feast" in filled.type("freeze").stdout
    filled.type("delete", "-y", ".venv")
    filled.type("gc", "-y")
    healthy(filled, target)
    filled.type("copy", "copy", code=2)
    filled.type("copy", "copy", "copy", code=1)
    filled.type("copy", "copy", "-n", "named")
    healthy(filled, filled.home / ".virtualenvs" / "named")


def test_copy_of_a_private_one_stands_alone(user: User) -> None:
    user.type("create", "alone", "--private", "-p", sys.executable)
    user.install("--env", "alone", "flavour==1.0")
    user.type("copy", "alone", "second")
    user.type("delete", "-y", "alone")
    healthy(user, user.project / "second")
    assert (
        output(user.project / "second" / "bin" / "python", "-c", "import single; print(single.y)")
        == "2\n"
    )


def test_copy_brings_what_others_placed(filled: User) -> None:
    info = filled.site_packages / "odd-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    (info / "RECORD").write_text(
        "odd.py,,\nodd-1.0.dist-info/METADATA,,\nodd-1.0.dist-info/RECORD,,\n"
    )
    (filled.site_packages / "odd.py").write_text("odd = 1\n")
    filled.install("spoon")
    filled.type("uninstall", "-y", "spoon")
    filled.type("copy", ".venv", "copy")
    assert "odd==1.0" in filled.type("freeze", "--env", "copy").stdout
    assert (
        output(filled.project / "copy" / "bin" / "python", "-c", "import odd; print(odd.odd)")
        == "1\n"
    )
    healthy(filled, filled.project / "copy")


def test_wipe_and_back(filled: User) -> None:
    before = filled.type("freeze").stdout
    assert "feast" in filled.type("wipe", "--dry-run").stdout
    assert filled.type("freeze").stdout == before
    filled.type("wipe", "-y")
    assert filled.type("freeze").stdout == ""
    assert "pip" in filled.type("list").stdout
    filled.type("undo")
    assert filled.type("freeze").stdout == before


def test_autoremove_takes_what_nothing_needs(filled: User) -> None:
    filled.type("uninstall", "-y", "feast")
    done = filled.type("autoremove", "-y")
    assert done.stdout.splitlines() == [" - meal 1.0", " - spoon 1.0"]
    assert filled.type("freeze").stdout == "flavour==1.0\n"
    assert filled.type("autoremove", "-y").stdout == "nothing to do\n"


def test_outdated_and_upgrade(filled: User) -> None:
    wheel(str(filled.wheels), "spoon", "1.1")
    local = ("--no-index", "-f", str(filled.wheels))
    rows = filled.ask("outdated", *local)
    assert [(row["name"], row["version"], row["latest"]) for row in rows] == [
        ("flavour", "1.0", "2.0"),
        ("spoon", "1.0", "1.1"),
    ]
    assert "flavour" in filled.type("upgrade", "--all", "--dry-run", *local).stdout
    assert "flavour==1.0" in filled.type("freeze").stdout
    filled.type("upgrade", "flavour", *local)
    assert "flavour==2.0" in filled.type("freeze").stdout
    assert "spoon==1.0" in filled.type("freeze").stdout
    filled.type("upgrade", "--all", *local)
    assert "spoon==1.1" in filled.type("freeze").stdout
    assert filled.ask("outdated", *local) == []
    filled.type("undo")
    assert "spoon==1.0" in filled.type("freeze").stdout
    filled.type("upgrade", code=2)
    filled.type("upgrade", "nothing", code=1)


def test_gc_takes_what_nothing_uses_after_asking(filled: User) -> None:
    entries = filled.home / "alcove-data" / "store" / "entries-v1"
    filled.install("flavour==2.0")
    assert "nothing to remove" in filled.type("gc", "--dry-run").stdout
    filled.type("create", "other", "-p", sys.executable)
    wheel(str(filled.wheels), "lonely", "1.0")
    filled.install("--env", "other", "lonely")
    filled.type("delete", "-y", "other")
    told = filled.type("gc", "--dry-run").stdout
    assert "lonely-1.0-" in told
    assert "would remove 1 entry: " in told
    assert "KiB of disk" in told
    assert "nobody to ask" in filled.type("gc", code=2).stderr
    assert list(entries.glob("lonely-*"))
    answer = filled.ask("gc", "-y")
    assert [one["directory"][:7] for one in answer["entries"]] == ["lonely-"]
    assert answer["size"] > 0
    assert not list(entries.glob("lonely-*"))
    healthy(filled, filled.env)
    filled.type("undo")
    healthy(filled, filled.env)


def test_gc_prunes_old_states_first(filled: User) -> None:
    filled.install("flavour==2.0")
    for _ in range(6):
        filled.type("uninstall", "-y", "spoon")
        filled.install("spoon")
    old = time.time() - 31 * 86_400
    states = filled.env / ".alcove" / "generations"
    for path in states.iterdir():
        os.utime(path, (old, old))
    entries = filled.home / "alcove-data" / "store" / "entries-v1"
    before = len(list(states.iterdir()))
    told = filled.type("gc", "--dry-run").stdout
    assert len(list(states.iterdir())) == before
    assert f"{filled.env}: states 0, 1, 2, 3" in told
    assert "flavour-1.0-" in told
    filled.type("gc", "-y")
    assert len(list(states.iterdir())) == 10
    assert not list(entries.glob("flavour-1.0-*"))
    healthy(filled, filled.env)
    filled.type("undo")
    healthy(filled, filled.env)


@pytest.mark.parametrize("installer", ["conda", "pip", ""])
def test_what_others_placed_without_a_record_is_not_uninstalled(user: User, installer: str) -> None:
    user.install("spoon")
    info = user.site_packages / "fork-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fork\nVersion: 1.0\n")
    (info / "INSTALLER").write_text(installer)
    (user.site_packages / "fork.py").write_text("")
    pip = [str(user.env / "bin" / "pip"), "uninstall", "-y", "fork", "spoon"]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert (done.returncode, "ERROR: fork 1.0 has no RECORD" in done.stderr) == (1, True)
    assert "Successfully" not in done.stdout
    assert "fork 1.0 has no RECORD" in user.type("uninstall", "fork", code=1).stderr
    assert user.python("import fork, spoon; print('there')") == "there"
    # What alcove placed it knows without.
    (user.site_packages / "spoon-1.0.dist-info" / "RECORD").unlink()
    user.type("uninstall", "spoon")
    assert not (user.site_packages / "spoon-1.0.dist-info").exists()
