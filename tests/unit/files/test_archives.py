"""Archives whose bytes say nothing of the machine."""

from __future__ import annotations

import os
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.files import archives

if TYPE_CHECKING:
    from pathlib import Path


def tree(root: Path, order: list[str]) -> str:
    """Write the same files in some order and with other times and modes."""
    for number, name in enumerate(order):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        path.chmod(0o600 + number)
        os.utime(path, (number, number))
    return str(root)


@pytest.mark.parametrize("suffix", archives.SUFFIXES)
def test_the_same_bytes_for_the_same_content(tmp_path: Path, suffix: str) -> None:
    names = ["b.txt", "a/" + "n" * 120 + ".whl", "a/ü.txt"]
    one, two = tree(tmp_path / "1", names), tree(tmp_path / "2", names[::-1])
    targets = [str(tmp_path / f"{number}{suffix}") for number in range(2)]
    archives.write(one, targets[0], suffix=suffix, top="top")
    archives.write(two, targets[1], suffix=suffix, top="top")
    assert (tmp_path / f"0{suffix}").read_bytes() == (tmp_path / f"1{suffix}").read_bytes()
    if suffix == ".zip":
        with zipfile.ZipFile(targets[0]) as packed:
            found = packed.namelist()
            assert packed.read("top/b.txt") == b"b.txt"
    else:
        with tarfile.open(targets[0]) as packed_tar:
            found = packed_tar.getnames()
            member = packed_tar.extractfile("top/b.txt")
            assert member is not None
            assert member.read() == b"b.txt"
    assert found == [f"top/{name}" for name in sorted(names)]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("mine")
    with pytest.raises(FileExistsError):
        archives.write(tree(tmp_path / "1", ["a"]), str(tmp_path / "x.zip"), suffix=".zip", top="x")
    assert (tmp_path / "x.zip").read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "suffix"),
    [
        ("/a/b.tar.gz", ".tar.gz"),
        ("b.tgz", ".tgz"),
        ("/x.zip/b", ""),
        (".zip", ""),
        ("b.TAR", ".tar"),
    ],
)
def test_the_ending_says_the_form(path: str, suffix: str) -> None:
    assert archives.suffix_of(path) == suffix
