"""PyPy, where this machine has one: found, asked, an environment made of it and filled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from alcove.testing.interpreters import require_interpreter

if TYPE_CHECKING:
    from tests.functional.machine import Machine


def test_an_environment_of_pypy(machine: Machine) -> None:
    pypy = require_interpreter("pypy3")
    assert machine.do("python", "find", pypy).strip().startswith(pypy.rpartition("/")[0])
    machine.do("create", "env", "-p", pypy, "--with", "itsdangerous")
    code = "import itsdangerous, sys, sysconfig; print(sys.implementation.name, sysconfig.get_path('purelib'))"
    done = machine.run(str(machine.work / "env/bin/python"), "-c", code)
    name, purelib = done.stdout.split()
    assert (name, purelib.startswith(str(machine.work / "env/lib/pypy3"))) == ("pypy", True)
    assert machine.run(str(machine.work / "env/bin/pip"), "check").code == 0
    (row,) = json.loads(machine.do("python", "list", pypy, "--json"))
    assert row["implementation"] == "PyPy"
    assert row["version"].count(".") == 2
    assert row["environments"] == [str(machine.work / "env")]
    machine.do("verify", "--env", "env")
