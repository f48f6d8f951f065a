"""Wheels that are good, odd but usable, and hostile: each of the last is refused before a byte is written."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.errors import HashMismatch, InvalidWheel
from alcove.testing.wheels import Member, Parts, record_hash, wheel
from alcove.wheels.archive import Placed, Wheel
from tests.hostile.cases import ARCHIVES, INFO, METADATA, WHEELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def paths(path: str) -> list[str]:
    with Wheel(path) as opened:
        return sorted(one.path for one in opened.placed if one.path)


def test_every_file_is_placed_by_its_scheme(tmp_path: Path) -> None:
    path = wheel(
        str(tmp_path),
        "X.y",
        requires=["six"],
        files={"x/__init__.py": "", "x/__pycache__/a.cpython-311.pyc": "", "x/b.pyc": ""},
        entry_points={"xx": "x:main"},
        scripts={"run": "#!python\n", "xx": "#!python\n"},
        data={"share/x": "y"},
        headers={"x.h": ""},
        other_data={"purelib/p.py": "", "platlib/q.py": ""},
        dist_info={"licenses/LICENSE": "free", "INSTALLER": "evil\n", "REQUESTED": ""},
        directories=["x/"],
        filename="X.y-1.0-py3-none-any.whl",
    )
    with Wheel(
        path,
        sha256=hashlib.sha256((tmp_path / "X.y-1.0-py3-none-any.whl").read_bytes()).hexdigest(),
    ) as x:
        assert (x.project, x.version, x.dist_info) == ("x-y", "1.0", "X.y-1.0.dist-info")
        assert x.metadata.requires == ("six",)
        assert x.read_metadata().startswith(b"Metadata-Version: 2.1\nName: X.y\n")
        assert [point.name for point in x.entry_points] == ["xx"]
        assert x.scripts == ("run",)
    assert paths(path) == [
        "data/share/x",
        "dist-info/METADATA",
        "dist-info/WHEEL",
        "dist-info/entry_points.txt",
        "dist-info/licenses/LICENSE",
        "headers/x.h",
        "lib/p.py",
        "lib/q.py",
        "lib/x/__init__.py",
        "scripts/run",
        "scripts/xx",
    ]


def rows_without_size(rows: list[list[str]]) -> list[list[str]]:
    return [[path, digest, ""] for path, digest, _ in rows]


def rows_with_signatures(rows: list[list[str]]) -> list[list[str]]:
    return [*rows, [f"{INFO}/RECORD.jws", "", ""]]


ODD: dict[str, Parts] = {
    "no sizes": {"record_rows": rows_without_size},
    "signature listed": {
        "record_rows": rows_with_signatures,
        "unrecorded": [Member(f"{INFO}/RECORD.jws", b"{}")],
    },
    "signature unlisted": {"unrecorded": [Member(f"{INFO}/RECORD.p7s", b"x")]},
    "sha512": {
        "record_rows": lambda rows: [
            [row[0], row[1] and record_hash(b"", "sha512"), row[2]] if row[2] == "0" else row
            for row in rows
        ]
    },
    "stored": {"compression": zipfile.ZIP_STORED},
    "a byte order mark": {"metadata": "\ufeff" + METADATA},
    "line ends of DOS": {
        "metadata": METADATA.replace("\n", "\r\n"),
        "wheel_file": "Wheel-Version: 1.0\r\nRoot-Is-Purelib: true\r\n",
    },
    "Latin-1": {"metadata": (METADATA + "Author: Jörg\n").encode("latin-1")},
    "a newer minor format": {"wheel_file": "Wheel-Version: 1.9\nRoot-Is-Purelib: true\n"},
    "a version in another form": {"metadata": METADATA.replace("1.0", "v1.0")},
    "a version with more zeros": {"metadata": METADATA.replace("1.0", "1.0.0")},
    "a dist-info with fewer zeros": {"filename": "x-1.0.0-py3-none-any.whl"},
    "a name in another form": {"metadata": METADATA.replace("Name: x", "Name: X")},
    "a directory listed": {
        "directories": ["x/"],
        "record_rows": lambda rows: [*rows, ["x/", "", ""]],
    },
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_an_odd_wheel_is_taken(tmp_path: Path, parts: Parts) -> None:
    assert "lib/x/__init__.py" in paths(wheel(str(tmp_path), "x", **parts))


@pytest.mark.parametrize(("parts", "said"), WHEELS.values(), ids=WHEELS)
def test_a_hostile_wheel_is_refused(tmp_path: Path, parts: Parts, said: str) -> None:
    with pytest.raises(InvalidWheel, match=said):
        read_whole(wheel(str(tmp_path), "x", **parts))


def read_whole(path: str) -> None:
    """Read all of a wheel, as `unpack` does: the hash of a member is compared when it is read."""
    with Wheel(path) as opened:
        for one in opened.placed:
            assert_digest(opened, one)


def assert_digest(opened: Wheel, one: Placed) -> None:
    content = opened.read(one.member)
    if one.digest and hashlib.new(one.algorithm, content).digest() != one.digest:
        raise InvalidWheel(f"{one.path}: not of the hash of RECORD")


@pytest.mark.parametrize(("patch", "said"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_two_readers_read_differently_is_refused(
    tmp_path: Path, patch: Callable[[bytes], bytes], said: str
) -> None:
    with pytest.raises(InvalidWheel, match=said):
        Wheel(wheel(str(tmp_path), "x", patch=patch))


def test_every_cut_and_every_flipped_byte_is_survived(tmp_path: Path) -> None:
    whole = wheel(str(tmp_path), "x", entry_points={"x": "x:main"})
    with open(whole, "rb") as stream:
        data = stream.read()
    refused = 0
    for place in range(0, len(data), 3):
        for broken in (
            data[:place],
            data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :],
        ):
            with open(whole, "wb") as stream:
                stream.write(broken)
            try:
                with Wheel(whole) as opened:
                    for one in opened.placed:
                        opened.read(one.member)
            except InvalidWheel:
                refused += 1
    assert refused > len(data) // 3


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alcove.wheels.archive._FREE_TOTAL", 1 << 20)
    path = wheel(str(tmp_path), "x", files={"x/__init__.py": b"\0" * (8 << 20)})
    with pytest.raises(InvalidWheel, match="would unpack to"):
        Wheel(path)


def test_a_member_that_holds_more_than_it_says_is_refused(tmp_path: Path) -> None:
    body = b"a" * 1000

    def patch(data: bytes) -> bytes:
        # 1000 bytes are said to be 10, in both headers: what the rest would be is never looked at.
        return data.replace(struct.pack("<L", 1000), struct.pack("<L", 10))

    rows = {
        "record_rows": lambda rows: [
            [*row[:2], "10" if row[2] == "1000" else row[2]] for row in rows
        ]
    }
    path = wheel(str(tmp_path), "x", files={"x/__init__.py": body}, patch=patch, **rows)  # type: ignore[arg-type]
    with Wheel(path) as opened:
        (member,) = (one.member for one in opened.placed if one.path == "lib/x/__init__.py")
        assert member.size == 10
        with pytest.raises(InvalidWheel, match="not what the archive says"):
            opened.read(member)


def test_a_wheel_of_another_hash_is_not_even_opened(tmp_path: Path) -> None:
    path = wheel(str(tmp_path), "x", patch=lambda _: b"garbage")
    with pytest.raises(HashMismatch):
        Wheel(path, sha256="00" * 32)
