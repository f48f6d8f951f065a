"""What words, variables and the file say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.errors import UsageError
from alcove.virtualenv import reading
from alcove.virtualenv.pythons import request_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Return the variables of a user without a file of virtualenv."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}


def test_words_alone(variables: dict[str, str]) -> None:
    found = reading.read(["-p", "3.11", "--python=pypy", "--copies", "-vv", "d"], variables)
    assert found.dest == "d"
    assert found.python == ["3.11", "pypy"]
    assert found.copies is True
    assert found.verbose == 2
    assert found.clear is None
    assert found.extra_search_dir == []


def test_pairs_of_flags_are_of_three_states(variables: dict[str, str]) -> None:
    assert reading.read(["d"], variables).download is None
    assert reading.read(["--no-download", "d"], variables).download is False
    variables["VIRTUALENV_NO_DOWNLOAD"] = "false"
    assert reading.read(["d"], variables).download is None
    variables["VIRTUALENV_NEVER_DOWNLOAD"] = "yes"
    assert reading.read(["d"], variables).download is False
    assert reading.read(["--download", "d"], variables).download is True


def test_requests_of_variables_come_after_those_of_words(variables: dict[str, str]) -> None:
    variables["VIRTUALENV_PYTHON"] = "<0"
    assert reading.read(["-p", "py311", "d"], variables).python == ["py311", "<0"]
    assert reading.read(["d"], variables).python == ["<0"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3.11,3.12", ["3.11", "3.12"]),
        ("3.11:3.12", ["3.11", "3.12"]),
        (">=3.9,<3.12, 3.8", [">=3.9,<3.12", "3.8"]),
        ("3.11\n>=3.9,<3.12\n", ["3.11", ">=3.9,<3.12"]),
        ("", []),
    ],
)
def test_several_values_in_one_text(
    text: str, wanted: list[str], variables: dict[str, str]
) -> None:
    variables["VIRTUALENV_PYTHON"] = text
    assert reading.read(["d"], variables).python == wanted


def test_a_file_that_is_named_and_is_not_there_says_nothing(
    variables: dict[str, str], tmp_path: Path
) -> None:
    variables["VIRTUALENV_CONFIG_FILE"] = str(tmp_path / "none.ini")
    assert reading.read(["d"], variables).prompt is None


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"prompt = x", b"[virtualenv\n", b"[a]\n[a]\n"]
)
def test_a_file_that_cannot_be_read_is_named(
    content: bytes, variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "own.ini").write_bytes(content)
    variables["VIRTUALENV_CONFIG_FILE"] = str(tmp_path / "own.ini")
    with pytest.raises(UsageError, match=r"own\.ini cannot be read"):
        reading.read(["d"], variables)


@pytest.mark.parametrize("name", ["CLEAR", "VERBOSE", "DOWNLOAD"])
def test_a_variable_of_another_kind_is_an_error(name: str, variables: dict[str, str]) -> None:
    variables[f"VIRTUALENV_{name}"] = "perhaps"
    with pytest.raises(UsageError, match="perhaps"):
        reading.read(["d"], variables)


@pytest.mark.parametrize(
    ("said", "asked"),
    [("py311", "python311"), ("py", "python"), ("pypy3", "pypy3"), ("./py3", "./py3")],
)
def test_the_words_of_tox(said: str, asked: str) -> None:
    assert request_of(said) == asked
