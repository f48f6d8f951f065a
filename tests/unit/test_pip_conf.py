"""pip's files of settings, read as pip 26 reads them (each case here was put before it)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.errors import UsageError
from alcove.pip_conf import pip_files, read_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[global]\ntimeout = 1\n\ntimeout = 2\n", ":4: 'timeout' stands in [global] already"),
        ("[global]\nindex_url: a\nIndex-URL = b\n", ":3: 'index-url' stands in [global] already"),
        ("[global]\ntimeout=1\n[x]\n[global]\nretries=1", ":4: [global] stands there already"),
        ("[nobody]\na = 1\na = 1\n", ":3: 'a' stands in [nobody] already"),
    ],
)
def test_what_stands_twice_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "pip.conf"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_file(str(path))
    assert caught.value.message == f"{path}{told}"
    assert caught.value.hint == "correct it, or set PIP_CONFIG_FILE"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("[a]\nx = 1\n[b]\nx = 2\n", {"a": {"x": "1"}, "b": {"x": "2"}}),
        ("[a]\n  x = 1\n  y = 2\n    z = 3\n", {"a": {"x": "1", "y": "2\nz = 3"}}),
        ("[a]\n    x = 1\n  y = 2\n", {"a": {"x": "1", "y": "2"}}),
        ("[a]\nx =\n  1\n  x = 2\n", {"a": {"x": "\n1\nx = 2"}}),
        ("[a]  # mine\nx = 1\n", {"a": {"x": "1"}}),
        ("[a]\nx = 1\n  [b]\n", {"a": {"x": "1\n[b]"}}),
        ("[ a ]\nx = 1\n[a]\nx = 2\n", {" a ": {"x": "1"}, "a": {"x": "2"}}),
        (
            "[DEFAULT]\nx = 1\n[a]\ny = 2\n[b]\nX = 3\n",
            {"a": {"x": "1", "y": "2"}, "b": {"x": "3"}},
        ),
        ("[a]\n[DEFAULT]\nx = 1\n[DEFAULT]\ny = 2\n", {"a": {"x": "1", "y": "2"}}),
        ("[DEFAULT]\nx = 1\n[default]\n", {"default": {"x": "1"}}),
        ("[DEFAULT]\nx = 1\n", {}),
    ],
)
def test_what_belongs_together(tmp_path: Path, text: str, known: dict[str, dict[str, str]]) -> None:
    path = tmp_path / "pip.conf"
    path.write_text(text)
    assert read_file(str(path)) == known


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "pip.conf"
    path.write_bytes(b"[global]\nindex-url = \xff\xfe\n")
    with pytest.raises(UsageError, match=r"pip\.conf: not UTF-8"):
        read_file(str(path))
    assert read_file(str(tmp_path)) == {}


def test_the_places_on_other_platforms(tmp_path: Path) -> None:
    windows = pip_files({"APPDATA": "R", "PROGRAMDATA": "D"}, "H", platform="win32")
    ends = [os.path.join("D", "pip"), os.path.join("H", "pip"), os.path.join("R", "pip")]
    assert windows == [os.path.join(end, "pip.ini") for end in ends]
    home = str(tmp_path)
    mac = pip_files({}, home, platform="darwin")
    assert mac[-1] == os.path.join(home, ".config", "pip", "pip.conf")
    library = tmp_path / "Library" / "Application Support" / "pip"
    library.mkdir(parents=True)
    assert pip_files({}, home, platform="darwin")[-1] == str(library / "pip.conf")
