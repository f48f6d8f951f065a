"""The hooks run under every Python that alcove has as a target."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.builds.hooks import Options, build_wheel, metadata
from alcove.builds.process import Limits
from alcove.testing.sdists import project, sdist

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.functional.builds.conftest import HandMade

OPTIONS = Options(environ={"PATH": "/usr/bin:/bin"}, limits=Limits(timeout=120))
VERSIONS = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]
HOOK = "import sys\nFACTS['version'] = '{}.{}'.format(*sys.version_info)\n"


def interpreter(version: str) -> str:
    """Return the path of a Python of that version; skips where alcove's finder knows none."""
    found = pytest.importorskip("alcove.testing.interpreters", reason="the finder is not there yet")
    path: str = found.require_interpreter(version)
    return path


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wheel_is_built_by_the_target(
    tmp_path: Path, environment_of: Callable[[str], HandMade], version: str
) -> None:
    environment = environment_of(interpreter(version))
    tree = project(str(tmp_path / "tree"), "demo", hooks=HOOK + f"STEM = 'demo-{version}'\n")
    out = str(tmp_path / "out")
    wheel = build_wheel(tree, environment=environment, out=out, options=OPTIONS)
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(f"demo-{version}.dist-info/METADATA")
    assert f"\nVersion: {version}\n".encode() in content
    assert metadata(tree, environment=environment, out=out, options=OPTIONS).content == content
    editable = build_wheel(tree, environment=environment, out=out, editable=True, options=OPTIONS)
    assert os.path.basename(editable) == f"demo-{version}-py3-none-any.whl"


class WithPip:
    """A real environment made by the standard library, whose pip installs what a build needs."""

    def __init__(self, prefix: str, python: str) -> None:
        subprocess.run([python, "-m", "venv", prefix], check=True, capture_output=True)
        self.prefix = prefix
        self.scripts = os.path.join(prefix, "bin")
        self.python = os.path.join(self.scripts, "python")

    def install(self, requirements: Sequence[str], /) -> None:
        """Install from the index that the machine's pip knows."""
        if requirements:
            command = [self.python, "-m", "pip", "install", "-q", "--upgrade", *requirements]
            subprocess.run(command, check=True, capture_output=True)


@pytest.mark.network
@pytest.mark.parametrize("backend", ["setuptools", "legacy"])
@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
def test_setuptools_builds(tmp_path: Path, version: str, backend: str) -> None:
    python = sys.executable if version == "3.11" else interpreter(version)
    environment = WithPip(str(tmp_path / "environment"), python)
    path = sdist(str(tmp_path / "dists"), "demo", "1.5", backend=backend, requires=["six"])
    out = str(tmp_path / "out")
    options = OPTIONS._replace(environ={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    wheel = build_wheel(path, environment=environment, out=out, options=options)
    assert os.path.basename(wheel) == "demo-1.5-py3-none-any.whl"
    tree = project(str(tmp_path / "tree"), "demo", "1.5", backend=backend, requires=["six"])
    content = metadata(tree, environment=environment, out=out, options=options).content
    assert b"Requires-Dist: six\n" in content
    editable = build_wheel(tree, environment=environment, out=out, editable=True, options=options)
    with zipfile.ZipFile(editable) as archive:
        assert any(name.startswith("__editable__.demo") for name in archive.namelist())
