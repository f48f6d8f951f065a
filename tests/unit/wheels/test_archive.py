"""Wheels that are good, odd but usable, and hostile: each of the last is refused before a byte is written."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.errors import HashMismatch, InvalidWheel
from alcove.testing.wheels import Member, Parts, record_hash, wheel
from alcove.wheels.archive import Wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INFO = "x-1.0.dist-info"
METADATA = "Metadata-Version: 2.1\nName: x\nVersion: 1.0\n"


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
    "a name in another form": {"metadata": METADATA.replace("Name: x", "Name: X")},
    "a directory listed": {
        "directories": ["x/"],
        "record_rows": lambda rows: [*rows, ["x/", "", ""]],
    },
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_an_odd_wheel_is_taken(tmp_path: Path, parts: Parts) -> None:
    assert "lib/x/__init__.py" in paths(wheel(str(tmp_path), "x", **parts))


def listed(name: str, content: str = "") -> Parts:
    return {"files": {"x/__init__.py": "", name: content}}


def unlisted(name: str, mode: int = 0o100644) -> Parts:
    return {"unrecorded": [Member(name, b"evil", mode)]}


HOSTILE: dict[str, Parts] = {
    "absolute": listed("/evil"),
    "parent": listed("../evil"),
    "parent inside": listed("x/../../evil"),
    "backslash": listed("x\\..\\evil"),
    "drive": listed("C:evil"),
    "control character": listed("x/\x1b[2J"),
    "another dist-info": listed("y-1.0.dist-info/METADATA"),
    "another data": listed("y-1.0.data/scripts/y"),
    "unknown scheme": {"other_data": {"stdlib/os.py": ""}},
    "data without scheme": {"other_data": {"x": ""}},
    "case": listed("X/__INIT__.py"),
    "normal form": {"files": {"x/\u00e9.py": "", "x/e\u0301.py": ""}},
    "file and directory": listed("x/__init__.py/y"),
    "two schemes, one place": {"other_data": {"platlib/x/__init__.py": "other"}},
    "our path file": listed("_alcove.pth"),
    "unlisted member": unlisted("x/evil.py"),
    "missing member": {"without": ["x/__init__.py"]},
    "duplicate": {"unrecorded": [Member("x/__init__.py", b"evil")]},
    "symbolic link": {"modes": {"x/__init__.py": 0o120777}},
    "device": {"modes": {"x/__init__.py": 0o060644}},
    "no hash": {"record_rows": lambda rows: [[row[0], "", ""] for row in rows]},
    "md5": {
        "record_rows": lambda rows: [
            [row[0], row[1] and "md5=rL0Y20zC-Fzt72VPzMSk2A", row[2]] for row in rows
        ]
    },
    "size": {"record_rows": lambda rows: [[*row[:2], row[2] and "7777"] for row in rows]},
    "no RECORD": {"without": [f"{INFO}/RECORD"]},
    "no METADATA": {"without": [f"{INFO}/METADATA"]},
    "no WHEEL": {"without": [f"{INFO}/WHEEL"]},
    "empty METADATA": {"metadata": ""},
    "another name": {"metadata": METADATA.replace("Name: x", "Name: y")},
    "another version": {"metadata": METADATA.replace("1.0", "1.1")},
    "another dist-info name": {"dist_info_name": "y-1.0.dist-info"},
    "another dist-info version": {"dist_info_name": "x-1.1.dist-info"},
    "format 2": {"wheel_file": "Wheel-Version: 2.0\nRoot-Is-Purelib: true\n"},
    "a RECORD of the prepared kind": {"dist_info": {"RECORD.requested": ""}},
    "an INSTALLER in another case": {"dist_info": {"Installer": ""}},
    "entry point elsewhere": {"entry_points": {"../../x": "x:main"}},
    "entry point python": {"entry_points": {"python": "x:main"}},
    "entry point code": {"entry_points": {"x": "x:main()#"}},
    "script python": {"scripts": {"python3": ""}},
    "script activate": {"scripts": {"activate": ""}},
    "script below": {"scripts": {"sub/x": ""}},
    "data pyvenv.cfg": {"data": {"pyvenv.cfg": ""}},
    "data .alcove": {"data": {".alcove/current": ""}},
    "data bin/python": {"data": {"bin/python": ""}},
    "data site-packages": {"data": {"lib/python3.11/site-packages/os.py": ""}},
    "another file name": {"filename": "y-1.0-py3-none-any.whl"},
}


@pytest.mark.parametrize("parts", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_wheel_is_refused(tmp_path: Path, parts: Parts) -> None:
    with pytest.raises(InvalidWheel):
        Wheel(wheel(str(tmp_path), "x", **parts))


def name_changed(old: bytes, new: bytes, *, first: bool) -> Callable[[bytes], bytes]:
    """Change a name in the local header alone, or in the central directory alone."""

    def patch(data: bytes) -> bytes:
        place = data.index(old) if first else data.rindex(old)
        return data[:place] + new + data[place + len(old) :]

    return patch


def end_changed(offset: int, form: str, change: int) -> Callable[[bytes], bytes]:
    """Add `change` to a field of the end record."""

    def patch(data: bytes) -> bytes:
        place = len(data) - 22 + offset
        (value,) = struct.unpack_from(form, data, place)
        field = struct.pack(form, value + change)
        return data[:place] + field + data[place + len(field) :]

    return patch


def member_inserted(data: bytes) -> bytes:
    """Put bytes between the last member and the directory, which is moved for it."""
    start = struct.unpack_from("<L", data, len(data) - 6)[0]
    end = data[-22:-6] + struct.pack("<L", start + 9) + data[-2:]
    return data[:start] + b"PK\3\4evil!" + data[start:-22] + end


TRICKS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no archive": lambda _: b"not a zip " * 20,
    "cut off": lambda data: data[:-30],
    "cut in two": lambda data: data[: len(data) // 2],
    "something before": lambda data: b"#!/bin/sh\n" + data,
    "something behind": lambda data: data + b"x",
    "two archives": lambda data: data + data,
    "a comment": lambda data: data[:-2] + b"\x05\0hello",
    "a second end record": lambda data: data + data[-22:],
    "local name": name_changed(b"x/__init__.py", b"x/__evil__.py", first=True),
    "central name": name_changed(b"x/__init__.py", b"x/__evil__.py", first=False),
    "NUL in both names": lambda data: data.replace(b"x/__init__.py", b"x/__init__.p\0"),
    "count too small": end_changed(10, "<H", -1),
    "counts too small": lambda data: end_changed(8, "<H", -1)(end_changed(10, "<H", -1)(data)),
    "count too large": end_changed(10, "<H", 1),
    "directory elsewhere": end_changed(16, "<L", -1),
    "directory shorter": end_changed(12, "<L", -1),
    "bytes between": member_inserted,
    "other disk": end_changed(4, "<H", 1),
}


@pytest.mark.parametrize("patch", TRICKS.values(), ids=TRICKS)
def test_an_archive_that_two_readers_read_differently_is_refused(
    tmp_path: Path, patch: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(InvalidWheel):
        Wheel(wheel(str(tmp_path), "x", patch=patch))


@pytest.mark.parametrize("where", ["flags", "method", "crc", "size"])
def test_headers_that_differ_are_refused(tmp_path: Path, where: str) -> None:
    offset, form = {"flags": (6, "<H"), "method": (8, "<H"), "crc": (14, "<L"), "size": (22, "<L")}[
        where
    ]

    def patch(data: bytes) -> bytes:
        value = struct.unpack_from(form, data, offset)[0] ^ 2
        return data[:offset] + struct.pack(form, value) + data[offset + struct.calcsize(form) :]

    with pytest.raises(InvalidWheel):
        Wheel(wheel(str(tmp_path), "x", patch=patch))


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    def patch(data: bytes) -> bytes:
        central = data.index(b"PK\1\2")
        changed = bytearray(data)
        changed[6] |= 1
        changed[central + 8] |= 1
        return bytes(changed)

    with pytest.raises(InvalidWheel, match="encrypted"):
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
