"""The changelog's fragments: of one form, assembled by kind, and gone when released."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scripts import changelog
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_fragments_of_this_checkout_are_of_the_form() -> None:
    text = changelog.assemble(os.path.join(ROOT, "changelog.d"))
    assert text == "" or text.startswith("### ")


def test_assemble(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no fragment")
    (tmp_path / "12.fixed.md").write_text("A bug is\ngone.\n")
    (tmp_path / "3.added.1.md").write_text("More.")
    (tmp_path / "3.added.md").write_text("A thing.")
    text = changelog.assemble(str(tmp_path))
    assert (
        text
        == "### Added\n\n- A thing. (#3)\n- More. (#3)\n\n### Fixed\n\n- A bug is gone. (#12)\n"
    )


@pytest.mark.parametrize("name", ["x.added.md", "3.better.md", "3.added.txt", "3.md"])
def test_a_fragment_of_another_form_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("A thing.")
    with pytest.raises(ValueError, match=name):
        changelog.assemble(str(tmp_path))


def test_a_fragment_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "3.added.md").write_text("no stop")
    with pytest.raises(ValueError, match="one sentence"):
        changelog.assemble(str(tmp_path))


def test_release(tmp_path: Path) -> None:
    fragments = tmp_path / "changelog.d"
    fragments.mkdir()
    (fragments / "README.md").write_text("stays")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog.MARK}")
    for version in ("0.1.0", "0.2.0"):
        (fragments / "3.added.md").write_text(f"All of {version}.")
        changelog.release(str(tmp_path), version, "2026-11-21")
    text = (tmp_path / "CHANGELOG.md").read_text()
    assert (
        text.index("## 0.2.0 (2026-11-21)")
        < text.index("All of 0.2.0. (#3)")
        < text.index("## 0.1.0")
    )
    assert os.listdir(fragments) == ["README.md"]
