"""`--system-site-packages`: what the base has satisfies requirements, is never touched, and is in no generation."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.testing.wheels import wheel
from tests.functional.machine import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.machine import Machine

ASK = "import json, sys, sysconfig; print(json.dumps([sys.version_info[:2], sysconfig.get_path('stdlib')]))"


@pytest.fixture
def base(machine: Machine, tmp_path: Path) -> Path:
    """Return the site-packages of a Python of the test's own, which has jinja2 and an older itsdangerous."""
    real = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    (major, minor), library = json.loads(machine.run(real, "-c", ASK).stdout)
    root = tmp_path / "python"
    short = f"python{major}.{minor}"
    (root / "bin").mkdir(parents=True)
    shutil.copy2(real, root / "bin" / short)
    (root / "lib" / short).mkdir(parents=True)
    for name in os.listdir(library):
        if name != "site-packages":
            (root / "lib" / short / name).symlink_to(os.path.join(library, name))
    site = root / "lib" / short / "site-packages"
    site.mkdir()
    for made in (
        wheel(str(tmp_path), "Jinja2", "3.1.4", requires=["MarkupSafe>=2.0"]),
        wheel(str(tmp_path), "MarkupSafe", "2.1.5", files={"markupsafe/__init__.py": ""}),
        wheel(str(tmp_path), "itsdangerous", "2.1.2"),
    ):
        with zipfile.ZipFile(made) as archive:
            archive.extractall(site)
    done = machine.run(str(root / "bin" / short), "-c", "import sys, jinja2; print(sys.prefix)")
    if done.stdout != f"{root}\n":
        pytest.skip(f"NOT TESTED: this Python cannot be copied: {done.text}")
    machine.environ["BASE"] = str(root / "bin" / short)
    return site


def names(machine: Machine) -> set[str]:
    """Return what is installed in the environment itself, pip aside."""
    return {
        row["name"].lower() for row in json.loads(machine.do("list", "--env", "env", "--json"))
    } - {"pip"}


def test_the_base_satisfies(machine: Machine, base: Path) -> None:
    before = snapshot(base)
    python = machine.environ["BASE"]
    machine.do("create", "env", "-p", python, "--system-site-packages", "--with", "flask")
    assert names(machine) == {"flask", "werkzeug", "click"}
    inside = str(machine.work / "env" / "bin" / "python")
    assert machine.run(inside, "-B", "-c", "import flask, jinja2, markupsafe").code == 0
    assert machine.run(inside, "-m", "pip", "check").code == 0
    done = machine.run(inside, "-m", "pip", "list", "--format=json")
    assert {"jinja2", "flask"} <= {row["name"].lower() for row in json.loads(done.stdout)}
    machine.do("install", "--env", "env", "jinja2")
    assert names(machine) == {"flask", "werkzeug", "click"}
    machine.do("install", "--env", "env", "-U", "itsdangerous")
    assert names(machine) == {"flask", "werkzeug", "click", "itsdangerous"}
    code = "import itsdangerous; print(itsdangerous.__version__)"
    assert machine.run(inside, "-B", "-c", code).stdout == "2.2.0\n"
    machine.do("undo", "--env", "env")
    assert machine.run(inside, "-B", "-c", code).stdout == "2.1.2\n"
    done = machine.run(inside, "-m", "pip", "uninstall", "-y", "jinja2")
    assert "Traceback" not in done.text
    assert snapshot(base) | before == before
    assert json.loads(machine.do("history", "--env", "env", "--json"))[1]["distributions"] == 3


def test_without_it_the_base_is_not_seen(machine: Machine, base: Path) -> None:
    assert base.is_dir()
    machine.do("create", "env", "-p", machine.environ["BASE"], "--with", "flask")
    assert {"jinja2", "markupsafe", "itsdangerous"} <= names(machine)
    machine.do("create", "bare", "-p", machine.environ["BASE"])
    inside = str(machine.work / "bare" / "bin" / "python")
    assert machine.run(inside, "-c", "import jinja2").code == 1
