"""The language in which an interpreter is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.errors import UsageError
from alcove.interpreters import requests
from alcove.interpreters.names import Name
from alcove.interpreters.requests import Request


def parse(text: str) -> Request:
    return requests.parse(text, directory="/project", home="/home/me")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.12", {"version": "3.12"}),
        ("312", {"version": "3.12"}),
        ("python3.8", {"version": "3.8"}),
        ("cpython@3.11", {"implementation": "CPython", "version": "3.11"}),
        ("pypy3.9", {"implementation": "PyPy", "version": "3.9"}),
        ("pypy", {"implementation": "PyPy"}),
        ("3.13t", {"version": "3.13", "free_threaded": True}),
        ("3.12-64", {"version": "3.12", "bits": 64}),
        ("3.12-32", {"version": "3.12", "bits": 32}),
        ("3.12-arm64", {"version": "3.12", "bits": 64, "machine": "aarch64"}),
        (
            "cpython-3.12.1-linux-x86_64-gnu",
            {"implementation": "CPython", "version": "3.12.1", "bits": 64, "machine": "x86_64"},
        ),
        (">=3.10,<3.13", {"specifier": ">=3.10,<3.13"}),
        ("~=3.11", {"specifier": "~=3.11"}),
        ("./env", {"path": "/project/env"}),
        ("bin/python", {"path": "/project/bin/python"}),
        ("/usr/bin/python3", {"path": "/usr/bin/python3"}),
        ("~/py/bin/python", {"path": "/home/me/py/bin/python"}),
        ("~", {"path": "/home/me"}),
        ("myenv", {"name": "myenv"}),
        ("system", {"name": "system"}),
        ("3.12.1-myenv", {"name": "3.12.1-myenv"}),
    ],
)
def test_forms(text: str, expected: dict[str, object]) -> None:
    assert parse(text) == Request(text)._replace(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "  ", "3.x", "3.12\n3.11", ">=3.x", "3.12.1.2.x", "3.12.1.2", "=3.12"]
)
def test_what_is_no_form_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.exit_code == 2
    assert "3.1" in str(caught.value.hint)


def admits(
    text: str,
    version: str,
    *,
    free: bool = False,
    bits: int = 64,
    machine: str = "x86_64",
    of: str = "CPython",
) -> bool:
    return requests.admits(parse(text), Name(of, version, free, ""), bits=bits, machine=machine)


@pytest.mark.parametrize(
    ("text", "version", "answer"),
    [
        ("3", "3.12.1", True),
        ("3.1", "3.12.1", False),
        ("3.12", "3.12.1", True),
        ("3.12.1", "3.12.1", True),
        ("3.12.1", "3.12.10", False),
        ("3.13.0", "3.13.0rc1", False),
        ("3.13.0rc1", "3.13.0rc1", True),
        ("3.13", "3.13.0rc1", True),
        ("3.12.1", "3.12", True),  # the last number is not known: it will be asked
        (">=3.10,<3.13", "3.12.1", True),
        (">=3.10,<3.13", "3.13.0", False),
        (">=3.12.4", "3.12", True),
        (">=3.13", "3.12", False),
        (">=3.13", "3.13.0rc1", True),
        (">=3.13", "3.14.0rc1", True),
        ("==3.11.*", "3.11.7", True),
    ],
)
def test_versions(text: str, version: str, answer: bool) -> None:  # noqa: FBT001
    assert admits(text, version) is answer


def test_abi_machine_and_implementation() -> None:
    assert not admits("3.13", "3.13.0", free=True)
    assert not admits(">=3.13", "3.13.0", free=True)
    assert admits("3.13t", "3.13.0", free=True)
    assert not admits("3.13t", "3.13.0")
    assert not admits("3.12-32", "3.12.1")
    assert admits("3.12-64", "3.12.1", bits=0, machine="")
    assert not admits("3.12-arm64", "3.12.1")
    assert admits("3.12-arm64", "3.12.1", machine="arm64")
    assert not admits("pypy", "3.9.16")
    assert admits("pypy", "3.9.16", of="PyPy")
    assert admits("3.9", "3.9.16", of="PyPy")
    assert not admits("cpython3.9", "3.9.16", of="PyPy")


@given(st.text(max_size=40))
def test_any_text_gives_a_request_or_a_usage_error(text: str) -> None:
    try:
        found = parse(text)
    except UsageError:
        return
    assert found.text == text
    assert (
        any((found.version, found.implementation, found.specifier, found.path, found.name))
        or text.strip() == "python"
    )
