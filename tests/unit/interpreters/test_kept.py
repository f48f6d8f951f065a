"""Answers are kept, and asked for again when anything changed or the file is damaged."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.errors import NoSuchInterpreter
from alcove.files import data
from alcove.interpreters import facts, kept, told

from .test_tags import interpreter

if TYPE_CHECKING:
    from .conftest import Machine


@pytest.fixture
def answer(machine: Machine) -> tuple[str, str, kept.Interpreter]:
    """Return (path, cache, what is kept for it)."""
    path = machine.program("bin/python3.12")
    found = interpreter()._replace(executable=path)
    cache = str(machine.root / "cache")
    told.keep(path, found, cache=cache, of=kept.identity(path))
    return path, cache, found


def test_what_was_kept_comes_back(answer: tuple[str, str, kept.Interpreter]) -> None:
    path, cache, found = answer
    again = kept.kept(path, cache=cache)
    assert isinstance(again, kept.Interpreter)
    assert again._replace(markers={}) == found._replace(markers={})
    host = os.uname()
    assert again.markers["platform_release"] == host.release
    assert isinstance(again.version_info, tuple)


def test_another_binary_is_asked_again(answer: tuple[str, str, kept.Interpreter]) -> None:
    path, cache, _ = answer
    os.utime(path, ns=(1, 1))
    assert kept.kept(path, cache=cache) is None


def test_another_path_or_c_library_is_asked_again(
    answer: tuple[str, str, kept.Interpreter], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache, _ = answer
    assert kept.kept(machine.link("python3", path), cache=cache) is None
    monkeypatch.setattr(kept, "_host", lambda: "glibc 9.9")
    assert kept.kept(path, cache=cache) is None


def test_an_executable_that_went_is_asked_again(answer: tuple[str, str, kept.Interpreter]) -> None:
    path, cache, found = answer
    told.keep(path, found._replace(executable=path + "gone"), cache=cache, of=kept.identity(path))
    assert kept.kept(path, cache=cache) is None


def test_damage_is_never_believed(answer: tuple[str, str, kept.Interpreter]) -> None:
    path, cache, found = answer
    file = Path(kept.kept_file(path, cache))
    whole = file.read_bytes()
    identity = kept.identity(path)
    for content in (
        b"",
        whole[: len(whole) // 2],
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        data.dumps([identity]),
        data.dumps([identity, 7]),
        data.dumps([identity, {"failed": 1}]),
        data.dumps([identity, list(found)[:-1]]),
        data.dumps([identity, [1, *list(found)[1:]]]),
    ):
        file.write_bytes(content)
        assert kept.kept(path, cache=cache) is None


def test_a_failure_is_marked_for_a_day(machine: Machine) -> None:
    path, cache = machine.program("bin/python3.12"), str(machine.root / "cache")
    now = int(time.time())
    for since, expected in ((now, "crashed"), (now - 90_000, ""), (now + 1000, "")):
        mark = {"failed": "crashed", "since": since}
        told.keep(path, mark, cache=cache, of=kept.identity(path))
        assert kept.marked(path, cache=cache) == expected


def test_a_cache_that_cannot_be_written_is_no_error(machine: Machine) -> None:
    path = machine.program("bin/python3.12")
    cache = machine.text("cache", "a file")
    told.keep(path, interpreter(), cache=cache, of=kept.identity(path))
    assert kept.kept(path, cache=cache) is None


@pytest.mark.parametrize("path", ["/gone/python", "/bin/\0"])
def test_a_missing_interpreter_is_told(path: str) -> None:
    with pytest.raises(NoSuchInterpreter, match="no such interpreter"):
        kept.kept(path, cache="/gone")


RAW = [
    "raw",
    "/opt/py",
    "3.12.1",
    "",
    "lib",
    "cpython-312",
    "x86_64-linux-gnu",
    str(2**63 - 1),
    ".cpython-312-x86_64-linux-gnu.so",
    "glibc 2.36",
    "3",
    "12",
    "1",
    "final",
    "0",
    "Linux",
    "host",
    "6.1",
    "#1 SMP",
    "x86_64",
]


def parsed(**changes: str) -> dict[str, str]:
    names = {
        "flags": 3,
        "platlib": 4,
        "maximum": 7,
        "libc": 9,
        "minor": 11,
        "level": 13,
        "serial": 14,
        "version": 2,
    }
    fields = list(RAW)
    for name, value in changes.items():
        fields[names[name]] = value
    return facts.parse("\0".join(fields).encode())


def test_raw_answers_are_worked_out() -> None:
    found = parsed()
    assert (found["library"], found["include"], found["pointer_bits"]) == (
        "python3.12",
        "python3.12",
        "64",
    )
    assert found["site_packages"] == "/opt/py/lib/python3.12/site-packages"
    free = parsed(flags="t", minor="14", level="candidate", serial="2", version="3.14.0rc2")
    assert (free["library"], free["include"], free["free_threaded"]) == (
        "python3.14t",
        "python3.14t",
        "1",
    )
    assert free["implementation_version"] == "3.14.1c2"
    old = parsed(flags="dm", minor="7", platlib="lib64", libc="", maximum=str(2**31 - 1))
    assert (old["include"], old["pymalloc"], old["debug"], old["glibc"]) == (
        "python3.7dm",
        "1",
        "1",
        "",
    )
    assert old["pointer_bits"] == "32"
    assert old["site_packages"].split("\n")[0] == "/opt/py/lib64/python3.7/site-packages"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"raw",
        b"pairs\0a",
        b"pairs\0a\0b",
        b"other\0x",
        "\0".join(RAW).replace("/opt/py", "opt").encode(),
        "\0".join(RAW).replace("#1", "\n").encode(),
        "\0".join([*RAW[:11], "x\ny", *RAW[12:]]).encode(),
    ],
)
def test_answers_of_another_shape_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        facts.parse(content)
