"""A path or a name is data: taken over to the letter, never run, also when the prompt is drawn."""

from __future__ import annotations

import os
import pty
import re
import select
import time
from typing import TYPE_CHECKING

import pytest

from tests.functional.activation.names import BYTES, NAMES, TRAP
from tests.functional.activation.shells import SHELLS, Shell, of_kind
from tests.functional.terminals import require_terminal

if TYPE_CHECKING:
    from tests.functional.activation.conftest import Stage

every_shell = pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)


def _traps(stage: Stage) -> list[str]:
    return [
        os.path.join(folder, name)
        for folder, _, files in os.walk(stage.root)
        for name in files
        if name.startswith(TRAP)
    ]


def _path(name: str) -> str:
    return name.replace(":", ".")  # the separator of PATH: `create` refuses it


@every_shell
def test_paths_and_names_are_taken_to_the_letter(stage: Stage) -> None:
    names = [*NAMES, BYTES] if stage.shell.any_bytes else list(NAMES)
    lines = []
    for number, name in enumerate(names):
        # The directory is two levels down, so that a name is never mistaken for another.
        env = stage.environment(f"{number}/{_path(name)}", name)
        lines += [stage.activate(env), stage.record(f"in {number}"), "deactivate"]
        lines += [stage.record(f"after {number}")]
    seen = stage.run(stage.set_up_prompt(), stage.record("before"), *lines)
    for number, name in enumerate(names):
        found = seen[f"in {number}"].environment
        expected = str(stage.root / str(number) / _path(name))
        assert found["VIRTUAL_ENV"] == expected
        assert found["VIRTUAL_ENV_PROMPT"] == name
        if (
            stage.shell.name != "xonsh" or "$HOME" not in name
        ):  # xonsh expands variables in PATH's elements
            assert found["PATH"] == f"{expected}/bin:/usr/bin:/bin"
        assert seen[f"after {number}"] == seen["before"]
    assert _traps(stage) == []


@every_shell
def test_recorded_paths_are_taken_to_the_letter(stage: Stage) -> None:
    """The script is reached through a link elsewhere, so only the recorded path tells the place."""
    lines = []
    for number, name in enumerate(NAMES):
        env = stage.environment(f"{number}/{name}", name)
        link = stage.root / f"link{number}{stage.shell.suffix}"
        link.symlink_to(f"{env}/bin/{stage.shell.script}")
        lines += [stage.shell.source(str(link)), stage.record(str(number)), "deactivate"]
    seen = stage.run(*lines)
    for number, name in enumerate(NAMES):
        assert seen[str(number)].environment["VIRTUAL_ENV"] == str(stage.root / str(number) / name)
    assert _traps(stage) == []


@pytest.mark.parametrize("shell", of_kind("fish", "nu", "xonsh"), ids=lambda shell: shell.name)
def test_a_name_in_the_prompt_is_taken_to_the_letter(stage: Stage) -> None:
    lines = []
    for number, name in enumerate(NAMES):
        env = stage.environment(f"{number}/env", name)
        lines += [
            stage.activate(env),
            stage.record(str(number), stage.shell.prompt()),
            "deactivate",
        ]
    seen = stage.run(stage.set_up_prompt(), *lines)
    for number, name in enumerate(NAMES):
        # xonsh leaves out the parentheses where pyvenv.cfg spells the name otherwise
        assert seen[str(number)].values[0] in {f"({name}) > ", f"{name}> "}
    assert _traps(stage) == []


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, stage: Stage) -> None:
        shell = stage.shell
        require_terminal()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(stage.root)
            os.execve(  # noqa: S606  the shell itself is what is started
                stage.program,
                [shell.program, *shell.arguments, *shell.interactive],
                stage.base(COLUMNS="400"),
            )
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 400, 0, 0))
        self.seen = ""

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.terminal, line.encode() + b"\r")

    def wait_for(self, text: str, seconds: float = 8.0) -> bool:
        """Read until `text` has been shown; tell whether it was. What was read is then forgotten."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text in self.seen:
                self.seen = ""
                return True
            if select.select([self.terminal], [], [], 0.1)[0]:
                read = os.read(self.terminal, 65536)
                if b"\x1b[6n" in read:  # where is the cursor?
                    os.write(self.terminal, b"\x1b[1;1R")
                self.seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", read.decode(errors="replace"))
        return False

    def close(self) -> None:
        """Hang up."""
        os.close(self.terminal)
        os.waitpid(self.process, 0)


def _shows(shell: Shell, name: str) -> str:
    # zsh shows control characters in its own way
    return name.replace("\t", "^I").replace("\n", "^J") if shell.name.startswith("zsh") else name


@pytest.mark.parametrize("shell", of_kind("posix", "csh"), ids=lambda shell: shell.name)
def test_a_name_drawn_in_the_prompt_is_not_run(stage: Stage) -> None:
    terminal = Terminal(stage)
    try:
        terminal.type(stage.set_up_prompt())
        for number, name in enumerate(
            name for name in NAMES if name.isprintable() and name.isascii()
        ):
            env = stage.environment(f"{number}", name)
            terminal.type(stage.activate(env))
            assert terminal.wait_for(f"({name}) > "), (name, terminal.seen)
            terminal.type("deactivate")
            terminal.type(f'echo en"d"{number}')
            assert terminal.wait_for(f"end{number}"), (name, terminal.seen)
    finally:
        terminal.close()
    assert _traps(stage) == []


@pytest.mark.parametrize(
    "shell", [s for s in SHELLS if s.program in {"bash", "zsh"}], ids=lambda shell: shell.name
)
def test_a_name_is_not_run_when_an_option_of_the_prompt_changes(stage: Stage) -> None:
    on, off = (
        ("setopt promptsubst", "unsetopt promptsubst")
        if stage.shell.program == "zsh"
        else ("shopt -s promptvars", "shopt -u promptvars")
    )
    name = f"$(touch {TRAP})`touch {TRAP}`"
    env = stage.environment("env", name)
    terminal = Terminal(stage)
    try:
        for line in (off, stage.activate(env), on, off, on, 'echo en"d"'):
            terminal.type(line)
        assert terminal.wait_for("end"), terminal.seen
    finally:
        terminal.close()
    assert _traps(stage) == []
