"""The digest of a request: it must know all that decides, or say that it does not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions.request import Request, digest_of, is_simple
from alcove.environments.layout import Layout
from alcove.requirements.addresses import ARCHIVE_SUFFIXES
from alcove.settings import read

if TYPE_CHECKING:
    from pathlib import Path


def digest(root: Path, *files: str, **variables: str) -> str:
    (root / "env").mkdir(exist_ok=True)
    (root / "env/pyvenv.cfg").write_text("include-system-site-packages = false\n")
    layout = Layout(str(root / "env"), "python3.12")
    variables |= {"HOME": str(root), "ALCOVE_HOME": str(root / "data")}
    settings = read(variables, cwd=str(root))
    return digest_of(Request(str(root), "install", files=files), layout, settings)


def test_what_a_file_holds_counts(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("click==8.1\n")
    first = digest(tmp_path, "r.txt")
    assert first
    (tmp_path / "r.txt").write_text("click==8.2\n")
    assert digest(tmp_path, "r.txt") not in ("", first)


def test_a_pipe_is_not_emptied(tmp_path: Path) -> None:
    """`-r <(…)` and `-r /dev/stdin`: who read it here would leave nothing for who installs."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"click==8.1\n")
        os.close(writing)
        assert digest(tmp_path, f"/dev/fd/{reading}") == ""
        assert os.read(reading, 99) == b"click==8.1\n"
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    "text", [".", "..", ".[test]", " . ", "~/x", "a/b", "a @ file:///b", "-e .", *ARCHIVE_SUFFIXES]
)
def test_what_lies_on_the_disk_is_looked_at_each_time(tmp_path: Path, text: str) -> None:
    """`pip install .` in a project did nothing the second time, whatever had changed in it."""
    if text in ARCHIVE_SUFFIXES:
        text = f"demo-1.0{text}"
    for line in (text, f"{text} ; python_version > '3'", f"{text}  # here"):
        (tmp_path / "r.txt").write_text(f"click==8.1\n{line}\n")
        assert digest(tmp_path, "r.txt") == "", line
    (tmp_path / "r.txt").write_text(f"\ufeff{text}\n")
    assert digest(tmp_path, "r.txt") == ""
    assert not is_simple(text)


def test_a_word_in_two_lines(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("demo-1.0.w\\\nhl\n")
    assert digest(tmp_path, "r.txt") == ""


@pytest.mark.parametrize("text", ["click", "click[x]>=8,<9", "Click ~= 8.0 ; python_version > '3'"])
def test_a_name_is_remembered(tmp_path: Path, text: str) -> None:
    assert is_simple(text)
    hashed = f"{text} \\\n    --hash=sha256:{'0' * 64}  # see https://some.example\n"
    (tmp_path / "r.txt").write_text(f"# pins\n\n{text}\n{hashed}")
    assert digest(tmp_path, "r.txt")


def test_what_a_configured_file_of_constraints_holds_counts(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("click\n")
    limits = tmp_path / "limits.txt"
    found = []
    for text in ("click<8\n", "click<7\n"):
        limits.write_text(text)
        found.append(
            digest(tmp_path, "r.txt", PIP_CONSTRAINT=str(limits), PIP_CONFIG_FILE="/dev/null")
        )
    (tmp_path / "pip.conf").write_text(f"[install]\nconstraint = {limits}\n")
    for text in ("click<8\n", "click<7\n"):
        limits.write_text(text)
        found.append(digest(tmp_path, "r.txt", PIP_CONFIG_FILE=str(tmp_path / "pip.conf")))
    assert len(set(found)) == 4
    limits.write_text("-r more.txt\n")
    assert digest(tmp_path, "r.txt", PIP_CONSTRAINT=str(limits)) == ""


@pytest.mark.parametrize(
    ("sources", "variables"),
    [
        ({"find-links": ["dist"]}, {}),
        ({"find-links": ["/a", "./dist"]}, {}),
        ({"index-url": "simple"}, {}),
        ({}, {"PIP_FIND_LINKS": "dist"}),
    ],
)
def test_a_relative_path_leads_elsewhere_from_elsewhere(
    tmp_path: Path, sources: dict[str, object], variables: dict[str, str]
) -> None:
    digest(tmp_path)
    layout = Layout(str(tmp_path / "env"), "python3.12")
    settings = read({"HOME": str(tmp_path), **variables}, cwd=str(tmp_path))
    found = {
        digest_of(Request(where, "install", ("click",), sources=sources), layout, settings)
        for where in ("/a", "/b")
    }
    assert len(found) == 2


def test_other_places_are_the_same_from_everywhere(tmp_path: Path) -> None:
    digest(tmp_path)
    layout = Layout(str(tmp_path / "env"), "python3.12")
    settings = read({"HOME": str(tmp_path)}, cwd=str(tmp_path))
    fixed = {"find-links": ["/l", "file:///m"], "index-url": "https://i.example"}
    asked = [Request(where, "install", ("click",), sources=fixed) for where in ("/a", "/b")]
    assert len({digest_of(one, layout, settings) for one in asked}) == 1


def test_a_lock_that_names_a_directory(tmp_path: Path) -> None:
    head = 'lock-version = "1.0"\n[[packages]]\nname = "mine"\n'
    (tmp_path / "pylock.toml").write_text(head + "[packages.vcs]\ncommit-id = 'ab'\n")
    assert digest(tmp_path, "pylock.toml")
    (tmp_path / "pylock.toml").write_text(head + "[packages.directory]\npath = '.'\n")
    assert digest(tmp_path, "pylock.toml") == ""
