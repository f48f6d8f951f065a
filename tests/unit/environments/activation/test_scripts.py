"""The set of scripts, and what of the user's goes into each."""

from __future__ import annotations

import re

import pytest

from alcove.environments.activation.scripts import NAMES, render

PREFIX, PROMPT = "/envs/a 'b' $(c)", 'na"me %PATH% $x'


def _scripts(prefix: str = PREFIX, prompt: str = PROMPT, bin_name: str = "bin") -> dict[str, str]:
    return {
        name: content.decode()
        for name, content, _ in render(prefix, prompt=prompt, bin_name=bin_name)
    }


def test_every_script_is_there_once_and_none_is_executable() -> None:
    rendered = render(PREFIX, prompt=PROMPT)
    assert [name for name, _, _ in rendered] == list(NAMES)
    assert not any(executable for _, _, executable in rendered)


@pytest.mark.parametrize("name", NAMES)
def test_no_place_is_left_open(name: str) -> None:
    assert not re.search(r"@(BIN|VALUES|PROMPT|PREFIX)@", _scripts()[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_name_like_a_place_is_left_alone(name: str) -> None:
    plain = _scripts(prompt="<a name>")[name]
    odd = _scripts(prompt="@VALUES@ @BIN@")[name]
    assert odd == plain.replace("<a name>", "@VALUES@ @BIN@")


@pytest.mark.parametrize("name", ["activate.bat", "deactivate.bat"])
def test_batch_files_have_the_line_ends_of_windows(name: str) -> None:
    text = _scripts()[name]
    assert text.count("\n") == text.count("\r\n") > 5


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith(".bat")])
def test_other_scripts_have_those_of_posix(name: str) -> None:
    assert "\r" not in _scripts()[name]


@pytest.mark.parametrize("name", ["Activate.ps1", "activate.bat", "activate_this.py"])
def test_what_finds_its_place_itself_records_no_path(name: str) -> None:
    assert "envs" not in _scripts()[name]


def test_batch_sets_the_name_inside_quotes() -> None:
    lines = _scripts(prompt='a"&calc&"b %PATH% $G')["activate.bat"].split("\r\n")
    assert "@set \"VIRTUAL_ENV_PROMPT=a'&calc&'b %%PATH%% $G\"" in lines
    assert "@set \"_VIRTUAL_ENV_SHOWN=(a'&calc&'b %%PATH%% $$G) \"" in lines


@pytest.mark.parametrize("name", ["Activate.ps1", "activate_this.py", "activate.xsh"])
def test_scripts_that_may_be_read_in_any_encoding_are_ascii(name: str) -> None:
    assert _scripts(prefix="/\u00e9", prompt="\u00fc\U0001f40d")[name].isascii()


def test_no_two_names_differ_in_case_alone() -> None:
    assert len({name.lower() for name in NAMES}) == len(NAMES)


def test_the_directory_of_programs_may_have_another_name() -> None:
    for name, text in _scripts(bin_name="Scripts").items():
        assert "Scripts" in text or name == "deactivate.bat"
        assert not re.search(r"[/\\'\"]bin[/'\"]", text.replace("/bin/sh", "")), name


def test_a_path_that_is_not_utf_8_keeps_its_bytes() -> None:
    rendered = {name: content for name, content, _ in render("/caf\udce9", prompt="x")}
    assert b"/caf\xe9'" in rendered["activate"]
    assert b"/caf\xe9'" in rendered["activate.csh"]
