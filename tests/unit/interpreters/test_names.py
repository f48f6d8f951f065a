"""What names tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.interpreters import names
from alcove.interpreters.names import Name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", Name("", "3", False, "")),
        ("3.12", Name("", "3.12", False, "")),
        ("3.12.1", Name("", "3.12.1", False, "")),
        ("312", Name("", "3.12", False, "")),
        ("3.13.0rc2", Name("", "3.13.0rc2", False, "")),
        ("3.13t", Name("", "3.13", True, "")),
        ("3.13.0rc2t", Name("", "3.13.0rc2", True, "")),
        ("3.14.0a1", Name("", "3.14.0a1", False, "")),
        ("python3.8", Name("", "3.8", False, "")),
        ("cpython3.12", Name("CPython", "3.12", False, "")),
        ("cpython@3.11", Name("CPython", "3.11", False, "")),
        ("cp312", Name("CPython", "3.12", False, "")),
        ("pypy", Name("PyPy", "", False, "")),
        ("pypy3.9-7.3.11", Name("PyPy", "3.9", False, "-7.3.11")),
        ("pypy@3.9.16", Name("PyPy", "3.9.16", False, "")),
        ("cpython-3.12.1-linux-x86_64-gnu", Name("CPython", "3.12.1", False, "-linux-x86_64-gnu")),
        (
            "cpython-3.13.0+freethreaded-linux-x86_64-gnu",
            Name("CPython", "3.13.0", True, "-linux-x86_64-gnu"),
        ),
        ("3.14-dev", Name("", "3.14", False, "-dev")),
        ("3.13t-dev", Name("", "3.13", True, "-dev")),
        ("3.12-64", Name("", "3.12", False, "-64")),
        ("graalpy-22.3", Name("GraalVM", "", False, "")),
        ("miniconda3-4.7.12", None),
        ("", None),
        ("python-", None),
        ("t", None),
    ],
)
def test_read(text: str, expected: Name | None) -> None:
    assert names.read(text) == expected


@pytest.mark.parametrize(
    "name", ["python", "python3", "python3.12", "python3.13t", "pypy3", "pypy3.9", "python.exe"]
)
def test_executables_are_known_by_name(name: str) -> None:
    assert names.of_executable(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "python3.12-config",
        "python3-futurize",
        "python-argcomplete-check-easy-install-script",
        "pydoc3",
        "pip",
        "2to3",
        "python3.12-gdb.py",
        "pypy3compile",
        "3.12",
        "python3.",
    ],
)
def test_other_programs_are_none(name: str) -> None:
    assert names.of_executable(name) is None


def test_versions_are_ordered() -> None:
    ordered = [
        "2.7.18",
        "3.9",
        "3.9.18",
        "3.13.0a1",
        "3.13.0b2",
        "3.13.0rc1",
        "3.13.0rc2",
        "3.13.0",
        "3.13.1",
    ]
    mixed = ordered[::-1]
    assert sorted(mixed, key=names.version_key) == ordered
    assert [names.is_final(one) for one in ("3.13.0", "3.13", "3.13.0rc1")] == [True, True, False]


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = names.read(text)
    if found is not None:
        assert names.release_of(found.version) == tuple(
            map(
                int,
                filter(None, found.version.split("rc")[0].split("a")[0].split("b")[0].split(".")),
            )
        )
    assert len(names.version_key(text)) == 5
