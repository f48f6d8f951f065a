"""What `pyvenv.cfg` says of the prompt, whoever wrote it."""

from __future__ import annotations

import pytest

from alcove.environments.config import prompt_of


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("", "default"),
        ("''", "default"),
        ("demo", "demo"),
        ("'demo'", "demo"),
        (repr("it's\tübung\u20ac"), "it's\tübung\u20ac"),
        # what is no repr of anything stands as it is
        (r"'C:\users\x'", r"C:\users\x"),
        (r"'\N{none such}'", r"\N{none such}"),
        ("'\\'", "\\"),
        (r"'\ud800'", r"\ud800"),
        # the name of a directory may be any bytes
        (repr("\udcff\udcfe"), "\udcff\udcfe"),
    ],
)
def test_prompt(text: str, prompt: str) -> None:
    assert prompt_of({"prompt": text}, "default") == prompt
