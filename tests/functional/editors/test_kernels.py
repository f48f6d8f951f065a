"""`alcove kernel` by its command, with a stand-in for ipykernel: what Jupyter would start is started here."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from alcove.testing.index import index
from alcove.testing.interpreters import require_interpreter
from alcove.testing.wheels import wheel
from tests.functional.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

_KERNEL = (
    "import json, os, sys, traits\n\n\ndef launch_new_instance():\n"
    "    print(json.dumps([sys.prefix, sys.version[:3], sys.argv[1:], traits.__file__,"
    " os.environ.get('VIRTUAL_ENV'), os.environ['PATH'].split(':')[0], sys.path[0]]))\n"
)


@pytest.fixture
def jupyter(tmp_path: Path) -> Machine:
    """Return a machine whose index has an ipykernel of two files."""
    files = index(str(tmp_path / "index"))
    beside = str(tmp_path / "wheels")
    need = {"requires": ["traits>=2"]}
    kernel = {"ipykernel/__init__.py": "", "ipykernel/kernelapp.py": _KERNEL}
    files.add(wheel(beside, "ipykernel", "2.0", files=kernel, **need))  # type: ignore[arg-type]
    files.add(wheel(beside, "ipykernel", "1.0", files=kernel, requires=["traits"]))
    for version in ("1.0", "2.0"):
        files.add(wheel(beside, "traits", version))
    return Machine(tmp_path / "machine", index_url=files.url)


def started(machine: Machine, directory: str) -> list[Any]:
    """Start the kernel at `directory` as Jupyter would; return what the stand-in said."""
    with open(f"{directory}/kernel.json", encoding="utf-8") as stream:
        spec = json.load(stream)
    words = [word.replace("{connection_file}", "/connection.json") for word in spec["argv"]]
    environ = {
        key: value.replace("${PATH}", machine.environ["PATH"]) for key, value in spec["env"].items()
    }
    done = machine.run(*words, environ=environ)
    assert done.code == 0, done.text
    found: list[Any] = json.loads(done.stdout)
    return found


def listed(machine: Machine) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in json.loads(machine.do("kernel", "list", "--json"))}


def test_the_life_of_a_kernel(jupyter: Machine) -> None:
    require_interpreter("3.8")
    machine = jupyter
    machine.do("create", "-p", "3.8")
    said = machine.do("kernel", "install", "--display-name", "The shop")
    assert "ipykernel is lent to it" in said
    row = listed(machine)["work"]
    env = str(machine.work / ".venv")
    assert (row["display_name"], row["environment"], row["ipykernel"]) == ("The shop", env, "lent")
    assert row["health"] == "ok"
    prefix, version, words, traits, active, first, start = started(machine, row["directory"])
    assert (prefix, version, active, first) == (env, "3.8", env, f"{env}/bin")
    assert words == ["-f", "/connection.json"]
    assert traits.startswith(row["support"])
    assert start != row["directory"]
    assert json.loads(machine.do("list", "--json"))[0]["name"] == "pip"  # and nothing more
    assert [one["path"] for one in json.loads(machine.do("envs", "--json"))] == [env]

    machine.do("install", "-q", "traits==2.0")
    assert started(machine, row["directory"])[3].startswith(env)
    machine.do("uninstall", "-q", "-y", "traits")
    machine.do("gc", "-y")
    assert started(machine, row["directory"])[3].startswith(row["support"])

    machine.do("move", ".venv", "moved")
    assert listed(machine)["work"]["environment"] == str(machine.work / "moved")
    assert started(machine, row["directory"])[0] == str(machine.work / "moved")
    machine.do("delete", "-y", "./moved")
    done = machine.alcove("kernel", "list")
    assert "its environment is gone; alcove kernel remove work" in done.stdout
    machine.do("kernel", "remove", "work")
    assert listed(machine) == {}
    assert os.listdir(machine.data / "kernels") == ["lock", "known"] or not [
        name for name in os.listdir(machine.data / "kernels") if name.startswith("cpython")
    ]


def test_what_an_environment_has_decides(jupyter: Machine) -> None:
    """With an old traits in it an older ipykernel is lent; with an ipykernel of its own, none."""
    require_interpreter("3.13")
    machine = jupyter
    machine.do("create", "-n", "old", "-p", "3.13", "--with", "traits==1.0")
    machine.do("kernel", "install", "old", "--prefix", "./lab")
    row = listed(machine)["old"]
    assert row["directory"] == str(machine.work / "lab/share/jupyter/kernels/old")
    assert started(machine, row["directory"])[3].startswith(row["environment"])
    versions = json.loads(machine.do("list", "--json", "--env", row["support"]))
    assert {"name": "ipykernel", "version": "1.0"}.items() <= versions[0].items()
    machine.do("install", "-q", "-n", "old", "ipykernel==1.0")
    machine.do("kernel", "install", "-n", "old", "--sys-prefix", "--kernel", "own", "--json")
    rows = listed(machine)
    assert rows["own"]["ipykernel"] == "own"
    assert os.listdir(rows["own"]["directory"]) == ["kernel.json"]
    assert {one["health"] for one in rows.values()} == {"ok"}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("frob",), 2, "does not take 'frob'"),
        (("list", "x"), 2, "does not take"),
        (("install", "x", "-n", "y"), 2, "with --env or -n"),
        (("install", "x", "y"), 2, "does not take"),
        (("install", "--user", "--sys-prefix", "--env", "."), 2, "all say where"),
        (("install", "--kernel", "a b", "--env", "."), 1, "is not a virtual environment"),
        (("install",), 1, "no environment is active"),
        (("remove", "nothing"), 1, "neither a kernel of ours nor an environment"),
    ],
)
def test_bad_words(tmp_path: Path, words: tuple[str, ...], code: int, message: str) -> None:
    machine = Machine(tmp_path / "machine")
    (machine.work / "pyproject.toml").write_text("")
    done = machine.alcove("kernel", *words)
    assert (done.code, done.stdout) == (code, ""), done.text
    assert message in done.stderr
    assert "hint: " in done.stderr


def test_an_index_that_has_none_is_said(tmp_path: Path) -> None:
    require_interpreter("3.13")
    machine = Machine(tmp_path / "machine", index_url=index(str(tmp_path / "index")).url)
    machine.do("create", "-p", "3.13")
    done = machine.alcove("kernel", "install")
    assert done.code == 1, done.text
    assert "ipykernel" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (machine.home / ".local").exists()


def test_vscode(jupyter: Machine) -> None:
    machine = jupyter
    machine.do("create", "--without-pip")
    file = machine.work / ".vscode" / "settings.json"
    assert "+++ " in machine.do("ide", "vscode", "--dry-run")
    assert not file.exists()
    machine.do("ide", "vscode")
    assert "${workspaceFolder}/.venv/bin/python" in file.read_text()
    assert json.loads(machine.do("ide", "vscode", "--json"))["changed"] == {}
    file.write_text('{\n  "a": 1,\n  broken\n}')
    done = machine.alcove("ide", "vscode")
    assert done.code == 1
    assert "settings.json:3:3: a key in double quotes" in done.stderr
    assert machine.alcove("ide", "emacs").code == 2
