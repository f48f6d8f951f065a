"""Many environments: what `envs` says of each, of other tools' too; a project that uses one; requests by a name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from alcove.files.locking import Lock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.commands.conftest import User

BASE = os.path.realpath(sys.executable)


@pytest.fixture
def named(user: User) -> Path:
    """Make a named environment that holds flavour."""
    user.type("create", "-n", "web", "-p", sys.executable)
    user.install("-n", "web", "flavour==1.0")
    return user.home / ".virtualenvs" / "web"


def row(user: User, path: Path) -> dict[str, Any]:
    (found,) = [one for one in user.ask("envs") if one["path"] == str(path)]
    return dict(found)


def test_envs_tells_of_each_what_is_there_and_what_is_wrong(user: User, named: Path) -> None:
    one = row(user, named)
    assert (one["name"], one["distributions"], one["health"]) == ("web", 1, "ok")
    assert one["size_shared"] > 0
    assert one["size_own"] > 0
    assert time.time() - one["changed"] < 600
    assert row(user, user.env)["project"] == ""
    (user.project / "pyproject.toml").write_text("")
    assert row(user, user.env)["project"] == str(user.project)

    (site,) = (named / "lib").glob("python*")
    (site / "site-packages" / "own.py").write_text("")
    assert row(user, named)["outside"] is True
    (entry,) = (user.home / "alcove-data/store/entries-v1").glob("flavour-1.0-*")
    entry.rename(entry.with_name("away"))
    assert "1 missing from the store (flavour-1.0-" in row(user, named)["health"]
    told = user.type("envs")
    table = told.stdout
    assert "missing from the store" in table
    assert f"hint: alcove repair --env {named} mends it" in told.stderr
    assert f"alcove repair --env {named} mends it" in user.type("info", "-n", named.name).stdout
    assert "changed outside" in table
    assert table.splitlines()[0].split()[:3] == ["NAME", "PYTHON", "DISTS"]
    (user.home / "alcove-data/roots" / "torn").write_text("no json")
    assert len(user.ask("envs")) == 2


def test_what_venv_made_is_picked_up_as_it_is(user: User) -> None:
    old = user.home / ".virtualenvs" / "old"
    words = [sys.executable, "-m", "venv", "--without-pip", str(old)]
    subprocess.run(words, check=True)
    (old / ".project").write_text(f"{user.project}\n")
    one = row(user, old)
    assert (one["ours"], one["health"], one["project"]) == (False, "ok", str(user.project))
    assert str(old / "bin" / "activate") in user.type("activate", "old", "--shell", "bash").stdout
    shown = user.type("run", "-n", "old", "python", "-c", "import sys; print(sys.prefix)").stdout
    assert shown.strip() == str(old)
    assert "nobody to ask" in user.type("delete", "old", code=2).stderr
    (old / "pyproject.toml").write_text("")
    done = user.type("delete", "-y", "--json", "old", ".venv", code=1)
    assert "holds a project too" in done.stderr
    assert done.stdout == ""
    (old / "pyproject.toml").unlink()
    rows = [{"path": str(old), "deleted": False}]
    assert user.ask("delete", "--dry-run", "old") == rows
    assert old.is_dir()
    assert user.type("delete", "-y", "--json", "old", "./none", code=1).stdout == ""
    assert old.is_dir()  # a refusal comes before the first goes
    with Lock(str(user.env / ".alcove" / "lock")).acquire():
        assert user.ask("delete", "-y", "--no-wait", "old", "old", ".venv", code=1) == [
            {"path": str(old), "deleted": True},
            {"path": str(user.env), "deleted": False},
        ]
    assert not old.exists()
    assert user.project.is_dir()


def test_the_base_of_a_named_environment_can_be_asked_for_by_its_name(
    user: User, named: Path
) -> None:
    for request in ("web", str(named), str(named / "bin" / "python")):
        found = user.type("python", "find", request).stdout.strip()
        assert os.path.realpath(found) == BASE, request
    (one,) = user.ask("python", "list", "web")
    assert os.path.realpath(one["executable"]) == BASE
    assert str(named) in one["environments"]
    user.type("create", "-n", "second", "-p", "web")
    user.type("rename", "second", "3.99-odd")
    user.type("create", "-n", "third", "-p", "3.99-odd")
    assert row(user, user.home / ".virtualenvs/third")["health"] == "ok"


def test_a_project_uses_a_named_one(user: User, named: Path) -> None:
    assert "left alone" in user.type("use", "web", code=1).stderr
    user.type("delete", "-y", ".venv")
    user.type("use", "web")
    assert os.readlink(user.project / ".venv") == str(named)
    assert "flavour" in user.type("freeze").stdout
    assert (named / ".project").read_text() == f"{user.project}\n"
    user.install("meal")  # through the link, which is no other place
    pip = [str(user.env / "bin" / "python"), "-m", "pip", "install", "--no-index", "-q"]
    subprocess.run([*pip, "-f", str(user.wheels), "spoon"], check=True)
    first_line = (named / "bin" / "flavour").read_text().splitlines()[0]
    assert str(named) in first_line
    assert user.ask("verify")["findings"] == []
    assert user.ask("verify", "-n", "web")["findings"] == []
    assert len(list((user.home / "alcove-data/roots").iterdir())) == 1
    user.type("use", "web", "--file")
    assert (user.project / ".venv").read_text() == f"{named}\n"
    assert "flavour" in user.type("freeze").stdout
    venv, listed = user.project / ".venv", user.project / ".python-envs"
    told = user.type("use", "web", "--forget", "--dry-run").stdout
    assert told == f"would remove {venv}\n"
    assert user.type("use", "web", "--forget").stdout == f"removed {venv}\n"
    user.type("create", "envs/second", "-p", sys.executable)
    user.type("use", "web", "--list")
    user.type("use", "./envs/second", "--list")
    assert (user.project / ".python-envs").read_text() == f"{named}\nenvs/second\n"
    assert user.type("freeze").stdout == ""
    assert [one["default"] for one in user.ask("use")] == [False, True]
    assert user.type("use").stdout.splitlines()[1].startswith("* ")
    assert user.ask("use", "./envs/second", "--forget", "--dry-run") == [
        {"path": str(listed), "removed": False}
    ]
    assert user.type("use", "./envs/second", "--forget").stdout == f"changed {listed}\n"
    assert "flavour" in user.type("freeze").stdout
    user.type("use", "web", "--list", "--file", code=2)
    user.type("use", "--forget", code=2)
    user.type("use", "nobody", code=1)


def test_two_of_one_name_are_told_apart(user: User, named: Path) -> None:
    user.type("create", "web", "-p", sys.executable)
    done = user.type("delete", "-y", "web", code=2)
    assert "./web" in done.stderr
    assert str(named) in done.stderr
    assert named.is_dir()
    assert (user.project / "web").is_dir()
    user.type("delete", "-y", "./web")
    assert named.is_dir()


def test_a_broken_place_of_named_ones_hides_no_other(user: User) -> None:
    (user.home / ".virtualenvs").write_text("")
    done = user.type("envs")
    assert str(user.env) in done.stdout
    assert "not a directory" in done.stderr
    assert "WORKON_HOME" in user.type("create", "-n", "x", code=2).stderr


def test_an_interpreter_that_goes_is_told(user: User) -> None:
    os.unlink(user.env / "bin" / "python")
    os.symlink(user.home / "gone" / "python3", user.env / "bin" / "python")
    assert "its interpreter is gone" in row(user, user.env)["health"]
    rows = json.loads(user.type("python", "list", "--json").stdout)
    assert not [one for one in rows if str(user.env) in one["environments"]]
