"""A requirement that a repository answers: installed, written down with its commit, and made again from that."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.sdists import project

if TYPE_CHECKING:
    from tests.functional.machine import Machine


def repository(machine: Machine, *names: str) -> str:
    """Make a repository with a project in a directory of each name at `home/repository`; return its commit."""
    if shutil.which("git", path=machine.environ["PATH"]) is None:
        pytest.skip("no git on PATH")
    there = machine.home / "repository"
    for name in names:
        project(str(there / name), name)
    script = "git init -q .; git add -A; git -c user.name=a -c user.email=a@b.example commit -qm x; git rev-parse HEAD"
    done = machine.run("sh", "-ec", script, cwd=there)
    assert done.code == 0, done.text
    return done.stdout.strip()


def test_from_a_repository(machine: Machine) -> None:
    there = machine.home / "repository"
    commit = repository(machine, "demo", "other")
    url = f"git+file://{there}"
    machine.do("create", "env", "-p", sys.executable)
    wanted = [f"{name} @ {url}#subdirectory={name}" for name in ("demo", "other")]
    machine.do("install", "--env", "env", *wanted)
    pins = machine.do("freeze", "--env", "env")
    assert pins.splitlines() == [
        f"{name} @ {url}@{commit}#subdirectory={name}" for name in ("demo", "other")
    ]
    (machine.work / "r.txt").write_text(pins)
    machine.do("create", "again", "-p", sys.executable, "-r", "r.txt")
    assert machine.do("diff", "env", "again") == ""
    python = str(machine.work / "again" / "bin" / "python")
    assert machine.run(python, "-c", "import demo, other").code == 0
    site = next((machine.work / "again" / "lib").iterdir()) / "site-packages"
    direct = json.loads((site / "demo-1.0.dist-info" / "direct_url.json").read_text())
    assert direct["vcs_info"]["commit_id"] == commit
    assert os.listdir(machine.cache / "builds") == []


def test_a_lock_with_what_comes_from_no_index(machine: Machine) -> None:
    there = machine.home / "repository"
    commit = repository(machine, "demo", "other", "third")
    lines = [
        'lock-version = "1.0"',
        'created-by = "another tool"',
        "[[packages]]",
        'name = "demo"',
        f'vcs = {{ type = "git", url = "file://{there}", requested-revision = "main", commit-id = "{commit}", subdirectory = "demo" }}',
        "[[packages]]",
        'name = "other"',
        f'directory = {{ path = "{there}/other" }}',
        "[[packages]]",
        'name = "third"',
        f'directory = {{ path = "{there}/third", editable = true }}',
    ]
    (machine.work / "pylock.toml").write_text("\n".join(lines) + "\n")
    machine.do("create", "env", "-p", sys.executable)
    done = machine.run("alcove", "sync", "--env", "env", "pylock.toml")
    assert done.code == 0, done.text
    assert "building repository" in done.text  # not the name of where it was checked out
    site = next((machine.work / "env" / "lib").iterdir()) / "site-packages"

    def direct(name: str) -> object:
        return json.loads((site / f"{name}-1.0.dist-info" / "direct_url.json").read_text())

    assert direct("demo") == {
        "url": f"file://{there}",
        "vcs_info": {"vcs": "git", "commit_id": commit, "requested_revision": "main"},
        "subdirectory": "demo",
    }
    assert direct("other") == {"url": f"file://{there}/other", "dir_info": {}}
    assert direct("third") == {"url": f"file://{there}/third", "dir_info": {"editable": True}}
    assert "nothing to do" in machine.run("alcove", "sync", "--env", "env", "pylock.toml").text
