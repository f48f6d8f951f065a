"""What is said where the environment that is meant cannot be: a command in a hint can be copied as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.actions.where import argument, named_path, path_of
from alcove.errors import NotAnEnvironment, UsageError
from alcove.settings import Settings, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    """Return the settings of a user in a directory of theirs."""
    return read({"HOME": str(tmp_path)}, cwd=str(tmp_path))


def test_a_name_in_a_hint_is_quoted(given: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotAnEnvironment) as one:
        path_of(given, name="it's $(x)")
    assert str(one.value.hint).startswith(r"alcove create -n 'it'\''s $(x)'; ")
    for place in (tmp_path / "a b", tmp_path / ".virtualenvs" / "a b"):
        place.mkdir(parents=True)
        (place / "pyvenv.cfg").write_text("home = /\n")
    with pytest.raises(UsageError) as both:
        argument("a b", given)
    assert both.value.hint == f"'./a b' is the one, '{tmp_path}/.virtualenvs/a b' the other"


@pytest.mark.parametrize("name", ["x ", "-x", ".x", "a/b", ""])
def test_what_a_name_is_is_said(given: Settings, name: str) -> None:
    with pytest.raises(UsageError) as one:
        named_path(name, given)
    assert "begins with neither a dot nor a dash, and has no space at an end" in str(one.value.hint)


@pytest.mark.parametrize("word", [".venv", "note"])
def test_a_file_that_names_what_is_not_there_is_named(
    given: Settings, tmp_path: Path, word: str
) -> None:
    (tmp_path / word).write_text("not there\n")
    with pytest.raises(NotAnEnvironment, match=f"/{word} is a file that names .*/not there") as one:
        path_of(given, env=word)
    assert str(one.value.hint).endswith(f"alcove create '{tmp_path}/not there'")
    (tmp_path / word).write_text("two\nlines\n")
    with pytest.raises(NotAnEnvironment) as one:
        path_of(given, env=word)
    assert ("remove it" in str(one.value.hint)) == (
        word == ".venv"
    )  # never what is merely asked about
    (tmp_path / word).write_text("not there\n")
    (tmp_path / "not there").mkdir()
    assert path_of(given, env=word) == f"{tmp_path}/not there"
