"""Distributions in archives: what cannot be read is not there, whatever it is packed by."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.environments import zipped

if TYPE_CHECKING:
    from pathlib import Path

NAME = "EGG-INFO/PKG-INFO"


def egg(directory: Path, method: int) -> Path:
    path = directory / "demo.egg"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(NAME, "Name: demo\n" * 200)
    return path


@pytest.mark.parametrize(
    ("method", "at"), [(zipfile.ZIP_DEFLATED, 0), (zipfile.ZIP_BZIP2, 0), (zipfile.ZIP_LZMA, 6)]
)
def test_a_member_that_is_damaged(tmp_path: Path, method: int, at: int) -> None:
    path = egg(tmp_path, method)
    found = zipped.content(f"{path}/EGG-INFO", "PKG-INFO")
    assert found is not None
    assert found.startswith(b"Name: demo\n")
    with path.open("r+b") as stream:
        stream.seek(30 + len(NAME) + at)
        stream.write(b"\xff" * 20)
    assert zipped.content(f"{path}/EGG-INFO", "PKG-INFO") is None
