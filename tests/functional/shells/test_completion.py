"""Completion in the real shells, from a small table."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from alcove.shells.completion import Command, Option, Table, completion
from tests.functional.terminals import require_terminal

if TYPE_CHECKING:
    from pathlib import Path

TABLE = Table(
    options=(
        Option(("-v", "--verbose"), "Say more: all of it"),
        Option(("--env",), "Which one", "environment"),
        Option(("-n", "--name"), "Which name", "name"),
    ),
    commands=(
        Command(
            "create",
            "Make an environment",
            (Option(("-p", "--python"), "Which Python", "text"),),
            "directory",
        ),
        Command("activate", "Enter it's shell", (), "environment"),
        Command("list", "Show all", (Option(("--format",), "How", "json|columns"),)),
    ),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a HOME with two environments, one of which has a name that is like code."""
    for name in ("web", "$(touch OWNED)"):
        folder = tmp_path / ".virtualenvs" / name
        folder.mkdir(parents=True)
        (folder / "pyvenv.cfg").touch()
    return tmp_path


def _run(home: Path, *arguments: str) -> list[str]:
    if shutil.which(arguments[0]) is None:
        pytest.skip(f"NOT TESTED: {arguments[0]} is not installed")
    done = subprocess.run(
        arguments,
        cwd=home,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def _bash(home: Path, *words: str) -> set[str]:
    line = " ".join(f"'{word}'" for word in words)
    script = (
        f"{completion('bash', TABLE)}\ncompopt () {{ :; }}\n"
        f"COMP_WORDS=({line}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _alcove_complete\n"
        'for found in "${COMPREPLY[@]}"; do printf \'%s\\n\' "$found"; done\n'
    )
    return set(_run(home, "bash", "--norc", "-c", script))


def test_bash(home: Path) -> None:
    assert _bash(home, "alcove", "") >= {"create", "activate", "list", "--verbose"}
    assert _bash(home, "alcove", "cr") == {"create"}
    assert _bash(home, "alcove", "create", "--p") == {"--python"}
    assert _bash(home, "alcove", "list", "--format", "") == {"json", "columns"}
    assert _bash(home, "alcove", "activate", "w") == {"web"}
    assert _bash(home, "alcove", "-v", "activate", "$") == {"$(touch OWNED)"}
    assert _bash(home, "alcove", "--env", "w") == {"web"}
    (home / "web").mkdir()
    (home / "word").mkdir()
    assert _bash(home, "alcove", "--env", "w") == {"web", "word"}
    assert _bash(home, "alcove", "-n", "w") == {"web"}
    assert _bash(home, "alcove", "-n", "$") == {"\\$\\(touch\\ OWNED\\)"}
    assert _bash(home, "alcove", "create", "-p", "x") == set()
    assert not (home / "OWNED").exists()


def _fish(home: Path, line: str) -> set[str]:
    script = home / "complete.fish"
    script.write_text(f"{completion('fish', TABLE)}\ncomplete -C '{line}'\n")
    return {found.split("\t")[0] for found in _run(home, "fish", "--no-config", str(script))}


def test_fish(home: Path) -> None:
    assert _fish(home, "alcove ") >= {"create", "activate", "list"}
    assert _fish(home, "alcove create --py") == {"--python"}
    assert _fish(home, "alcove list --format ") == {"json", "columns"}
    assert _fish(home, "alcove activate w") == {"web"}
    assert "$(touch OWNED)" in {name.replace("\\", "") for name in _fish(home, "alcove activate ")}
    assert not (home / "OWNED").exists()


class Typed:
    """An interactive zsh: what is typed, and what it makes of a press of the tabulator."""

    def __init__(self, home: Path, zsh: str) -> None:
        (home / ".zshrc").write_text(
            "PS1='> '\nautoload -Uz compinit; compinit -u\n" + completion("zsh", TABLE)
        )
        require_terminal()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.execve(  # noqa: S606  the shell itself is what is started
                zsh,
                ["zsh"],
                {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb", "LANG": "C.UTF-8"},
            )

    def press(self, keys: str, want: str) -> bool:
        """Press keys; tell whether `want` is shown within some seconds. The line is then thrown away."""
        os.write(self.terminal, keys.encode())
        seen = ""
        end = time.monotonic() + 8
        while time.monotonic() < end and want not in seen:
            if select.select([self.terminal], [], [], 0.1)[0]:
                seen += re.sub(
                    r"\x07|\x1b\[[0-9;?]*[A-Za-z]",
                    "",
                    os.read(self.terminal, 65536).decode(errors="replace"),
                )
        os.write(self.terminal, b"\x15")
        return want in seen

    def close(self) -> None:
        """Hang up."""
        os.close(self.terminal)
        os.waitpid(self.process, 0)


def test_zsh(home: Path) -> None:
    zsh = shutil.which("zsh")
    if zsh is None:
        pytest.skip("NOT TESTED: zsh is not installed")
    typed = Typed(home, zsh)
    try:
        assert typed.press("", "> ")
        assert typed.press("alcove cr\t", "alcove create")
        assert typed.press("alcove create --py\t", "--python")
        assert typed.press("alcove list --format j\t", "json")
        assert typed.press("alcove activate w\t", "activate web")
        assert typed.press("alcove -n w\t", "-n web")
        assert typed.press("alcove activate \t", "\\$\\(touch\\ OWNED\\)")
    finally:
        typed.close()
    assert not (home / "OWNED").exists()
