"""Metadata out of parts of archives: ZIP members over ranges, PKG-INFO out of sdists."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.index import sdists
from alcove.index.core_metadata import fields, is_static
from alcove.index.ranges import LocalBytes, content_range
from alcove.index.sdists import package_info
from alcove.index.transport import Response
from alcove.index.zip_member import Unreadable, find, read_member
from alcove.testing.index_lab import metadata, sdist, wheel

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 1 << 20


def read(path: Path) -> bytes:
    archive = LocalBytes(str(path))
    try:
        [member] = find(archive, lambda name: name.endswith("/METADATA"))
        return read_member(archive, member, limit=LIMIT)
    finally:
        archive.close()


@pytest.mark.parametrize(("front", "back"), [(0, 0), (200_000, 0), (0, 200_000), (9, 70_000)])
def test_a_member_wherever_it_stands(tmp_path: Path, front: int, back: int) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(wheel("x", "1", front=front, back=back))
    assert read(path) == metadata("x", "1")


def test_every_damage_is_an_error_of_ours(tmp_path: Path) -> None:
    good = wheel("x", "1")
    path = tmp_path / "x.whl"
    outcomes: set[bool | None] = set()
    for place in range(len(good)):
        damaged = bytearray(good)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        try:
            outcomes.add(read(path) == metadata("x", "1"))
        except (Unreadable, ValueError):
            outcomes.add(None)
    assert outcomes == {True, None}  # never other bytes
    for end in range(len(good)):
        path.write_bytes(good[:end])
        with pytest.raises(Unreadable):
            read(path)


def test_a_bomb_stops_at_its_announced_size(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x-1.dist-info/METADATA", b"\0" * (LIMIT + 1))
    with pytest.raises(Unreadable, match="too large"):
        read(path)


def test_what_a_zip_reader_must_not_swallow(tmp_path: Path) -> None:
    good = wheel("x", "1")
    path = tmp_path / "x.whl"
    for name, data in {
        "front": b"#!/bin/sh\n" + good,
        "trailing": good + b"more",
        "empty": b"",
        "text": b"<html>" * 9000,
        "forged end": b"PK\5\6" + b"\xff" * 18,
    }.items():
        path.write_bytes(data)
        try:
            read(path)
        except Unreadable:
            continue
        pytest.fail(f"{name} was read")


def test_methods_that_are_not_known(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x-1.dist-info/METADATA", b"x")
    with pytest.raises(Unreadable, match="method 12"):
        read(path)


@pytest.mark.parametrize("mode", ["gz", "bz2", "xz", "zip"])
def test_package_info_of_each_kind(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("x-1.zip" if mode == "zip" else f"x-1.tar.{mode}")
    path.write_bytes(sdist("x", "1", mode=mode))
    assert package_info(str(path)) == metadata("x", "1", core="2.2")


def test_broken_sdists_have_no_package_info(tmp_path: Path) -> None:
    path = tmp_path / "x-1.tar.gz"
    good = sdist("x", "1")
    for data in (b"", b"nonsense", good[:-20], good[:60], gzip.compress(b"no tar at all" * 99)):
        path.write_bytes(data)
        assert package_info(str(path)) is None
    assert package_info(str(tmp_path / "gone.tar.gz")) is None


def test_an_sdist_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdists, "_MOST", 1 << 20)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        big = tarfile.TarInfo("x-1/zeros")
        big.size = 2 << 20
        tar.addfile(big, io.BytesIO(b"\0" * big.size))
        info = tarfile.TarInfo("x-1/PKG-INFO")
        tar.addfile(info, io.BytesIO())
    path = tmp_path / "x-1.tar.gz"
    path.write_bytes(stream.getvalue())
    assert package_info(str(path)) is None


@pytest.mark.parametrize(
    ("core", "lines", "static"),
    [
        ("2.1", (), False),
        ("2.2", (), True),
        ("2.4", ("Dynamic: License-File",), True),
        ("2.2", ("Dynamic: Requires-Dist",), False),
        ("2.2", ("dynamic: requires-python",), False),
        ("2.2", ("Dynamic: Provides-Extra",), False),
        ("10.0", (), True),
        ("2", (), False),
        ("two.two", (), False),
    ],
)
def test_what_is_static(core: str, lines: tuple[str, ...], *, static: bool) -> None:
    assert is_static(metadata("x", "1", *lines, core=core)) is static


def test_fields_end_at_the_empty_line_whatever_the_line_ends() -> None:
    assert fields(b"Name: x\r\nA: b\r\n c\r\n\r\nName: y") == [("name", "x"), ("a", "b c")]
    assert fields(b"\xff\xfe") != []


@pytest.mark.parametrize(
    ("value", "status", "expected"),
    [
        ("bytes 0-9/10", 206, (0, 10, 10)),
        ("bytes 0-9/10", 200, None),
        ("bytes 0-9/*", 206, None),
        ("bytes 9-0/10", 206, None),
        ("bytes 0-10/10", 206, None),
        ("", 206, None),
    ],
)
def test_content_range(value: str, status: int, expected: tuple[int, int, int] | None) -> None:
    response = Response(status, {"Content-Range": value}, url="https://x.example/")
    assert content_range(response) == expected
