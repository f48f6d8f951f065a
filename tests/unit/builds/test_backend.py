"""Backend discovery: what [build-system] says, and what is said of a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.builds.backend import discover, requires
from alcove.errors import BuildFailed
from alcove.testing.sdists import project

if TYPE_CHECKING:
    from pathlib import Path

LEGACY = "setuptools.build_meta:__legacy__"


def pyproject(tmp_path: Path, text: str | bytes) -> str:
    (tmp_path / "pyproject.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(tmp_path)


def test_a_declared_backend_is_found(tmp_path: Path) -> None:
    system = discover(project(str(tmp_path), "demo", build_requires=["six>=1"]))
    assert system == (("six>=1",), "tiny_backend", ("backend",), True)
    assert requires(str(tmp_path)) == ["six>=1"]


@pytest.mark.parametrize("name", ["setup.py", "setup.cfg"])
def test_a_tree_without_pyproject_is_of_setuptools(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    assert discover(str(tmp_path)) == (("setuptools>=40.8.0",), LEGACY, (), False)


def test_a_pyproject_without_build_system_is_of_setuptools(tmp_path: Path) -> None:
    tree = pyproject(tmp_path, "[tool.black]\nline-length = 100\n")
    assert discover(tree) == (("setuptools>=40.8.0",), LEGACY, (), False)


def test_requires_alone_keeps_them_and_takes_the_legacy_backend(tmp_path: Path) -> None:
    tree = pyproject(tmp_path, '[build-system]\nrequires = ["setuptools", "cython"]\n')
    assert discover(tree) == (("setuptools", "cython"), LEGACY, (), False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[build-system", "pyproject.toml: Expected"),
        (b"name = '\xff'", "pyproject.toml: .*codec"),
        ("x = " + "[" * 5000, "pyproject.toml: nested too deeply"),
        ("build-system = 1", "is not a table"),
        ("[build-system]\nbuild-backend = 'x'", "needs `requires`"),
        ("[build-system]\nrequires = 'x'", "needs `requires`"),
        ("[build-system]\nrequires = [1]", "needs `requires`"),
        ("[build-system]\nrequires = ['a b c']", "'a b c' is no requirement"),
        ("[build-system]\nrequires = []\nbuild-backend = 1", "not of the form module:object"),
        ("[build-system]\nrequires = []\nbuild-backend = 'a b'", "not of the form module:object"),
        ("[build-system]\nrequires = []\nbuild-backend = 'a:'", "not of the form module:object"),
        ("[build-system]\nrequires = []\nbuild-backend = '-c:x'", "not of the form module:object"),
        ("[build-system]\nrequires = []\nbackend-path = ['.']", "no build-backend"),
        ("[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = 1", "not a list"),
        ("[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = ['..']", "leads out"),
        (
            "[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = ['/']",
            "not relative",
        ),
        ("[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = ['out']", "leads out"),
    ],
)
def test_a_broken_build_system_is_told(tmp_path: Path, text: str | bytes, message: str) -> None:
    (tmp_path / "out").symlink_to(tmp_path.parent)
    with pytest.raises(BuildFailed, match=message):
        discover(pyproject(tmp_path, text))


def test_what_is_no_project_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="not a Python project"):
        discover(str(tmp_path))
    with pytest.raises(BuildFailed, match="no such directory"):
        discover(str(tmp_path / "missing"))


def test_a_huge_pyproject_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="larger than 4 MiB"):
        discover(pyproject(tmp_path, "#" * (5 << 20)))
