"""The whole path of a new user: create, activate, install, run, freeze, reproduce, undo, delete.

Once for each interpreter with stand-ins from an index on disk, and once with the real index.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_interpreter
from scripts.import_graph import ROOT
from tests.functional.machine import Machine
from tests.functional.standins import FLASK_SET

if TYPE_CHECKING:
    from pathlib import Path

APP = os.path.join(ROOT, "examples", "flask-app", "app.py")
PINS = """\
click==8.1.7
flask==3.0.3
itsdangerous==2.2.0
Jinja2==3.1.4
MarkupSafe==2.1.5
Werkzeug==3.0.3
"""
LOCK = """\
lock-version = "1.0"
created-by = "test"

[[packages]]
name = "itsdangerous"
version = "{version}"

[[packages.wheels]]
url = "{url}"
hashes = {{sha256 = "{sha256}"}}
"""


@pytest.mark.parametrize("version", ["3.7", "3.8", "3.11", "3.12", "3.13"])
def test_the_path_with_standins(machine: Machine, version: str) -> None:
    require_interpreter(version)
    made = machine.do("create", ".venv", "-p", version)
    assert "source" in made
    machine.do("create", "-n", "data", "-p", version)
    walked = machine.bash(activated("flask"), APP=APP, PORT=str(free_port()))
    assert walked.code == 0, walked.text
    check_walk(machine, walked.stdout)
    pins = (machine.work / "requirements.txt").read_text()
    more = "importlib-metadata==4.0\n" if version == "3.7" else ""
    assert sorted(pins.lower().splitlines()) == sorted((PINS + more).lower().splitlines())
    reproduce(machine, version)
    two_versions(machine, version)
    sync(machine)
    states(machine)
    look_and_delete(machine, version)


@pytest.mark.network
def test_the_path_with_the_real_index(tmp_path: Path) -> None:
    require_interpreter("3.11")
    machine = Machine(tmp_path / "machine")
    machine.do("create", "-p", "3.11")
    walked = machine.bash(activated("flask"), APP=APP, PORT=str(free_port()))
    assert walked.code == 0, walked.text
    check_walk(machine, walked.stdout)
    machine.do("create", "copy", "-p", "3.11", "-r", "requirements.txt")
    assert machine.do("diff", ".venv", "copy") == ""
    machine.do("create", "-n", "x", "-p", "3.11", "--with", "django==3.2")
    machine.do("create", "-n", "y", "-p", "3.11", "--with", "django==4.0")
    done = machine.alcove("diff", "x", "y")
    assert "~ Django 3.2 -> 4.0\n" in done.stdout
    machine.do("sync", "-n", "x", "requirements.txt", "--offline")
    assert machine.do("diff", ".venv", "x") == ""
    machine.do("undo", "-n", "x")
    python = machine.home / ".virtualenvs" / "x" / "bin" / "python"
    done = machine.run(str(python), "-m", "django", "--version")
    assert done.stdout == "3.2\n", done.text


def activated(wanted: str) -> str:
    """Return the part of the path that a user walks in an activated shell."""
    return f"""
export PS1='$ '
before=$(env | sort; echo "$PS1")
source .venv/bin/activate
echo "VIRTUAL_ENV=$VIRTUAL_ENV"
echo "WHICH=$(command -v python) $(command -v pip)"
case "$PS1" in *"(work)"*) echo PROMPT ;; esac
pip install {wanted}
python -m pip install {wanted} -q
python "$APP" $PORT > /dev/null 2>&1 &
app=$!
trap 'kill $app 2>/dev/null || true' EXIT
for try in {{1..100}}; do
    sleep 0.2
    python -c "import urllib.request as r; print(r.urlopen('http://127.0.0.1:$PORT/').read().decode())" 2>/dev/null && break
done
pip freeze > requirements.txt
pip list --format=json
pip check
deactivate
after=$(env | sort; echo "$PS1")
[ "$before" = "$after" ] && echo SAME
"""


def check_walk(machine: Machine, said: str) -> None:
    """Hold what the activated part printed against what it should."""
    root = machine.work / ".venv"
    assert f"VIRTUAL_ENV={root}\n" in said
    assert f"WHICH={root}/bin/python {root}/bin/pip\n" in said
    assert "PROMPT\n" in said
    assert "The Flask example of alcove: Flask " in said
    assert "No broken requirements found." in said
    assert "SAME\n" in said


def reproduce(machine: Machine, version: str) -> None:
    """Make the same again in two ways, and find no difference."""
    made = machine.do("create", "copy", "-p", version, "-r", "requirements.txt")
    assert f"{7 if version == '3.7' else 6} distributions" in made
    assert machine.do("diff", ".venv", "copy") == ""
    machine.do("create", "second", "-p", version)
    done = machine.bash(
        "source second/bin/activate; pip install -r requirements.txt -q; flask; deactivate"
    )
    assert done.stdout == "Flask 3.0.3\n", done.text
    assert machine.do("diff", ".venv", "second") == ""
    files = {
        os.path.realpath(machine.work / name / "lib" / f"python{version}" / "site-packages/flask")
        for name in (".venv", "copy", "second")
    }
    assert len(files) == 1


def two_versions(machine: Machine, version: str) -> None:
    """Let two projects have two versions of one distribution."""
    for name, django in (("x", "3.2"), ("y", "4.0")):
        machine.do("create", "-n", name, "-p", version, "--with", f"django=={django}")
    for name, django in (("x", "3.2"), ("y", "4.0")):
        python = machine.home / ".virtualenvs" / name / "bin" / "python"
        done = machine.run(str(python), "-c", "import django; print(django.__version__)")
        assert done.stdout == f"{django}\n", done.text
    done = machine.alcove("diff", "x", "y")
    assert (done.code, done.stdout) == (1, "~ Django 3.2 -> 4.0\n")


def sync(machine: Machine) -> None:
    """Make the named environment equal to pins, then to a lock."""
    machine.do("install", "-n", "data", "django")
    machine.do("sync", "-n", "data", "requirements.txt")
    assert names_in(machine, "data") - {"importlib_metadata"} == set(FLASK_SET)
    machine.do("sync", "-n", "data", "requirements.txt")
    lock = write_lock(machine)
    machine.do("sync", "-n", "data", lock)
    assert names_in(machine, "data") == {"itsdangerous"}


def write_lock(machine: Machine) -> str:
    """Write a pylock.toml of one distribution and return its name."""
    import hashlib

    path = machine.environ["PIP_INDEX_URL"].removeprefix("file://").removesuffix("/simple")
    path += "/files/itsdangerous-2.1.2-py3-none-any.whl"
    with open(path, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    text = LOCK.format(version="2.1.2", url=f"file://{path}", sha256=digest)
    (machine.work / "pylock.toml").write_text(text)
    return "pylock.toml"


def states(machine: Machine) -> None:
    """Go back and forth between the states of the named environment."""
    numbers = [row["number"] for row in json.loads(machine.do("history", "-n", "data", "--json"))]
    assert numbers == [0, 1, 2, 3]
    shown = [line for line in machine.do("history", "-n", "data").splitlines() if line[0] == "*"]
    assert len(shown) == 1
    assert "alcove sync -n data pylock.toml" in shown[0]
    machine.do("undo", "-n", "data")
    assert names_in(machine, "data") - {"importlib_metadata"} == set(FLASK_SET)
    machine.do("undo", "-n", "data")
    assert names_in(machine, "data") == {"asgiref", "django"}
    machine.do("redo", "-n", "data")
    machine.do("redo", "-n", "data")
    assert names_in(machine, "data") == {"itsdangerous"}
    done = machine.alcove("redo", "-n", "data")
    assert done.code == 1, done.text
    machine.do("rollback", "-n", "data", "2")
    assert names_in(machine, "data") - {"importlib_metadata"} == set(FLASK_SET)
    flask = machine.home / ".virtualenvs" / "data" / "bin" / "flask"
    assert machine.run(str(flask)).stdout == "Flask 3.0.3\n"


def look_and_delete(machine: Machine, version: str) -> None:
    """List what there is, and delete in both ways."""
    rows = {row["name"] or row["path"]: row for row in json.loads(machine.do("envs", "--json"))}
    assert rows.keys() == {"data", "x", "y", *(str(machine.work / n) for n in ENVS)}
    assert {row["health"] for row in rows.values()} == {"ok"}
    facts = json.loads(machine.do("info", "data", "--json"))
    assert facts["python"].startswith(f"{version}.")
    assert facts["path"] == str(machine.home / ".virtualenvs" / "data")
    machine.do("verify", "--env", "copy")
    machine.do("verify", "--env", "second")
    done = machine.alcove("delete", "data")
    assert (done.code, "-y" in done.stderr) == (2, True), done.text
    machine.do("delete", "-y", "data")
    shutil.rmtree(machine.work / ".venv")
    left = {row["name"] or row["path"] for row in json.loads(machine.do("envs", "--json"))}
    assert left == rows.keys() - {"data", str(machine.work / ".venv")}
    done = machine.run(str(machine.work / "copy" / "bin" / "flask"))
    assert done.stdout == "Flask 3.0.3\n", done.text


ENVS = (".venv", "copy", "second")


def names_in(machine: Machine, name: str) -> set[str]:
    """Return the names in a named environment, normalised, as its own Python finds them; pip aside."""
    library = machine.home / ".virtualenvs" / name / "lib"
    (folder,) = os.listdir(library)
    found = os.listdir(library / folder / "site-packages")
    names = {each.partition("-")[0].lower() for each in found if each.endswith(".dist-info")}
    listed = {
        row["name"].lower().replace("-", "_")
        for row in json.loads(machine.do("list", "-n", name, "--json"))
    }
    assert names == listed
    return names - {"pip"}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
