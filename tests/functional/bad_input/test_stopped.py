"""Ctrl-C and SIGTERM: nothing half is left, neither in the middle of a download nor in the middle of a change.

In a change the signal comes at file operations spread over all of it; the environment is then the old or the new one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alcove.testing.wheels import wheel
from tests.functional.machine import Done, Machine, snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex
    from alcove.testing.server import IndexServer

SIGNALS = [signal.SIGINT, signal.SIGTERM]
POINTS = 9  # at which a change is stopped, for each signal
BIG = "/files/big-1.0-py3-none-any.whl"

# Counts the operations of `alcove.files.ops`, and sends itself a signal before one of them.
_STOPPING = """
import os
from alcove.files import ops
at, number = int(os.environ["AT"]), int(os.environ["SIGNAL"])
count = 0
def counted(function):
    def operation(*words, **options):
        global count
        count += 1
        if count == at:
            os.kill(os.getpid(), number)
        return function(*words, **options)
    return operation
for name in ops.__all__:
    setattr(ops, name, counted(getattr(ops, name)))

leave = os._exit
def ended(code):
    if at == 0:
        print("operations", count)
        import sys; sys.stdout.flush()
    leave(code)
os._exit = ended
"""


@pytest.fixture
def served(tmp_path: Path, alcove_index: DiskIndex, alcove_index_server: IndexServer) -> Machine:
    """Return a machine with an environment, and an index over HTTP with a large wheel."""
    wheels = str(tmp_path / "wheels")
    alcove_index.add(wheel(wheels, "small", "1.0"))
    alcove_index.add(wheel(wheels, "big", "1.0", files={"big.bin": os.urandom(200_000)}))
    machine = Machine(tmp_path / "machine", index_url=alcove_index_server.url)
    machine.do("create", "env", "-p", sys.executable, "--with", "small")
    machine.environ["VIRTUAL_ENV"] = str(machine.work / "env")
    return machine


@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGHUP], ids=lambda number: number.name)
@pytest.mark.parametrize("words", [("install", "big"), ("create", "other", "--with", "big")])
def test_in_mid_download(
    served: Machine,
    alcove_index_server: IndexServer,
    words: tuple[str, ...],
    number: signal.Signals,
) -> None:
    before = served.state()
    alcove_index_server.trouble(BIG, stall=30, times=9)
    running = served.start(*words)
    code, stderr = stop_when_asked(running, alcove_index_server, number)
    assert code == 130, stderr
    assert stderr.endswith("interrupted; the state before holds\n"), stderr
    assert "Traceback" not in stderr
    assert kept(served.state()) == kept(before)
    assert unfinished(served) == []
    alcove_index_server._troubles.clear()
    served.do(*words)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_while_other_processes_unpack(
    tmp_path: Path, alcove_index: DiskIndex, number: signal.Signals
) -> None:
    names = [f"d{at}" for at in range(20)]
    for name in names:
        files = {f"{name}/m{at}.py": "" for at in range(400)}
        alcove_index.add(wheel(str(tmp_path / "wheels"), name, files=files))
    machine = Machine(tmp_path / "machine", index_url=alcove_index.url)
    machine.do("create", "env", "-p", sys.executable, "--with", "d0")
    machine.environ["VIRTUAL_ENV"] = str(machine.work / "env")
    before = machine.state()
    running = machine.start("install", *names)
    entries = machine.data / "store" / "entries-v1"
    end = time.monotonic() + 300
    while not any(entries.glob(".tmp-*/lib")):
        assert time.monotonic() < end
        time.sleep(0.002)
    running.send_signal(number)
    _, stderr = running.communicate(timeout=300)
    assert running.returncode == 130, stderr
    assert stderr.endswith("interrupted; the state before holds\n"), stderr
    assert "Traceback" not in stderr
    assert list(entries.glob(".tmp-*")) == []
    assert len(list(entries.iterdir())) < len(names)
    assert kept(machine.state()) == kept(before)
    machine.do("install", *names)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_in_mid_download_by_the_pip_inside(
    served: Machine, alcove_index_server: IndexServer, number: signal.Signals
) -> None:
    before = served.state()
    alcove_index_server.trouble(BIG, stall=30, times=9)
    python = str(served.work / "env" / "bin" / "python")
    running = subprocess.Popen(
        [python, "-m", "pip", "install", "big"],
        env=served.environ,
        cwd=served.work,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    code, stderr = stop_when_asked(running, alcove_index_server, number)
    assert code != 0
    assert "Traceback" not in stderr, stderr
    assert kept(served.state()) == kept(before)
    assert unfinished(served) == []


def stop_when_asked(
    running: subprocess.Popen[str], server: IndexServer, number: signal.Signals
) -> tuple[int, str]:
    """Send the signal when the large wheel is on its way; return exit code and stderr."""
    end = time.monotonic() + 300
    while not server.asked(BIG):
        assert time.monotonic() < end, "nobody asked for the wheel"
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    time.sleep(0.3)
    running.send_signal(number)
    _, stderr = running.communicate(timeout=10)  # the server would let it wait for 30 s
    return running.returncode, stderr


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_in_the_middle_of_a_change(served: Machine, number: signal.Signals) -> None:
    served.do("install", "big")
    served.do("uninstall", "-y", "big")
    total = int(stopping(served, 0, number, "install", "big").stdout.rpartition(" ")[2])
    served.do("uninstall", "-y", "big")
    stops = range(1, total, max(1, total // POINTS))
    for at in stops:
        done = stopping(served, at, number, "install", "big")
        assert (done.code, "Traceback" in done.stderr) == (130, False), (at, done.text)
        installed = served.do("list").split()[::2]
        assert installed in (["pip", "small"], ["big", "pip", "small"]), (at, installed)
        served.do("install", "big")
        assert unfinished(served) == []
        python = str(served.work / "env" / "bin" / "python")
        done = served.run(
            python,
            "-c",
            "import small, os, sysconfig as s; print(os.path.getsize(s.get_path('purelib') + '/big.bin'))",
        )
        assert done.stdout == "200000\n", (at, done.text)
        served.do("uninstall", "-y", "big")
    assert len(stops) >= POINTS


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_in_the_middle_of_a_creation(served: Machine, number: signal.Signals) -> None:
    words = ("create", "other", "--with", "big")
    served.do(*words)
    served.do("delete", "-y", "other")
    total = int(stopping(served, 0, number, *words).stdout.rpartition(" ")[2])
    served.do("delete", "-y", "other")
    for at in range(1, total, max(1, total // POINTS)):
        done = stopping(served, at, number, *words)
        assert (done.code, "Traceback" in done.stderr) == (130, False), (at, done.text)
        assert sorted(os.listdir(served.work)) == ["env"], at
        assert unfinished(served) == []
        served.do(*words)
        served.do("delete", "-y", "other")


def stopping(machine: Machine, at: int, number: signal.Signals, *words: str) -> Done:
    """Run alcove so that it sends itself the signal before its operation `at` (0: count them and go on)."""
    start = machine.work.parent / "programs" / "start.py"
    text = start.read_text()
    stopped = start.with_name("stopping.py")
    head, _, tail = text.partition("from alcove.cli.main")
    stopped.write_text(f"{head}{_STOPPING}\nfrom alcove.cli.main{tail}")
    environ = {"AT": str(at), "SIGNAL": str(int(number))}
    return machine.run(sys.executable, "-I", "-S", str(stopped), *words, environ=environ)


def kept(state: dict[str, str]) -> dict[str, str]:
    """Return a state without what may grow: whole entries of the store, bytecode."""
    return {
        path: row
        for path, row in state.items()
        if "/entries-v1/" not in path and "__pycache__" not in path
    }


def unfinished(machine: Machine) -> list[str]:
    """Return what looks like work in progress in the cache, the store and the work directory."""
    everything = snapshot(machine.cache) | machine.state()
    return [path for path in everything if path.endswith((".tmp", ".part")) or "/builds/" in path]
