"""Placeholders in the scripts of a subclass."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from alcove.venv import EnvBuilder


def context(script: str) -> SimpleNamespace:
    """Return the context of an environment whose names are commands to a careless shell."""
    return SimpleNamespace(
        env_dir="/a/$(touch x)",
        env_name="__VENV_PROMPT__",
        prompt="it's",
        bin_name="bin",
        env_exe="/a/b",
        script_path=script,
    )


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("activate", "'/a/$(touch x)' 'it'\"'\"'s' __VENV_PROMPT__ bin /a/b"),
        ("Activate.ps1", "'/a/$(touch x)' 'it''s' '__VENV_PROMPT__' 'bin' '/a/b'"),
        ("activate.bat", "/a/$(touch x) it's __VENV_PROMPT__ bin /a/b"),
    ],
)
def test_values_are_words_of_the_shell(script: str, wanted: str) -> None:
    text = "__VENV_DIR__ __VENV_PROMPT__ __VENV_NAME__ __VENV_BIN_NAME__ __VENV_PYTHON__"
    assert EnvBuilder().replace_variables(text, context(script)) == wanted
