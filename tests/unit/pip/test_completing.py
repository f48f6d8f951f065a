"""What a shell is told, and the scripts by which it asks, in the shells that are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.pip.completing import script

if TYPE_CHECKING:
    from tests.unit.pip.fakes import Inside


def ask(inside: Inside, text: str, place: int) -> list[str]:
    """Return what is offered; it costs exit code 1, and nothing on stderr."""
    inside.environ |= {"PIP_AUTO_COMPLETE": "1", "COMP_WORDS": text, "COMP_CWORD": str(place)}
    answer = inside.pip()
    assert (answer.err, answer.code) == ("", 1)
    return answer.out.splitlines()


def test_commands_and_general_options(inside: Inside) -> None:
    assert {"install", "download", "search", "help"} <= set(ask(inside, "pip ", 1))
    assert ask(inside, "pip ins", 1) == ["install", "inspect"]
    assert {"--version", "--log", "--proxy"} <= set(ask(inside, "pip --", 1))


def test_options_that_were_not_said_yet(inside: Inside) -> None:
    assert ask(inside, "pip list --fo", 2) == ["--format="]
    assert ask(inside, "pip list --format json --fo", 4) == []
    assert ask(inside, "pip index v", 2) == ["versions"]
    assert "versions" not in ask(inside, "pip index versions ", 3)
    assert ask(inside, "pip help ", 2) == []


def test_what_is_installed(inside: Inside) -> None:
    inside.add("Foo.Bar", "1")
    inside.add("foo-baz", "1")
    assert sorted(ask(inside, "pip show foo", 2)) == ["foo-bar", "foo-baz"]
    assert ask(inside, "pip uninstall foo-bar foo", 3) == ["foo-baz"]
    assert "--files" in ask(inside, "pip show ", 2) or "foo-bar" in ask(inside, "pip show ", 2)


def test_paths(inside: Inside) -> None:
    (inside.home / "deep").mkdir()
    (inside.home / "deep" / "r.txt").touch()
    (inside.home / "d.txt").touch()
    assert ask(inside, "pip install d", 2) == ["d.txt", "deep/"]
    assert ask(inside, "pip install -r deep/r", 3) == ["deep/r.txt"]
    assert ask(inside, "pip download -d d", 3) == ["deep/"]
    assert ask(inside, "pip --log de", 2) == ["deep/"]
    assert ask(inside, "pip install nope/x", 2) == []


def test_a_place_that_is_none(inside: Inside) -> None:
    assert "install" in ask(inside, "pip", 7)
    inside.environ |= {"COMP_CWORD": "x"}
    assert inside.pip("--version").code == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_a_shell(inside: Inside, shell: str) -> None:
    answer = inside.pip("completion", f"--{shell}")
    assert answer == (script(shell, "pip"), "", 0)
    assert answer.out.startswith(f"\n# pip {shell} completion start\n")
    assert answer.out.endswith(f"\n# pip {shell} completion end\n")


def test_no_shell(inside: Inside) -> None:
    said = "ERROR: You must pass --bash or --fish or --powershell or --zsh\n"
    assert inside.pip("completion") == ("", said, 0)
