"""Commands run as a user runs them, with the variables that a test gives them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def run(
    *words: object, environ: Mapping[str, str], fails: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command, in the directory where HOME's parent lies; it must fail or not, as said."""
    answer = subprocess.run(
        list(map(str, words)),
        check=False,
        env=dict(environ),
        cwd=Path(environ["HOME"]).parent,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert bool(answer.returncode) == fails, answer.stdout + answer.stderr
    return answer
