"""The files of the pip that an environment gets."""

from __future__ import annotations

import ast
import csv
import hashlib
from base64 import urlsafe_b64encode
from importlib.metadata import PathDistribution
from typing import TYPE_CHECKING

import pytest

from alcove.environments.seed import DIST_INFO, Launch, pip_files

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = Launch("/alcove/python", ("-I",), "/alcove/main.py")
HOSTILE = Launch("/a'b $(x)/\"é\\n", ("-I", "-S"), "/m `y`\n/main.py")


def test_the_files() -> None:
    files = {file.path: file for file in pip_files("3.12.1", PLAIN)}
    programs = sorted(path for path, file in files.items() if file.executable)
    assert programs == ["bin/pip", "bin/pip3", "bin/pip3.12"]
    assert len({files[path].content for path in programs}) == 1
    names = {path.partition("/")[2] for path in files}
    assert {
        "pip/__init__.py",
        "pip/__main__.py",
        "pip/_internal/cli/main.py",
        f"{DIST_INFO}/METADATA",
        f"{DIST_INFO}/RECORD",
        f"{DIST_INFO}/INSTALLER",
        f"{DIST_INFO}/entry_points.txt",
        f"{DIST_INFO}/WHEEL",
        f"{DIST_INFO}/top_level.txt",
    } <= names


@pytest.mark.parametrize("launch", [PLAIN, HOSTILE])
def test_record_lists_every_file_as_it_is(launch: Launch) -> None:
    files = {file.path: file.content for file in pip_files("3.8", launch)}
    record = files[f"site-packages/{DIST_INFO}/RECORD"].decode()
    rows = {row[0]: row[1:] for row in csv.reader(record.splitlines())}
    assert rows.pop(f"{DIST_INFO}/RECORD") == ["", ""]
    for path, (digest, size) in rows.items():
        content = files.pop(
            path.removeprefix("../../../") if path.startswith("..") else f"site-packages/{path}"
        )
        expected = urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        assert (digest, int(size)) == (f"sha256={expected}", len(content))
    assert list(files) == [f"site-packages/{DIST_INFO}/RECORD"]


def test_nothing_depends_on_the_place_of_the_environment() -> None:
    assert pip_files("3.12", PLAIN) == pip_files("3.12.7", PLAIN)


@pytest.mark.parametrize("launch", [PLAIN, HOSTILE])
def test_modules_are_python_and_hold_the_launch(launch: Launch) -> None:
    files = {file.path: file.content for file in pip_files("3.12", launch)}
    for path, content in files.items():
        if path.endswith(".py"):
            ast.parse(content, path)
    space: dict[str, object] = {}
    exec(files["site-packages/pip/_launch.py"], space)  # noqa: S102  our own file
    assert space["ALCOVE"] == [launch.python, *launch.flags, launch.main]


def test_metadata_is_read_by_the_standard_library(tmp_path: Path) -> None:
    for file in pip_files("3.12", PLAIN):
        target = tmp_path / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    distribution = PathDistribution(tmp_path / "site-packages" / DIST_INFO)
    assert (distribution.metadata["Name"], distribution.version) == ("pip", "26.3")
    (point,) = [each for each in distribution.entry_points if each.name == "pip"]
    assert (point.group, point.value) == ("console_scripts", "pip._internal.cli.main:main")
    assert (distribution.read_text("INSTALLER") or "").strip() == "alcove"
