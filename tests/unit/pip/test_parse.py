"""The command line, read as optparse reads it for the real pip."""

from __future__ import annotations

import pytest

from alcove.errors import UsageError
from alcove.pip.options import COMMANDS, GENERAL
from alcove.pip.parse import Misconfigured, parse, truth

INSTALL = (*COMMANDS["install"].options, *GENERAL)
LIST = (*COMMANDS["list"].options, *GENERAL)


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("-rfile", "requirements", ["file"]),
        ("-r file", "requirements", ["file"]),
        ("-r a --requirement=b --no-dependenc", "requirements", ["a", "b"]),
        ("-qq", "quiet", 2),
        ("-vqv", "verbose", 2),
        ("-UI", "ignore_installed", True),
        ("-Ur file", "requirements", ["file"]),
        ("-i=x", "index_url", "=x"),
        ("--index-url=a=b", "index_url", "a=b"),
        ("--pypi-url x", "index_url", "x"),
        ("--no-compile", "compile", False),
        ("--retries 3", "retries", 3),
        ("--retries=0x10", "retries", 16),
        ("--timeout 1.5", "timeout", 1.5),
        ("--no-build-isolation", "build_isolation", False),
        ("-C a=b --config-settings c=d=e", "config_settings", ["a=b", "c=d=e"]),
        ("--no-cache-dir", "cache_dir", ""),
        ("--no-binary a,B_b --only-binary b.b", "no_binary", ["a"]),
        ("--no-binary a --only-binary :all:", "no_binary", []),
        ("--only-binary=:all:,:none:,x", "only_binary", ["x"]),
        ("--only-binary :all: --no-binary x", "only_binary", [":all:"]),
        ("--log ~/x", "log", "HOME/x"),
        ("--root-user-action ignore", "root_user_action", "ignore"),
        ("-r --upgrade", "requirements", ["--upgrade"]),
    ],
)
def test_values(words: str, name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "HOME")
    parsed = parse(words.split(), INSTALL)
    assert parsed.values[name] == value
    assert parsed.arguments == []


def test_arguments_stand_anywhere() -> None:
    parsed = parse(["a", "-U", "b", "-", "--", "-r", "c"], INSTALL)
    assert parsed.arguments == ["a", "b", "-", "-r", "c"]
    assert parsed.flag("upgrade")


def test_general_options_end_at_the_command() -> None:
    parsed = parse(["--timeout", "5", "list", "--format=json"], GENERAL, interspersed=False)
    assert parsed.number("timeout") == 5.0
    assert parsed.arguments == ["list", "--format=json"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--frob", "no such option: --frob"),
        ("--frob=1", "no such option: --frob"),
        ("-Z", "no such option: -Z"),
        ("-e=3", "no such option: -="),
        ("--format", "--format option requires 1 argument"),
        ("-i", "-i option requires 1 argument"),
        ("--outdated=1", "--outdated option does not take a value"),
        (
            "--format=xml",
            "option --format: invalid choice: 'xml' (choose from 'columns', 'freeze', 'json')",
        ),
        (
            "--form x",
            "option --format: invalid choice: 'x' (choose from 'columns', 'freeze', 'json')",
        ),
        ("--timeout x", "option --timeout: invalid floating-point value: 'x'"),
        ("--retries 1.5", "option --retries: invalid integer value: '1.5'"),
        ("--exclude-", "no such option: --exclude-"),
        (
            "--ex x",
            "ambiguous option: --ex (--exclude, --exclude-editable, --exists-action, --extra-index-url?)",
        ),
        ("--no-binary -x", "--no-binary / --only-binary option requires 1 argument."),
        ("---", "no such option: ---"),
        ("--=x", "no such option: --"),
    ],
)
def test_usage_errors_in_pip_words(words: str, message: str) -> None:
    if words == "--exclude-":  # begins one option only
        assert not parse([words], LIST).flag("include_editable", default=True)
        return
    with pytest.raises(UsageError) as caught:
        parse(words.split(), LIST)
    assert caught.value.message == message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("--target x", "target", "x"),
        ("-t x", "target", "x"),
        ("-tx", "target", "x"),
        ("--prefix=/x", "prefix", "/x"),
        ("--root /", "root", "/"),
        ("--platform p --platform q", "platforms", ["p", "q"]),
        ("--abi a", "abis", ["a"]),
        ("--python-version 3.10", "python_version", "3.10"),
        ("--only-deps", "only_deps", True),
        ("--only-dependencies", "only_deps", True),
        ("--all-releases a --only-final b,c", "releases", ["+a", "-b,c"]),
        ("--refresh-package A.b,c --refresh-package c", "refresh", ["a-b", "c"]),
        ("--refresh-package :all:", "refresh", [":all:"]),
        ("--refresh-package a,:none:,b", "refresh", ["b"]),
        ("--refresh-package a,:all:", "refresh", [":all:"]),
        ("--group dev --group x/pyproject.toml:test", "groups", ["dev", "x/pyproject.toml:test"]),
        ("--group pylock.dev.toml[a]:x", "groups", ["pylock.dev.toml[a]:x"]),
        ("--requirements-from-script s.py", "scripts", ["s.py"]),
        (
            "--uploaded-prior-to 2023-01-02T03:04:05Z",
            "uploaded_prior_to",
            "2023-01-02T03:04:05+00:00",
        ),
    ],
)
def test_options_of_install_alone(words: str, name: str, expected: object) -> None:
    assert parse(words.split(), INSTALL).values[name] == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--python-version 3.x", "each version part must be an integer"),
        ("--python-version 1.2.3.4", "at most three version parts are allowed"),
        ("--group setup.cfg:x", "group paths use local 'pyproject.toml' or 'pylock.toml' files"),
        ("--refresh-package=-x", "--refresh-package option requires 1 argument."),
        ("--uploaded-prior-to soon", "option --uploaded-prior-to: invalid value: 'soon'"),
        ("--target", "--target option requires 1 argument"),
    ],
)
def test_values_that_pip_refuses(words: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(words.split(), INSTALL)
    assert message in caught.value.message


def test_defaults_come_before_the_command_line() -> None:
    defaults = {
        "find-links": ["/a", "/b"],
        "index-url": ["https://index.example/simple"],
        "upgrade": ["yes"],
        "no-compile": ["1"],
        "verbose": ["2"],
        "quiet": ["true"],
        "format": ["json"],
        "timeout": [""],
        "no-binary": ["a"],
    }
    parsed = parse(["-f", "/c", "-v", "--only-binary", "a"], INSTALL, defaults=defaults)
    assert parsed.texts("find_links") == ["/a", "/b", "/c"]
    assert parsed.text("index_url") == "https://index.example/simple"
    assert parsed.flag("upgrade")
    assert parsed.values["compile"] is True  # pip's own reading of PIP_NO_COMPILE=1
    assert parsed.times("verbose") == 3
    assert parsed.times("quiet") == 1
    assert parsed.number("timeout") is None
    assert parsed.texts("no_binary") == []
    assert "format" not in parsed.values


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("upgrade", "maybe", "maybe is not a valid value for upgrade option"),
        ("verbose", "much", "much is not a valid value for verbose option"),
        ("python-version", "x", "invalid --python-version value: 'x'"),
    ],
)
def test_wrong_defaults_are_refused(key: str, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        parse([], INSTALL, defaults={key: [text]})


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("timeout", "x", "option timeout: invalid floating-point value: 'x'"),
        ("retries", "x", "option retries: invalid integer value: 'x'"),
        ("progress-bar", "x", "option progress-bar: invalid choice: 'x'"),
        ("exists-action", "q", "option exists-action: invalid choice: 'q'"),
    ],
)
def test_what_a_configuration_gets_wrong_has_an_exit_code_of_its_own(
    key: str, text: str, message: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        parse([], INSTALL, defaults={key: [text]})
    assert caught.value.message.startswith(f"An error occurred during configuration: {message}")
    assert "PIP_" + key.upper().replace("-", "_") in str(caught.value.hint)
    assert caught.value.exit_code == 3


def test_truth() -> None:
    assert [truth(text) for text in ("Y", "on", "0", "F", "", "2")] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_spelling_twice(command: str) -> None:
    names = [name for option in (*COMMANDS[command].options, *GENERAL) for name in option[0]]
    assert len(names) == len(set(names))
