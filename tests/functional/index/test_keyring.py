"""The keyring program, run for real: a script that stands in for it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from alcove.index.auth import Logins
from alcove.index_settings import IndexSettings
from alcove.testing.index_lab import Told

if TYPE_CHECKING:
    from pathlib import Path


def logins(**settings: Any) -> Logins:
    chosen = IndexSettings(index_url="https://index.example/simple")._replace(**settings)
    return Logins(chosen, reporter=Told())


def keyring(folder: Path, script: str) -> None:
    path = folder / "keyring"
    path.write_text(f"#!{sys.executable} -S\nimport sys\nargv = sys.argv[1:]\n{script}")
    path.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="the keyring of this test is a script with a shebang")
def test_the_keyring_is_asked_after_a_refusal(tmp_path: Path) -> None:
    log = tmp_path / "log"
    keyring(
        tmp_path,
        f"open({str(log)!r}, 'a').write(repr(argv) + chr(10))\n"
        "if argv == ['get', 'https://index.example/simple', 'me']: print('secret')\n"
        "elif argv == ['--mode', 'creds', 'get', 'b.example']: print('you'); print('other')\n"
        "else: sys.exit(1)\n",
    )
    made = logins(index_url="https://me@index.example/simple", search_path=str(tmp_path))
    url = "https://index.example/simple/six/"
    assert made.first(url) == ("me", "")
    assert made.after_refusal(url) == ("me", "secret")
    assert made.after_refusal(url) == ("me", "secret")
    assert made.first(url) == ("me", "secret")
    assert log.read_text().count("\n") == 1
    assert made.after_refusal("https://b.example/") == ("you", "other")
    assert made.after_refusal("https://c.example/") is None


@pytest.mark.parametrize(
    "settings", [{"keyring_provider": "disabled"}, {"no_input": True}, {"search_path": ""}]
)
def test_when_no_keyring_is_asked(tmp_path: Path, settings: dict[str, object]) -> None:
    keyring(tmp_path, "print('you'); print('secret')")
    made = logins(**{"search_path": str(tmp_path), **settings})
    assert made.after_refusal("https://index.example/") is None


MODULE = """\
class Credential:
    username, password = "you", "secret"

def get_credential(service, user):
    if (service, user) == ("https://index.example/simple", None):
        return Credential
    if (service, user) == ("https://index.example/simple", "me"):
        Credential.username = "me"
        return Credential
"""


def interpreter(folder: Path, module: str) -> str:
    """Return a program that runs this Python with a module `keyring` of the test."""
    (folder / "modules").mkdir()
    (folder / "modules" / "keyring.py").write_text(module)
    path = folder / "python"
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}/modules" exec "{sys.executable}" -S "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="the interpreter of this test is a script of sh")
@pytest.mark.parametrize("provider", ["auto", "import"])
def test_the_module_of_the_environment_is_asked(tmp_path: Path, provider: str) -> None:
    python = interpreter(tmp_path, MODULE)
    url = "https://index.example/simple/six/"
    made = logins(python=python, keyring_provider=provider, no_input=provider == "import")
    assert made.after_refusal(url) == ("you", "secret")
    assert made.after_refusal("https://other.example/") is None
    made = logins(
        index_url="https://me@index.example/simple", python=python, keyring_provider=provider
    )
    assert made.after_refusal(url) == ("me", "secret")


@pytest.mark.skipif(os.name == "nt", reason="the interpreter of this test is a script of sh")
@pytest.mark.parametrize(
    ("provider", "expected"), [("auto", ("a", "b")), ("import", None), ("subprocess", ("a", "b"))]
)
def test_the_program_is_asked_where_there_is_no_module(
    tmp_path: Path, provider: str, expected: tuple[str, str] | None
) -> None:
    python = interpreter(tmp_path, "raise ImportError")
    (tmp_path / "path").mkdir()
    keyring(tmp_path / "path", "print('a'); print('b')")
    made = logins(python=python, keyring_provider=provider, search_path=str(tmp_path / "path"))
    assert made.after_refusal("https://index.example/simple/six/") == expected


@pytest.mark.skipif(os.name == "nt", reason="the interpreter of this test is a script of sh")
def test_the_program_of_the_environment_itself_is_not_taken(tmp_path: Path) -> None:
    python = interpreter(tmp_path, "raise ImportError")
    keyring(tmp_path, "print('a'); print('b')")
    made = logins(python=python, keyring_provider="subprocess", search_path=str(tmp_path))
    assert made.after_refusal("https://index.example/simple/six/") is None


def test_a_keyring_that_fails_is_none(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    path.write_bytes(b"\x7fELF no")
    path.chmod(0o755)
    assert logins(search_path=str(tmp_path)).after_refusal("https://index.example/") is None
