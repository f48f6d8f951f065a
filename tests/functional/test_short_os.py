"""The short `os` in a process of its own: what the standard library and others make of it, on each Python that runs alcove."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from alcove.testing.interpreters import interpreter
from scripts.import_graph import ROOT

PROGRAM = """\
import sys

space = {"__name__": "alcove.compiled"}
with open(sys.argv[1], "rb") as stream:
    exec(compile(stream.read(), sys.argv[1], "exec"), space)
assert "os" not in sys.modules
short = space["stand_in"](sys.modules)
import os, os.path
from os import path, stat

assert os is short and path is os.path and stat is os.stat
assert "_collections_abc" not in sys.modules
assert os.variables_at_start()["GIVEN"] == "given \\udcff"
assert os.fsdecode(os.fsencode("\\udcff")) == "\\udcff"
os.getlogin = lambda: "changed"
assert os.path.expanduser("~") == "/somewhere"  # asks for the variables
assert os is short and sys.modules["os"] is short
assert os.getlogin() == "changed"
os.environ["GIVEN"] = "changed"
import json, logging, pathlib, shutil, ssl, subprocess, tempfile, urllib.request
from os import *

with tempfile.TemporaryDirectory() as directory:
    assert isinstance(pathlib.Path(directory), os.PathLike)
    os.makedirs(os.path.join(directory, "a", "b"))
    assert [folders for _, folders, _ in os.walk(directory)] == [["a"], ["b"], []]
told = subprocess.run(["/bin/sh", "-c", 'echo "$GIVEN"'], capture_output=True, text=True).stdout
assert told == "changed\\n", told
print("alike")
"""


@pytest.mark.skipif(os.name != "posix", reason="made of the C module of POSIX")
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_programs_do_not_notice(version: str) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version}")
    done = subprocess.run(
        [python, "-I", "-S", "-c", PROGRAM, os.path.join(ROOT, "src", "alcove", "compiled.py")],
        env={"GIVEN": "given \udcff", "HOME": "/somewhere", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.stdout, done.returncode) == ("alike\n", 0), done.stderr


def test_a_program_that_has_os_keeps_it() -> None:
    from alcove.compiled import stand_in

    assert stand_in(sys.modules) is None
    assert sys.modules["os"] is os
