"""The tutorial, run block by block in one bash, as a reader would type it."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING

import pytest

from scripts.import_graph import ROOT
from tests.functional.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = os.path.join(ROOT, "docs", "tutorial", "first-steps.md")

pytestmark = pytest.mark.network
PORT = 5000  # of the tutorial


def blocks() -> list[str]:
    """Return the tutorial's blocks marked `sh`, in order."""
    with open(TUTORIAL, encoding="utf-8") as stream:
        return re.findall(r"^```sh\n(.*?)^```$", stream.read(), re.MULTILINE | re.DOTALL)


def written_for(port: int, text: str) -> str:
    """Return a block as it stands, but for how long it waits, and the port where others use that of the tutorial."""
    ask = f"import socket; socket.create_connection(('127.0.0.1', {port}))"
    waiting = f'for try in {{1..100}}; do python -c "{ask}" 2>/dev/null && break; sleep 0.2; done'
    text = text.replace("sleep 3", waiting)
    if port == PORT:
        return text
    return text.replace('"$APP" &', f'"$APP" {port} &').replace(f":{PORT}/", f":{port}/")


def free_port() -> int:
    """Return the tutorial's port, or another where somebody listens there."""
    for wanted in (PORT, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("no free port")


def test_the_tutorial_runs_as_written(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    port = free_port()
    script = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + "\n".join(
        f"echo 'BLOCK {number}'\n{written_for(port, block)}"
        for number, block in enumerate(blocks(), 1)
    )
    app = os.path.join(ROOT, "examples", "flask-app", "app.py")
    done = machine.bash(script, APP=app)
    assert done.code == 0, done.text
    assert "The Flask example of alcove" in done.stdout
    assert re.search(r"^flask==|^Flask==", done.stdout, re.MULTILINE)
    assert sorted(os.listdir(machine.work)) == ["requirements.txt"]
