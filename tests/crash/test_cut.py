"""The power goes on a real ext4: asked for with `ALCOVE_CRASH_EXT4=STRIDE`, as root, since it mounts a file system."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@pytest.mark.parametrize("name", ["upgrade", "undo-upgrade", "install-cold", "create"])
def test_power_cut(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    stride = os.environ.get("ALCOVE_CRASH_EXT4", "")
    if not stride or os.geteuid() or not shutil.which("mkfs.ext4"):
        pytest.skip("needs ALCOVE_CRASH_EXT4=STRIDE, root and mkfs.ext4")
    environ = {**os.environ, "PYTHONPATH": f"{SOURCES}/src{os.pathsep}{SOURCES}"}
    words = [sys.executable, "-m", "tests.crash.cut", str(tmp_path), name, stride]
    done = subprocess.run(
        words, env=environ, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    record_property("stopped: real power cut", found["points"])
    assert found["faults"] == [], "\n".join(found["faults"])
    assert found["points"] > 0
