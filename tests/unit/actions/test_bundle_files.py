"""What stands in a bundle beside the wheels."""

from __future__ import annotations

import json
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.actions.bundle_files import BundledFile, check_place, collected, describe
from alcove.actions.gather import Gathered
from alcove.errors import AlcoveError
from alcove.interpreters.declared import declared
from alcove.requirements.resolution import Origin, Pinned

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = [
    ("3.9 win", declared("3.9", "win_amd64")),
    ("3.9 linux", declared("3.9", "manylinux_2_28_x86_64")),
    ("3.13 linux", declared("3.13", "manylinux_2_28_x86_64")),
    ("3.13 arm", declared("3.13", "manylinux_2_28_aarch64")),
]


def lines(tmp_path: Path, *files: tuple[str, str, tuple[str, ...]]) -> list[str]:
    """Return the requirements of files given by name, version and targets."""
    rows = [
        BundledFile(name, version, f"{name}-{version}.whl", f"{number}", 1, targets, requested=True)
        for number, (name, version, targets) in enumerate(files)
    ]
    describe(str(tmp_path), rows, TARGETS)
    text = (tmp_path / "requirements.txt").read_text()
    told = json.loads((tmp_path / "bundle.json").read_text())
    assert len(told["files"]) == len(files)
    return text.partition("--find-links files\n")[2].replace(" \\\n    ", " ").splitlines()


def test_what_all_need_has_no_marker_and_all_hashes(tmp_path: Path) -> None:
    everywhere = tuple(label for label, _ in TARGETS)
    assert lines(tmp_path, ("a", "1", everywhere[:2]), ("a", "1", everywhere[2:])) == [
        "a==1 --hash=sha256:0 --hash=sha256:1"
    ]


@pytest.mark.parametrize(
    ("some", "marker"),
    [
        (("3.9 win",), "sys_platform == 'win32'"),
        (("3.9 win", "3.9 linux"), "python_version == '3.9'"),
        (("3.13 arm",), "platform_machine == 'aarch64'"),
        (
            ("3.9 linux",),
            "python_version == '3.9' and sys_platform == 'linux'",
        ),
        (("3.9 win", "3.13 arm"), "platform_machine == 'AMD64' or platform_machine == 'aarch64'"),
        # two marks of which sys_platform is one do not tell these from 3.13 arm
        (
            ("3.9 win", "3.13 linux"),
            (
                "(python_version == '3.9' and platform_machine == 'AMD64')"
                " or (python_version == '3.13' and platform_machine == 'x86_64')"
            ),
        ),
    ],
)
def test_the_shortest_marker_that_tells(tmp_path: Path, some: tuple[str, ...], marker: str) -> None:
    assert lines(tmp_path, ("a", "1", some)) == [f"a==1 ; {marker} --hash=sha256:0"]


def test_targets_that_no_marker_tells_apart(tmp_path: Path) -> None:
    targets = [("glibc", TARGETS[1][1]), ("musl", declared("3.9", "musllinux_1_2_x86_64"))]
    row = BundledFile("a", "1", "a-1.whl", "0", 1, ("musl",), requested=True)
    with pytest.raises(AlcoveError, match="no marker tells from it"):
        describe(str(tmp_path), [row], targets)


def test_a_file_of_several_targets_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "a-1.0-py3-none-any.whl"
    path.write_bytes(b"x")
    pin = Pinned("a", "1.0", Origin("index", "", path.name))
    rows = [
        ("p", Gathered(pin, str(path))),
        ("q", Gathered(pin._replace(requested=True), str(path))),
    ]
    [one] = collected(rows)
    assert (one.version, one.size, one.targets, one.requested) == ("1.0", 1, ("p", "q"), True)
    assert one.sha256.startswith("2d711642b726b044")


def test_only_a_bundle_or_nothing_is_replaced(tmp_path: Path) -> None:
    check_place(str(tmp_path / "new"))
    check_place(str(tmp_path / "new.zip"))
    folder = tmp_path / "folder"
    folder.mkdir()
    check_place(str(folder))
    (folder / "mine").touch()
    for suffix in (".zip", ".tar.gz", ".tar"):
        (tmp_path / f"x{suffix}").write_text("mine")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("x/other.json", "")
    (tmp_path / "directory.zip").mkdir()
    for name in ("folder", "x.zip", "x.tar.gz", "x.tar", "other.zip", "directory.zip"):
        with pytest.raises(AlcoveError, match="left alone"):
            check_place(str(tmp_path / name))
    (folder / "bundle.json").touch()
    check_place(str(folder))
    with zipfile.ZipFile(tmp_path / "ours.zip", "w") as archive:
        archive.writestr("ours/bundle.json", "")
    check_place(str(tmp_path / "ours.zip"))


@pytest.mark.parametrize(("name", "module"), [("kit.tar.bz2", "bz2"), ("kit.tar.xz", "lzma")])
def test_a_python_that_cannot_write_it(
    tmp_path: Path, name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_place(str(tmp_path / name))
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(AlcoveError, match="built without") as caught:
        check_place(str(tmp_path / name))
    assert "a .tar.gz" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["kit.zip", "kit.tar.xz"])
def test_a_name_that_no_reader_decodes(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("kit/\u00e9", "")
    path = tmp_path / name
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xff\xff"))
    with pytest.raises(AlcoveError, match="no bundle"):
        check_place(str(path))
