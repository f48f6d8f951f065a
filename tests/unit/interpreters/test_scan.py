"""The static scan: every source, no shim, no environment, each interpreter once. Nothing can be started here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.interpreters.places import Registered
from alcove.interpreters.requests import parse
from alcove.interpreters.scan import scan

if TYPE_CHECKING:
    from alcove.interpreters.places import Places

    from .conftest import Machine


def seen(places: Places) -> list[tuple[str, str, str]]:
    return [(one.source, one.implementation, one.version) for one in scan(places)]


def test_shims_are_never_taken_for_interpreters(machine: Machine) -> None:
    for place in ("home/.pyenv/shims", "home/.asdf/shims", "elsewhere"):
        machine.path.append(machine.directory(place))
        machine.program(f"{place}/python3.12", b"#!/bin/sh\nexit 1\n")
    machine.program("bin/mise")
    machine.path.append(machine.directory("mise"))
    machine.link("mise/python3.11", str(machine.root / "bin/mise"))
    machine.program("home/.pyenv/versions/3.12.1/bin/python3.12")
    assert seen(machine.places()) == [("pyenv", "CPython", "3.12.1")]


def test_installations_whose_names_rule_them_out_are_not_looked_into(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("3.12.1", "3.12", "3.11.7", "pypy3.12-7.3.19", "work"):
        machine.program(f"home/.pyenv/versions/{name}/bin/python3.12")
    listed: list[str] = []
    real = os.listdir

    def listdir(path: str) -> list[str]:
        listed.append(path)
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    asked = parse("cpython3.12", directory="/", home="/")
    assert [one.version for one in scan(machine.places(), asked)] == ["3.12.1", "3.12"]
    versions = str(machine.root / "home/.pyenv/versions")
    bins = {path[len(versions) + 1 :] for path in listed if path.startswith(f"{versions}/")}
    assert bins == {"3.12.1/bin", "3.12/bin", "work/conda-meta"}


@pytest.mark.parametrize(
    ("source", "place", "expected"),
    [
        ("pyenv", "home/.pyenv/versions/3.12.1/bin/python3.12", ("CPython", "3.12.1", False)),
        ("pyenv", "home/.pyenv/versions/3.13.0t/bin/python3.13t", ("CPython", "3.13.0", True)),
        ("pyenv", "home/.pyenv/versions/3.14-dev/bin/python3.14", ("CPython", "3.14", False)),
        ("pyenv", "home/.pyenv/versions/pypy3.9-7.3.11/bin/pypy3.9", ("PyPy", "3.9", False)),
        ("asdf", "home/.asdf/installs/python/3.11.4/bin/python3", ("CPython", "3.11.4", False)),
        (
            "mise",
            "home/.local/share/mise/installs/python/3.10.2/bin/python3.10",
            ("CPython", "3.10.2", False),
        ),
        ("rye", "home/.rye/py/cpython@3.11.6/bin/python3", ("CPython", "3.11.6", False)),
        ("rye", "home/.rye/py/cpython@3.11.5/install/bin/python3", ("CPython", "3.11.5", False)),
        (
            "uv",
            "home/.local/share/uv/python/cpython-3.12.7-linux-x86_64-gnu/bin/python3.12",
            ("CPython", "3.12.7", False),
        ),
        (
            "uv",
            "home/.local/share/uv/python/cpython-3.14.0rc2+freethreaded-linux-x86_64-gnu/bin/python3.14t",
            ("CPython", "3.14.0rc2", True),
        ),
        (
            "pdm",
            "home/.local/share/pdm/python/cpython@3.9.1/bin/python3",
            ("CPython", "3.9.1", False),
        ),
        (
            "hatch",
            "home/.local/share/hatch/pythons/3.12/python/bin/python3.12",
            ("CPython", "3.12", False),
        ),
        (
            "alcove",
            "own/cpython-3.15.0-linux-x86_64-gnu/bin/python3.15",
            ("CPython", "3.15.0", False),
        ),
    ],
)
def test_directory_names_tell(
    machine: Machine, source: str, place: str, expected: tuple[str, str, bool]
) -> None:
    executable = machine.program(place)
    (found,) = scan(machine.places())
    assert (found.source, found.executable) == (source, executable)
    assert (found.implementation, found.version, found.free_threaded) == expected
    assert (found.machine, found.bits) == ("x86_64", 64)


def test_roots_can_be_moved_by_variables(machine: Machine) -> None:
    machine.program("p/versions/3.12.1/bin/python3.12")
    machine.program("u/cpython-3.11.1-linux-x86_64-gnu/bin/python3.11")
    machine.program("m/installs/python/3.10.1/bin/python3.10")
    machine.environ = {
        "PYENV_ROOT": str(machine.root / "p"),
        "UV_PYTHON_INSTALL_DIR": str(machine.root / "u"),
        "MISE_DATA_DIR": str(machine.root / "m"),
    }
    assert {one[0] for one in seen(machine.places())} == {"pyenv", "uv", "mise"}


def test_pyenvs_root_is_beside_its_shims(machine: Machine) -> None:
    machine.program("work/pyenv/versions/3.12.1/bin/python3.12")
    machine.path = [
        machine.directory("work/pyenv/plugins/virtualenv/shims"),
        machine.directory("work/pyenv/shims"),
    ]
    assert machine.places().pyenv == str(machine.root / "work/pyenv")
    assert seen(machine.places()) == [("pyenv", "CPython", "3.12.1")]


def test_conda_by_its_metadata(machine: Machine) -> None:
    for prefix, file, program in (
        ("home/miniconda3", "python-3.12.1-hab00c5b_1_cpython.json", "python3.12"),
        ("home/miniconda3/envs/free", "python-3.13.2-h9a34b6e_101_cp313t.json", "python3.13t"),
        ("listed", "python-3.9.18-0_73_pypy.json", "pypy3.9"),
    ):
        machine.program(f"{prefix}/bin/{program}")
        machine.text(f"{prefix}/conda-meta/python-dateutil-2.9.0-x.json", "{}")
        machine.text(f"{prefix}/conda-meta/{file}", "{}")
    machine.text("home/.conda/environments.txt", f"{machine.root}/listed\n{machine.root}/gone\n\n")
    found = list(scan(machine.places()))
    assert [
        (one.source, one.version, one.implementation, one.free_threaded, one.rank) for one in found
    ] == [
        ("conda", "3.12.1", "CPython", False, 0),
        ("conda environment", "3.13.2", "CPython", True, 1),
        ("conda environment", "3.9.18", "PyPy", False, 1),
    ]


def test_names_headers_and_bytes_tell_the_version_of_a_binary_on_path(machine: Machine) -> None:
    machine.path = [
        machine.directory("a/bin"),
        machine.directory("b/bin"),
        machine.directory("c/bin"),
    ]
    machine.program(
        "a/bin/python3.11", ELF + bytes(300_000) + b"\x003.11.x\x003.11.2\x00" + bytes(100)
    )
    machine.program("b/bin/python3.10")
    machine.text("b/include/python3.10/patchlevel.h", '#define PY_VERSION      \t"3.10.13+"\n')
    machine.program("c/bin/python3.9")
    assert [one[2] for one in seen(machine.places())] == ["3.11.2", "3.10.13", "3.9"]


def test_links_of_one_interpreter_are_one(machine: Machine) -> None:
    real = machine.program("usr/bin/python3.11", ELF + b"\x003.11.2\x00")
    machine.link("usr/bin/python3", "python3.11")
    machine.link("alternatives/python", real)
    machine.link("bin", "usr/bin")
    machine.path = [
        str(machine.root / place) for place in ("bin", "alternatives", "usr/bin", "gone")
    ]
    (found,) = scan(machine.places())
    assert found.executable == str(machine.root / "bin/python3.11")


def test_alternatives_and_homebrew(machine: Machine) -> None:
    program = machine.program("far/bin/python3.10")
    file = machine.text("dpkg/python", f"auto\n/usr/bin/python\n\n{program}\n10\n\n")
    machine.program("brew/opt/python@3.12/bin/python3.12")
    machine.program("brew/opt/pythonish/bin/python3.1")
    places = machine.places(
        alternatives=(file, str(machine.root / "gone")),
        bins=(("Homebrew", str(machine.root / "brew/opt/python@*/bin")),),
    )
    assert [(one[0], one[2]) for one in seen(places)] == [
        ("Homebrew", "3.12"),
        ("alternatives", "3.10"),
    ]


def test_frameworks_of_macos(machine: Machine) -> None:
    machine.program("Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12")
    machine.program("Library/Frameworks/PythonT.framework/Versions/3.14/bin/python3.14t")
    places = machine.places(
        bins=tuple(
            ("framework", f"{machine.root}/Library/Frameworks/{name}/Versions/*/bin")
            for name in ("Python.framework", "PythonT.framework")
        )
    )
    found = [(one.source, one.version, one.free_threaded) for one in scan(places)]
    assert found == [("framework", "3.12", False), ("framework", "3.14", True)]


def test_an_environment_counts_as_its_base_and_last(machine: Machine) -> None:
    base = machine.program("opt/bin/python3.12")
    machine.link("env/bin/python", base)
    machine.link("env/bin/python3.12", "python")
    machine.text("env/pyvenv.cfg", f"home = {machine.root}/opt/bin\nversion = 3.12.1\n")
    machine.text("dead/pyvenv.cfg", f"home = {machine.root}/gone\n")
    machine.program("dead/bin/python3.9")
    machine.path = [str(machine.root / "dead/bin"), str(machine.root / "env/bin")]
    (found,) = scan(machine.places())
    assert (found.executable, found.source, found.rank) == (base, "environment", 1)


def test_the_registry_of_windows(machine: Machine) -> None:
    program = machine.program("Python313/python.exe")
    places = machine.places(
        registered=(
            Registered(program, "3.13.1", "PythonCore", 32),
            Registered("gone.exe", "3.9", "X", 64),
        )
    )
    (found,) = scan(places)
    assert (found.source, found.version, found.bits) == ("registry", "3.13.1", 32)


def test_order_is_path_then_pyenv_newest_first(machine: Machine) -> None:
    for version in ("3.9.18", "3.13.0", "3.10.1", "3.13.0rc1"):
        machine.program(f"home/.pyenv/versions/{version}/bin/python{version.rpartition('.')[0]}")
    machine.directory("home/.pyenv/versions/empty")
    machine.program("usr/bin/python3.8")
    machine.path = [machine.directory("usr/bin")]
    assert [one[2] for one in seen(machine.places())] == [
        "3.8",
        "3.13.0",
        "3.13.0rc1",
        "3.10.1",
        "3.9.18",
    ]


def test_a_machine_without_anything_has_none(machine: Machine) -> None:
    machine.path = ["relative", str(machine.root / "gone"), machine.text("file", "")]
    assert seen(machine.places()) == []


ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(44)
