"""The documents: links lead somewhere, commands exist, the reference is what the table says."""

from __future__ import annotations

import os
import re

import pytest

from alcove.cli.parse import parse
from alcove.cli.table import every
from docs import generate
from scripts.import_graph import ROOT


def documents() -> list[str]:
    """Return the paths of all documents, relative to the root."""
    found = [name for name in os.listdir(ROOT) if name.endswith(".md")]
    for start in ("docs", "benchmarks"):
        for directory, _, files in os.walk(os.path.join(ROOT, start)):
            found += [
                os.path.relpath(os.path.join(directory, name), ROOT)
                for name in files
                if name.endswith(".md")
            ]
    return sorted(found)


def read(path: str) -> str:
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return stream.read()


def commands() -> list[tuple[str, str]]:
    """Return (document, command line) of every line of code that begins with `alcove`."""
    found = []
    for path in documents():
        if path.endswith("commands.md"):
            continue
        blocks = re.findall(
            r"(?:^    \S.*$\n?)+|^```.*?^```$", read(path), re.MULTILINE | re.DOTALL
        )
        for line in "\n".join(blocks).splitlines():
            for part in re.split(r" ; | && | \|\| ", line.partition(" # ")[0]):
                words = part.removeprefix("RUN").strip()
                if words.startswith("alcove "):
                    found.append((path, words))
    return found


@pytest.mark.parametrize("path", documents())
def test_links_lead_somewhere(path: str) -> None:
    text = read(path)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        there = (
            os.path.normpath(os.path.join(ROOT, os.path.dirname(path), file))
            if file
            else os.path.join(ROOT, path)
        )
        assert os.path.exists(there), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", read(os.path.relpath(there, ROOT)), re.MULTILINE)
            assert anchor in [heading.lower().replace(" ", "-") for heading in headings], target


@pytest.mark.parametrize(("path", "line"), commands())
def test_commands_in_documents_are_commands(path: str, line: str) -> None:
    words = re.sub(
        r'"([^"]*)"', lambda match: match[1].replace(" ", "_"), line.partition(" > ")[0]
    ).split()
    values = parse(words[1:])
    assert values.verb in every(), path


def test_there_are_commands_in_the_documents() -> None:
    assert len(commands()) > 40


def test_the_reference_is_up_to_date() -> None:
    with open(generate.TARGET, encoding="utf-8") as stream:
        assert stream.read() == generate.reference(every().values())


def test_the_list_of_functions_is_up_to_date() -> None:
    with open(generate.FUNCTIONS, encoding="utf-8") as stream:
        assert stream.read() == generate.functions()


def test_the_reference_has_every_verb_and_option() -> None:
    text = generate.reference(every().values())
    for verb in every().values():
        assert f"\n### {verb.name}\n" in text
        assert all(f"`{flag}" in text for option in verb.options for flag in option.flags)
