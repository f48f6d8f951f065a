"""Versions, requirements and the version table: small readers without `packaging`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from alcove.pip.version import real_pip_for
from alcove.requirements import versions
from alcove.requirements.dependencies import applies, marker_of, name_of


@pytest.mark.parametrize(
    "version",
    [
        "1",
        "1.0",
        "1.2.3",
        "2024.1.1",
        "0",
        "0.0",
        "1a1",
        "1.0b2",
        "1rc1",
        "1.0.post1",
        "1.0.dev0",
        "1a1.dev3",
        "1.0.post2.dev4",
        "1.0-beta",
        "1.0_1",
        "01.2",
        "1.0.POST1",
        "v1",
        "1!2",
        "1.0+local",
        "1.0.rc1",
        "1..2",
        "a",
        "1a",
        "1.a1",
        "1.devx",
        "٣",
        "1.0.post",
        "post1",
        "1.dev1.post1",
        "1.0rc1b2",
        "junk",
        "1.0.",
        ".1",
    ],
)
def test_normal_form_is_packagings(version: str) -> None:
    try:
        expected: str | None = str(Version(version))
    except InvalidVersion:
        expected = None
    assert versions.normal(version) == expected


@given(st.text(alphabet="0123456789.abrcpostdev-+!", max_size=14))
def test_normal_form_of_anything_is_packagings(version: str) -> None:
    try:
        expected: str | None = str(Version(version))
    except InvalidVersion:
        expected = None
    assert versions.normal(version) == expected


def test_names() -> None:
    assert name_of(" Foo.Bar_b[x]>=1") == "Foo.Bar_b"
    assert name_of("six;os_name=='nt'") == "six"
    assert name_of("six") == "six"
    assert name_of("(x)") == ""


def test_markers() -> None:
    assert marker_of('a ; extra == "x"') == 'extra == "x"'
    assert marker_of("a @ https://x.example/a;b") == ""
    assert marker_of("a @ https://x.example/a;b ; os_name == 'nt'") == "os_name == 'nt'"
    assert marker_of("a") == ""


def nobody() -> dict[str, str]:
    raise AssertionError("the environment was not to be asked")


def test_what_applies_without_asking_the_interpreter() -> None:
    assert applies("a>=1", nobody)
    assert not applies('a>=1; extra == "x"', nobody)
    assert not applies("a; python_version < '3' and extra=='x'", nobody)


def test_what_applies_by_its_marker() -> None:
    environment = {"python_version": "3.12", "os_name": "posix"}
    assert applies("a; python_version >= '3'", lambda: environment)
    assert not applies("a; os_name == 'nt'", lambda: environment)
    assert applies("a; extra == 'x' or os_name == 'posix'", lambda: environment)
    with pytest.raises(ValueError, match="Expected"):
        applies("a; this is none", lambda: environment)


@pytest.mark.parametrize(
    ("python", "pip"),
    [
        ("2.7.18", "20.3.4"),
        ("3.6.15", "21.3.1"),
        ("3.7", "24.0"),
        ("3.8.18", "25.0.1"),
        ("3.9", "26.0.1"),
        ("3.10.1", "26.3"),
        ("3.13", "26.3"),
        ("3.14", "26.3"),
    ],
)
def test_the_real_pip_for_a_python(python: str, pip: str) -> None:
    assert real_pip_for(python) == pip
