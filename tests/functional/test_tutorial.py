"""The tutorial, run block by block in one bash, as a reader would type it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = os.path.join(ROOT, "docs", "tutorial", "first-steps.md")

CREATE = os.path.join(ROOT, "src", "alcove", "cli", "commands", "create_command.py")

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        not os.path.exists(CREATE),
        reason="there are no commands yet",
    ),
]


def blocks() -> list[str]:
    """Return the tutorial's blocks marked `sh`, in order."""
    with open(TUTORIAL, encoding="utf-8") as stream:
        return re.findall(r"^```sh\n(.*?)^```$", stream.read(), re.MULTILINE | re.DOTALL)


def test_the_tutorial_runs_as_written(tmp_path: Path, alcove_home: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash on PATH")
    programs = alcove_home / "bin"
    programs.mkdir()
    source = os.path.join(ROOT, "src")
    start = f"import sys; sys.path[:0] = [{source!r}, *{[p for p in sys.path if 'site-packages' in p]!r}]"
    (programs / "main.py").write_text(
        f"{start}\nfrom alcove.cli.main import main\nsys.exit(main())\n"
    )
    command = programs / "alcove"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{programs / "main.py"}" "$@"\n')
    command.chmod(0o755)
    environ = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "APP": os.path.join(ROOT, "examples", "flask-app", "app.py"),
    }
    project = tmp_path / "project"
    project.mkdir()
    script = "\n".join(
        f"echo 'BLOCK {number}'\n{block}" for number, block in enumerate(blocks(), 1)
    )
    done = subprocess.run(
        [bash, "-e", "-c", script],
        cwd=project,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "The Flask example of alcove" in done.stdout
    assert re.search(r"^flask==|^Flask==", done.stdout, re.MULTILINE)
    assert sorted(os.listdir(project)) == ["requirements.txt"]
