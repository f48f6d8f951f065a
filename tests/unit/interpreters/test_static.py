"""What a binary tells without being started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.errors import NoSuchInterpreter
from alcove.interpreters import elf, static

if TYPE_CHECKING:
    import pathlib

    from .conftest import Machine


@pytest.mark.parametrize("before", [0, 1, 262_100, 262_143, 262_144, 262_150, 700_000])
def test_a_version_is_found_wherever_it_stands(machine: Machine, before: int) -> None:
    path = machine.program("python3.12", b"\x7fELF" + bytes(before) + b"\x003.12.7rc1\x00tail")
    assert static.version_of(path, "") == "3.12.7rc1"


def test_what_only_looks_like_a_version_is_not_believed(machine: Machine) -> None:
    path = machine.program(
        "python3.12", b"\x003.12.\x00\x003.12.1/lib\x00\x003.12.1 (main)\x00\x003.12.1"
    )
    assert static.version_of(path, "") == "3.12"


def test_the_library_is_read_where_the_binary_is_silent(machine: Machine) -> None:
    path = machine.program("usr/bin/python3.12", b"\x7fELF")
    machine.program("usr/lib/libpython3.12.so.1.0", b"\x7fELF\x003.12.4+\x00")
    assert static.version_of(path, "") == "3.12.4"


def test_the_name_of_the_file_a_link_leads_to_counts(machine: Machine) -> None:
    machine.program("bin/python3.11", b"\x7fELF\x003.11.2\x00\x003.9.1\x00")
    assert static.version_of(machine.link("bin/python3", "python3.11"), "3") == "3.11.2"
    assert static.version_of(machine.program("bin/python", b"\x7fELF"), "") == ""


@pytest.mark.parametrize("content", [b"", b"#", b"#!/bin/sh\n"])
def test_scripts_and_empty_files_are_no_programs(machine: Machine, content: bytes) -> None:
    assert not static.program(machine.program("python3.12", content))


def test_what_is_not_executable_is_no_program(machine: Machine) -> None:
    assert not static.program(machine.directory("python3.12"))
    assert not static.program(str(machine.root / "gone/python3.12"))
    assert static.program(machine.program("bin/python3.12"))


def test_python_2_is_refused_with_the_reason() -> None:
    with pytest.raises(NoSuchInterpreter, match=r"2\.7\.18.*pyvenv\.cfg.*PEP 405") as caught:
        static.refuse_old("/x/python2.7", "2.7.18")
    assert "3.7" in str(caught.value.hint)
    with pytest.raises(NoSuchInterpreter, match=r"3\.5\.2.*3\.6 or newer"):
        static.refuse_old("/x/python3.5", "3.5.2")
    for fine in ("3.6.15", "3.15.0a1", "3", ""):
        static.refuse_old("/x/python", fine)


def header(*, bits: int = 64, machine: int = 62, flags: int = 0, loader: bytes = b"") -> bytes:
    wide = bits == 64
    data = bytearray(256)
    data[:7] = b"\x7fELF" + bytes((2 if wide else 1, 1, 1))
    data[18:20] = machine.to_bytes(2, "little")
    table, size = (64, 56) if wide else (52, 32)
    if wide:
        data[32:40] = table.to_bytes(8, "little")
        data[48:52] = flags.to_bytes(4, "little")
        data[54:58] = size.to_bytes(2, "little") + (1).to_bytes(2, "little")
    else:
        data[28:32] = table.to_bytes(4, "little")
        data[36:40] = flags.to_bytes(4, "little")
        data[42:46] = size.to_bytes(2, "little") + (1).to_bytes(2, "little")
    data[table : table + 4] = (3).to_bytes(4, "little")
    place, length = (8, 32) if wide else (4, 16)
    width = 8 if wide else 4
    data[table + place : table + place + width] = (200).to_bytes(width, "little")
    data[table + length : table + length + width] = (len(loader) + 1).to_bytes(width, "little")
    data[200 : 200 + len(loader)] = loader
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            header(loader=b"/lib/ld-musl-x86_64.so.1"),
            elf.Elf(64, "x86_64", False, "/lib/ld-musl-x86_64.so.1"),
        ),
        (header(bits=32, machine=3, loader=b"/lib/ld"), elf.Elf(32, "i686", False, "/lib/ld")),
        (header(bits=32, machine=40, flags=0x05000400), elf.Elf(32, "armv7l", True, "")),
        (header(bits=32, machine=40, flags=0x05000200), elf.Elf(32, "armv7l", False, "")),
        (header(machine=183), elf.Elf(64, "aarch64", False, "")),
        (b"#!/bin/sh\n" + bytes(100), None),
        (b"\x7fELF", None),
        (b"MZ" + bytes(100), None),
    ],
)
def test_elf_headers(machine: Machine, content: bytes, expected: elf.Elf | None) -> None:
    assert elf.read(machine.program("p", content)) == expected


def test_a_missing_file_has_no_header(machine: Machine) -> None:
    assert elf.read(str(machine.root / "gone")) is None
    assert elf.machine_of(str(machine.root)) == ("", 0)


@given(st.binary(max_size=200))
def test_any_bytes_after_the_magic_are_survived(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes
) -> None:
    path: pathlib.Path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(b"\x7fELF" + tail)
    found = elf.read(str(path))
    assert found is None or found.bits in (32, 64)
