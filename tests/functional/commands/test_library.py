"""The page on the library: its examples run, and every public name is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import alcove
from alcove.testing.wheels import wheel
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = os.path.join(ROOT, "docs", "reference", "library.md")


def text() -> str:
    with open(PAGE, encoding="utf-8") as stream:
        return stream.read()


def test_the_examples_run(tmp_path: Path, alcove_home: Path) -> None:
    wheels = tmp_path / "wheels"
    for name, version, requires in (
        ("flavour", "1.0", []),
        ("flavour", "2.0", []),
        ("spoon", "1.0", []),
        ("meal", "1.0", ["flavour>=1"]),
        ("feast", "1.0", ["meal", "spoon"]),
    ):
        wheel(str(wheels), name, version, requires=requires)
    project = tmp_path / "project"
    project.mkdir()
    blocks = re.findall(r"^```python\n(.*?)^```$", text(), re.MULTILINE | re.DOTALL)
    head = f"WHEELS = {str(wheels)!r}\nPYTHON = {sys.executable!r}\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", head + "\n".join(blocks)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": os.path.join(ROOT, "src"), "HOME": str(alcove_home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert len(blocks) > 8


def test_every_public_name_is_there() -> None:
    for name in alcove._PUBLIC:
        assert callable(getattr(alcove, name))
        assert name in dir(alcove)


def test_what_is_not_there_is_not_there() -> None:
    assert not hasattr(alcove, "no_such_name")


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, alcove; print([n for n in sys.modules if n.startswith('alcove.')])"
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {os.path.join(ROOT, 'src')!r}); {code}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
