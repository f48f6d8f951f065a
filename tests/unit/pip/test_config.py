"""`pip config` on files of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.pip.fakes import Inside


@pytest.fixture
def user(inside: Inside, tmp_path: Path) -> Path:
    """Return the user's file; the variables say where all of them lie."""
    inside.environ |= {
        "HOME": str(inside.home),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CONFIG_DIRS": str(tmp_path / "system"),
    }
    return tmp_path / "config" / "pip" / "pip.conf"


def test_set_get_list_unset(inside: Inside, user: Path) -> None:
    assert inside.pip("config", "set", "global.Index_URL", "https://x.example") == (
        f"Writing to {user}\n",
        "",
        0,
    )
    assert user.read_text() == "[global]\nindex-url = https://x.example\n\n"
    inside.pip("config", "set", "install.timeout", "5")
    assert inside.pip("config", "get", "global.index-url").out == "https://x.example\n"
    assert inside.pip("config", "get", "global.--index_url").code == 1
    assert inside.pip("config", "--user", "list").out == (
        "global.index-url='https://x.example'\ninstall.timeout='5'\n"
    )
    assert inside.pip("config", "unset", "global.index-url").out == f"Writing to {user}\n"
    assert user.read_text() == "[install]\ntimeout = 5\n\n"
    answer = inside.pip("config", "unset", "global.index-url")
    assert answer == ("", "ERROR: No such key - global.index-url\n", 1)


def test_the_sites_file_is_changed_where_there_is_one(inside: Inside, user: Path) -> None:
    site = inside.prefix / "pip.conf"
    assert inside.pip("config", "--site", "set", "global.pre", "1").out == f"Writing to {site}\n"
    assert inside.pip("config", "set", "list.format", "json").out == f"Writing to {site}\n"
    assert inside.pip("config", "--user", "set", "global.pre", "0").out == f"Writing to {user}\n"
    # the site's file wins, and both are listed in the order of their names
    assert inside.pip("config", "get", "global.pre").out == "1\n"
    listed = inside.pip("config", "list").out.splitlines()  # with what the machine's own file says
    assert {"global.pre='0'", "global.pre='1'", "list.format='json'"} <= set(listed)
    assert inside.pip("config", "--site", "list").out == "global.pre='1'\nlist.format='json'\n"


def test_links_and_permissions_stay(inside: Inside, user: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.conf"
    real.write_text("# mine\n[global]\ntimeout: 1\n")
    real.chmod(0o600)
    user.parent.mkdir(parents=True)
    user.symlink_to(real)
    assert inside.pip("config", "set", "global.retries", "2").code == 0
    assert user.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert real.read_text() == "[global]\ntimeout = 1\nretries = 2\n\n"


@pytest.mark.parametrize("name", ["global.a=b", "global.a:b", "global.#a", "global.;a"])
def test_a_name_that_would_be_read_as_another(inside: Inside, user: Path, name: str) -> None:
    inside.pip("config", "set", "global.timeout", "1")
    before = user.read_text()
    answer = inside.pip("config", "set", name, "v")
    assert answer.code == 1
    assert "is left as it is" in answer.err
    assert user.read_text() == before
    assert inside.pip("config", "set", "global.retries", "two\n  lines\n# here\n").code == 0


def test_the_file_that_a_variable_names(inside: Inside, user: Path, tmp_path: Path) -> None:
    named = tmp_path / "named.conf"
    named.write_text("[global]\ntimeout = 7\n")
    inside.environ["PIP_CONFIG_FILE"] = str(named)
    assert inside.pip("config", "get", "global.timeout").out == "7\n"
    answer = inside.pip("config", "set", "global.timeout", "8")
    assert answer.code == 0
    assert f"changes will be applied to '{named}', not to 'user'" in answer.err
    assert named.read_text() == "[global]\ntimeout = 8\n\n"
    assert not user.exists()
    inside.environ["PIP_CONFIG_FILE"] = "/dev/null"
    assert inside.pip("config", "set", "global.timeout", "9").code == 1
    assert inside.pip("config", "list").out == ":env:.config-file='/dev/null'\n"


def test_debug_tells_where_each_value_stands(inside: Inside, user: Path, tmp_path: Path) -> None:
    inside.pip("config", "set", "global.timeout", "5")
    inside.environ["PIP_PRE"] = "1"
    told = inside.pip("config", "debug").out.splitlines()
    assert told[:3] == ["env_var:", "  PIP_PRE='1'", "env:"]
    assert f"  {tmp_path}/system/pip/pip.conf, exists: False" in told
    place = told.index(f"  {user}, exists: True")
    assert told[place + 1] == "    global.timeout: 5"
    assert [line for line in told if line[0] != " "] == [
        "env_var:",
        "env:",
        "global:",
        "site:",
        "user:",
    ]
    isolated = inside.pip("config", "--isolated", "debug").out
    assert "user:" not in isolated


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Need an action (debug, edit, get, list, set, unset) to perform."),
        ("frob", "Need an action (debug, edit, get, list, set, unset) to perform."),
        (
            "--user --site list",
            "Need exactly one file to operate upon (--user, --site, --global) to perform.",
        ),
        (
            "get",
            'Got unexpected number of arguments, expected 1. (example: "pip config get [name]")',
        ),
        (
            "set a",
            'Got unexpected number of arguments, expected 2. (example: "pip config set [name] [value]")',
        ),
        ("list x", 'Got unexpected number of arguments, expected 0. (example: "pip config list")'),
        ("get global.nope", "No such key - global.nope"),
        (
            "get timeout",
            "Key does not contain dot separated section and key. Perhaps you wanted to use 'global.timeout' instead?",
        ),
        (
            "set timeout 1",
            "Key does not contain dot separated section and key. Perhaps you wanted to use 'global.timeout' instead?",
        ),
    ],
)
@pytest.mark.usefixtures("user")
def test_config_refuses(inside: Inside, words: str, problem: str) -> None:
    assert inside.pip("config", *words.split()) == ("", f"ERROR: {problem}\n", 1)


@pytest.mark.parametrize("content", ["no section = 1\n", "[a]\nx = 1\n[a]\n", "[a\n"])
def test_a_file_that_is_none(inside: Inside, user: Path, content: str) -> None:
    user.parent.mkdir(parents=True)
    user.write_text(content)
    answer = inside.pip("config", "list")
    assert answer.code == 1
    assert answer.err.startswith("ERROR: Configuration file could not be loaded.\n")
    assert str(user) in answer.err


def test_a_key_that_would_break_the_file(inside: Inside, user: Path) -> None:
    for key in (".x", "a].b", "a."):
        assert inside.pip("config", "set", key, "1").code == 1
    assert not user.exists()


def test_edit_without_an_editor(inside: Inside, user: Path) -> None:
    answer = inside.pip("config", "edit")
    assert answer.err.startswith("ERROR: Could not determine editor to use.\n")
    assert inside.pip("config", "edit", "--editor", str(user / "nope")).code == 1
