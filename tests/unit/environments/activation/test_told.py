"""The prompt is read back from whichever script of ours is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.environments.activation.scripts import render
from alcove.environments.activation.told import prompt_told

if TYPE_CHECKING:
    from pathlib import Path

TELLING = ("activate.xsh", "activate.nu", "activate")
PROMPTS = (
    "shop",
    'it\'s $(x) `y` 100% \\ \\\\ "z" !',
    "\\u{41} \\' é 🐍",
    "two\nlines\t\x1b[2J",
    "'",
    "',",
)


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("name", TELLING)
def test_each_script_tells(tmp_path: Path, prompt: str, name: str) -> None:
    for one, content, _ in render("/x/it's\nhere", prompt=prompt):
        if one == name:
            (tmp_path / one).write_bytes(content)
    assert prompt_told(str(tmp_path)) == prompt


def test_others_write_no_prompt_of_ours(tmp_path: Path) -> None:
    (tmp_path / "activate").write_text('VIRTUAL_ENV_PROMPT="mine"\n_virtual_env_prompt=$(x)\n')
    (tmp_path / "activate.nu").write_text("const virtual_env_prompt = mine\n")
    (tmp_path / "activate.xsh").write_text("\n    _virtual_env_activate(\n  f(),\n    )\n")
    assert prompt_told(str(tmp_path)) == ""
    (tmp_path / "activate.nu").unlink()
    (tmp_path / "activate.nu").mkdir()
    (tmp_path / "activate").write_text("\n_virtual_env_prompt='mine'\n_virtual_env_backslash=\n")
    assert prompt_told(str(tmp_path)) == "mine"
