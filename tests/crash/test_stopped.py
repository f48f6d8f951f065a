"""Every command stopped at each of its file operations: the old state or the new one, and the next command goes on.

`ALCOVE_CRASH_EVERY=7` takes each seventh point only, for a quick look; the whole run is what counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.crash import points
from tests.crash.worlds import SAMPLED, SCENES

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = int(os.environ.get("ALCOVE_CRASH_EVERY", "1"))
SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@pytest.mark.parametrize("name", SCENES)
def test_stopped_anywhere(
    name: str, place: str, record_property: Callable[[str, object], None]
) -> None:
    _stop(name, place, record_property, halves=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="two processes on Linux alone")
@pytest.mark.parametrize("name", ["install-first", "sync", "rebuild", "create-filled"])
def test_either_of_two_processes_stopped_anywhere(
    name: str, place: str, record_property: Callable[[str, object], None]
) -> None:
    _stop(name, place, record_property, halves=True)


def _stop(
    name: str, place: str, record_property: Callable[[str, object], None], *, halves: bool
) -> None:
    words = [sys.executable, "-m", "tests.crash.driver", place, name, str(EVERY)]
    environ = {**os.environ, "PYTHONPATH": f"{SOURCES}/src{os.pathsep}{SOURCES}"}
    environ["ALCOVE_CRASH_HALVES"] = "1" if halves else ""
    done = subprocess.run(
        words, env=environ, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    for kind, count in found["points"].items():
        record_property(f"stopped: {kind}", count)
    assert found["faults"] == [], "\n".join(found["faults"][:20])
    assert set(found["points"]) == set(points.KINDS)
    if not halves:  # each of two processes counts its own
        assert found["points"]["kill"] * EVERY * SAMPLED.get(name, 1) >= SCENES[name].points
