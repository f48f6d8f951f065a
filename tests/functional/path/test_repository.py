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


def test_from_a_repository(machine: Machine) -> None:
    if shutil.which("git", path=machine.environ["PATH"]) is None:
        pytest.skip("no git on PATH")
    there = machine.home / "repository"
    for name in ("demo", "other"):
        project(str(there / name), name)
    script = "git init -q .; git add -A; git -c user.name=a -c user.email=a@b.example commit -qm x; git rev-parse HEAD"
    done = machine.run("sh", "-ec", script, cwd=there)
    assert done.code == 0, done.text
    commit = done.stdout.strip()
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
