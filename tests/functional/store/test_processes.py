"""What only real processes show: kills, races, launchers that run, bytecode that is used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alcove.errors import StoreError
from alcove.store import bytecode, entries, layout, verify
from alcove.store.layout import store_at
from alcove.store.unpack import unpack
from alcove.testing.interpreters import every_interpreter
from alcove.testing.wheels import wheel
from alcove.wheels.launchers import launcher, rewrite_shebang

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(verify.__file__)))
KILLED = os.path.join(os.path.dirname(__file__), "kill_points.py")
INTERPRETERS = every_interpreter("2.7") or [sys.executable]


def environ() -> dict[str, str]:
    return {"PATH": os.defpath, "PYTHONPATH": SOURCES}


def test_killed_anywhere_the_store_is_whole_and_the_next_command_goes_on(tmp_path: Path) -> None:
    path = wheel(
        str(tmp_path), "x", files={"x/__init__.py": "a", "x/y/z.py": "b"}, data={"share/x": "d"}
    )
    done = subprocess.run(
        [sys.executable, KILLED, str(tmp_path / "data"), path],
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    points, removals = map(int, done.stdout.split())
    sys.stdout.write(f"unpack was killed at {points} operations, collect at {removals}\n")
    assert points > 40
    assert removals > 15


def test_processes_that_unpack_one_wheel_at_once_get_one_entry(tmp_path: Path) -> None:
    files = {f"x/m{number}.py": f"a = {number}" for number in range(200)}
    path = wheel(str(tmp_path), "x", files={"x/__init__.py": "", **files})
    program = (
        "import sys; from alcove.store.layout import store_at; from alcove.store.unpack import unpack; "
        "print(unpack(store_at(sys.argv[1]), sys.argv[2]).directory)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "data"), path]
    running = [
        subprocess.Popen(command, env=environ(), stdout=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    told = {process.communicate(timeout=120)[0].strip() for process in running}
    store = store_at(str(tmp_path / "data"))
    assert told == set(entries.names(store)) == set(os.listdir(store.entries))
    assert len(told) == 1
    assert verify.damaged(store, told.pop(), deep=True) == []


def test_sigterm_leaves_no_entry(tmp_path: Path) -> None:
    path = wheel(str(tmp_path), "x", files={f"x/{name}.py": "" for name in range(3000)})
    program = (
        "import sys; from alcove.store.layout import store_at; from alcove.store.unpack import unpack; "
        "print('go', flush=True); unpack(store_at(sys.argv[1]), sys.argv[2])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "data"), path]
    with subprocess.Popen(command, env=environ(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=300)
    store = store_at(str(tmp_path / "data"))
    assert entries.names(store) == []
    unpack(store, path)
    assert len(entries.names(store)) == 1


MODULE = """\
import sys

class Program(object):
    @staticmethod
    def main():
        print(sys.argv[0].endswith("/run"), sys.argv[1:])
        return 3
"""


def placed(directory: Path, python: str) -> str:
    """Return the path of a link to an interpreter in a directory with an awkward name."""
    directory.mkdir(parents=True)
    link = directory / "python"
    link.symlink_to(python)
    return str(link)


@pytest.mark.parametrize(
    "python", INTERPRETERS, ids=[os.path.basename(one) for one in INTERPRETERS]
)
@pytest.mark.parametrize("name", ["plain", "with blank", 'it\'s $HOME `x` \\N\\d "q" é', "d" * 130])
def test_launchers_and_scripts_run(tmp_path: Path, python: str, name: str) -> None:
    interpreter = placed(tmp_path / name, python)
    (tmp_path / "mod.py").write_text(MODULE)
    contents = (
        launcher(interpreter, "mod", "Program.main"),
        rewrite_shebang(b"#!python\nimport mod, sys\nsys.exit(mod.Program.main())\n", interpreter),
    )
    for content in contents:
        program = tmp_path / "run"
        program.write_bytes(content)
        program.chmod(0o755)
        done = subprocess.run(
            [str(program), "a b", "$x"],
            env={"PATH": os.defpath, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.stderr == b""
        assert done.stdout.decode().strip() in {"True ['a b', '$x']", "(True, ['a b', '$x'])"}
        assert done.returncode == 3


def test_compiled_entries_are_used_and_not_damaged(tmp_path: Path) -> None:
    store = store_at(str(tmp_path / "data"))
    files = {"x/__init__.py": "a = 1\n", "x/bad.py": "print 'no'\n", "y.py": "b = 2\n"}
    entry = unpack(store, wheel(str(tmp_path), "x", files=files))
    bytecode.compile_entries(store, [entry.directory, "gone-1.0-0123456789"], python=sys.executable)
    lib = f"{layout.entry_path(store, entry.directory)}/lib"
    tag = sys.implementation.cache_tag
    assert os.listdir(f"{lib}/x/__pycache__") == [f"__init__.{tag}.pyc"]
    assert os.listdir(f"{lib}/__pycache__") == [f"y.{tag}.pyc"]
    assert verify.damaged(store, entry.directory, deep=True) == []
    assert verify.tripwire(f"{lib}/x", entry.sha256)
    site = tmp_path / "site"
    site.mkdir()
    (site / "x").symlink_to(f"{lib}/x")
    done = subprocess.run(
        [sys.executable, "-v", "-c", "import x; print(x.__file__)"],
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(site / "x" / "__init__.py")
    assert f"# {lib}" not in done.stderr
    assert "wrote" not in done.stderr
    assert f"matches {site / 'x' / '__init__.py'}" in done.stderr


def test_an_interpreter_that_does_not_run_is_told(tmp_path: Path) -> None:
    store = store_at(str(tmp_path / "data"))
    entry = unpack(store, wheel(str(tmp_path), "x"))
    with pytest.raises(StoreError, match="cannot be run"):
        bytecode.compile_entries(store, [entry.directory], python=str(tmp_path / "none"))
    bytecode.compile_entries(store, [], python=str(tmp_path / "none"))
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no >&2\necho really not >&2\nexit 7\n")
    broken.chmod(0o755)
    with pytest.raises(StoreError, match="could not compile: really not"):
        bytecode.compile_entries(store, [entry.directory], python=str(broken))
