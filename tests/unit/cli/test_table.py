"""The table of verbs is read heading by heading, and says of each where it is."""

from __future__ import annotations

import importlib
import os
import re
import sys

import pytest

from alcove.cli import mistaken, table, verbs
from alcove.cli.parse import parse
from alcove.errors import UsageError
from docs import generate
from scripts.import_graph import ROOT


def test_the_names_are_those_of_the_headings() -> None:
    folder = os.path.dirname(verbs.__file__)
    files = {name[:-3] for name in os.listdir(folder) if name.endswith(".py")}
    assert files - {"__init__"} == set(table.NAMES)
    for heading, names in table.NAMES.items():
        module = importlib.import_module(f"alcove.cli.verbs.{heading}")
        assert tuple(verb.name for verb in module.VERBS) == names


def test_only_the_heading_that_is_asked_for_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for heading in table.NAMES:
        monkeypatch.delitem(sys.modules, f"alcove.cli.verbs.{heading}", raising=False)
    found = table.verb_of("undo")
    assert found is not None
    assert found.name == "undo"
    read = {heading for heading in table.NAMES if f"alcove.cli.verbs.{heading}" in sys.modules}
    assert read == {"environments"}


def test_a_verb_that_is_none() -> None:
    assert table.verb_of("nothing") is None
    with pytest.raises(LookupError):
        table.module_of("nothing")
    assert table.module_of("redo") == "undo"


def test_every_verb_has_json_or_the_reference_says_why_not() -> None:
    section = next(part for part in generate.HEAD.split("\n\n") if part.startswith("`--json`"))
    without = " ".join(section.split()).replace("(`info`, `project` and `site-packages`", "")
    assert set(re.findall(r"`([a-z-]+)`", without)) - {"--json"} == {
        verb.name
        for verb in table.every().values()
        if not any(option.name == "json" for option in verb.options)
    }


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("--requirment", "did you mean --requirement?"),
        ("--bogus", "alcove create --help"),
        ("--vrbose", "did you mean --verbose?"),
    ],
)
def test_only_an_option_like_it_is_meant(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(["create", word])
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("creat", "did you mean create?"),
        ("remove", "alcove delete removes an environment, alcove uninstall a distribution"),
        ("version", "alcove --version"),
        ("--verison", "did you mean --version?"),
        ("-q", "options follow the verb: alcove VERB -q"),
        ("xyzzy", "alcove --help"),
    ],
)
def test_what_a_word_that_is_no_verb_may_have_meant(word: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no command") as caught:
        parse([word, "list"])
    assert caught.value.hint == hint


def test_no_word_of_other_tools_hides_a_verb() -> None:
    assert not set(mistaken._OTHERS) & set(table.every())


READ = {"envs", "info", "history", "diff", "verify", "outdated", "list", "freeze", "show", "check"}
READ |= {"tree", "why", "site-packages"}
OTHERS = {"run", "shell", "activate", "deactivate", "cd", "virtualenv"}  # whose reason is told


def test_what_changes_something_can_be_asked_what_it_would_do() -> None:
    lacking = {
        name
        for name, verb in table.every().items()
        if "dry_run" not in {one.name for one in verb.options}
    }
    assert lacking == READ | OTHERS
    with open(os.path.join(ROOT, "docs/how-to/look-first.md"), encoding="utf-8") as stream:
        told, _, without = stream.read().partition("No `--dry-run` have:")
    rows = [line for line in told.splitlines() if line.startswith("| `")]
    assert {
        name
        for name in table.every()
        if any(f"`{name}{end}" in row for row in rows for end in "` ")
    } == (table.every().keys() - lacking)
    assert all(f"`{name}`" in without for name in OTHERS)
