"""How each shell is started, and how a few things are said in its language: the drivers of the property tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from alcove.environments.activation import quoting

__all__ = ["RECORD", "SHELLS", "Shell", "of_kind"]

INSTALLED = str(Path(__file__).parents[3] / "build" / "shells" / "bin")
RECORD = str(Path(__file__).with_name("record.py"))


class Shell:
    """A shell of the POSIX family, found on PATH, where install_shells.sh puts it, or in ALCOVE_TEST_SHELLS (a list like PATH)."""

    family = "posix"
    script = "activate"
    suffix = ".sh"
    interactive: tuple[str, ...] = ("-i",)
    knows_place = False  # can it tell where a sourced file lies, as the user wrote it?
    any_bytes = True  # can it hold text that is not UTF-8?

    def __init__(
        self, name: str, *arguments: str, program: str = "", knows_place: bool = False
    ) -> None:
        self.name = name
        self.program = program or name
        self.arguments = arguments
        self.knows_place = knows_place or self.knows_place

    def find(self) -> str | None:
        """Return the absolute path of the program, or None where it is not installed."""
        extra = os.environ.get("ALCOVE_TEST_SHELLS", "")
        return shutil.which(
            self.program, path=os.pathsep.join([os.environ["PATH"], INSTALLED, extra])
        )

    def quote(self, text: str) -> str:
        """Return `text` as a literal."""
        return quoting.posix(text)

    def source(self, path: str) -> str:
        """Return the line that activates by the script at `path`."""
        if "/" not in path.lstrip("./"):
            path = "./" + path
        return f". {self.quote(path)}"

    def export(self, name: str, value: str) -> str:
        """Return the line that sets a variable of the environment."""
        return f"{name}={self.quote(value)}; export {name}"

    def local(self, name: str, value: str) -> str:
        """Return the line that sets a variable which children do not get."""
        return f"{name}={self.quote(value)}"

    def unset(self, name: str) -> str:
        """Return the line that takes a variable away."""
        return f"unset {name}"

    def surround_path(self, before: str, after: str) -> str:
        """Return the line by which a user adds two directories to PATH."""
        return f"PATH={self.quote(before)}:$PATH:{self.quote(after)}"

    def record(self, python: str, out: str, label: str, *expressions: str) -> str:
        """Return the line that writes the environment and the values of `expressions` to the file `out`."""
        words = [self.quote(word) for word in (python, "-I", "-S", RECORD, out, label)]
        return " ".join([*words, *expressions])

    def prompt(self) -> str:
        """Return the expression whose value is the prompt, or the text `unset`."""
        return '"${PS1-unset}"'

    def set_prompt(self, value: str) -> str:
        """Return the line that sets the prompt."""
        return self.local("PS1", value)

    def names(self, out: str) -> str:
        """Return the lines that write all names the shell knows to the file `out`."""
        lists = "set; alias"
        if self.name in ("bash", "bash-posix"):
            lists += "; declare -F"
        elif self.name.startswith(("zsh", "mksh", "ksh93")):
            lists += "; typeset +f"
        else:
            lists += "; if command -v deactivate; then :; fi"
        return f"{{ {lists}; }} >{self.quote(out)}"

    def succeed(self) -> str:
        """Return a line that does nothing."""
        return ":"


class Yash(Shell):
    """yash, which reads text in the encoding of the locale alone."""

    any_bytes = False


class Fish(Shell):
    """fish."""

    family = "fish"
    script = "activate.fish"
    suffix = ".fish"
    knows_place = True

    def quote(self, text: str) -> str:
        return quoting.fish(text)

    def source(self, path: str) -> str:
        return f"source {self.quote(path)}"

    def export(self, name: str, value: str) -> str:
        return f"set -gx {name} {self.quote(value)}"

    def local(self, name: str, value: str) -> str:
        return f"set -g {name} {self.quote(value)}"

    def unset(self, name: str) -> str:
        return f"set -e {name}"

    def surround_path(self, before: str, after: str) -> str:
        return f"set PATH {self.quote(before)} $PATH {self.quote(after)}"

    def prompt(self) -> str:
        return "(fish_prompt | string collect)"

    def set_prompt(self, value: str) -> str:
        return f"function fish_prompt; echo -n {self.quote(value)}; end"

    def names(self, out: str) -> str:
        return f"begin; set -n; functions -a -n | tr , '\\n'; functions fish_prompt; end >{self.quote(out)}"


class Csh(Shell):
    """tcsh and the csh of BSD."""

    family = "csh"
    script = "activate.csh"
    suffix = ".csh"

    def quote(self, text: str) -> str:
        return quoting.csh(text)

    def source(self, path: str) -> str:
        return f"source {self.quote(path)}"

    def export(self, name: str, value: str) -> str:
        return f"setenv {name} {self.quote(value)}"

    def local(self, name: str, value: str) -> str:
        return f"set {name} = {self.quote(value)}"

    def unset(self, name: str) -> str:
        return f"unsetenv {name}"

    def surround_path(self, before: str, after: str) -> str:
        return f'setenv PATH {self.quote(before)}":${{PATH}}:"{self.quote(after)}'

    def prompt(self) -> str:
        return "$prompt:q"

    def set_prompt(self, value: str) -> str:
        return self.local("prompt", value)

    def names(self, out: str) -> str:
        return f"( set; alias ) >{self.quote(out)}"

    def succeed(self) -> str:
        return "set _nothing = 1"


class Nu(Shell):
    """nushell."""

    family = "nu"
    script = "activate.nu"
    suffix = ".nu"
    interactive = ()
    any_bytes = False

    def quote(self, text: str) -> str:
        return quoting.nu(text)

    def source(self, path: str) -> str:
        return f"overlay use {self.quote(path)}"

    def export(self, name: str, value: str) -> str:
        return f"$env.{name} = {self.quote(value)}"

    local = export

    def unset(self, name: str) -> str:
        return f"hide-env {name}"

    def surround_path(self, before: str, after: str) -> str:
        return (
            f"$env.PATH = ($env.PATH | prepend {self.quote(before)} | append {self.quote(after)})"
        )

    def record(self, python: str, out: str, label: str, *expressions: str) -> str:
        return "^" + super().record(python, out, label, *expressions)

    def prompt(self) -> str:
        return "(if 'PROMPT_COMMAND' in $env { do $env.PROMPT_COMMAND } else { 'unset' })"

    def set_prompt(self, value: str) -> str:
        return f"$env.PROMPT_COMMAND = {{|| {self.quote(value)} }}"

    def names(self, out: str) -> str:
        return f"$env | columns | str join (char nl) | save -f {self.quote(out)}"

    def succeed(self) -> str:
        return "null"


class Xonsh(Shell):
    """xonsh."""

    family = "xonsh"
    script = "activate.xsh"
    suffix = ".xsh"
    interactive = ()
    knows_place = True

    def quote(self, text: str) -> str:
        return quoting.python(text)

    def source(self, path: str) -> str:
        return f"source @({self.quote(path)})"

    def export(self, name: str, value: str) -> str:
        return f"${name} = {self.quote(value)}"

    local = export

    def unset(self, name: str) -> str:
        return f"del ${name}"

    def surround_path(self, before: str, after: str) -> str:
        return f"$PATH.insert(0, {self.quote(before)}); $PATH.append({self.quote(after)})"

    def record(self, python: str, out: str, label: str, *expressions: str) -> str:
        words = [self.quote(word) for word in (python, "-I", "-S", RECORD, out, label)]
        return f"$[@([{', '.join([*words, *expressions])}])]"

    def prompt(self) -> str:
        return "($PROMPT_FIELDS.reset() or __xonsh__.shell.prompt_formatter($PROMPT))"

    def set_prompt(self, value: str) -> str:
        return f"$PROMPT = '{{env_name}}' + {self.quote(value)}"

    def names(self, out: str) -> str:
        listed = "list(__xonsh__.ctx) + list(__xonsh__.aliases) + list(__xonsh__.env)"
        return f"_n = open({self.quote(out)}, 'w').write('\\n'.join(map(str, {listed})))"

    def succeed(self) -> str:
        return "None"


SHELLS = (
    Shell("bash", "--norc", knows_place=True),
    Shell("bash-posix", "--posix", "--norc", program="bash", knows_place=True),
    Shell("dash"),
    Shell("ksh93", knows_place=True),
    Shell("mksh"),
    Yash("yash", "--norcfile"),
    Shell("busybox", "sh"),
    Shell("zsh", "-f", knows_place=True),
    Shell("zsh-promptsubst", "-f", "-o", "promptsubst", program="zsh", knows_place=True),
    Shell("zsh-sh", "--emulate", "sh", "-f", program="zsh", knows_place=True),
    Fish("fish", "--no-config"),
    Csh("tcsh", "-f"),
    Csh("csh", "-f", program="bsd-csh"),
    Nu("nu", "--no-config-file"),
    Xonsh("xonsh", "--no-rc"),
)


def of_kind(*families: str) -> list[Shell]:
    """Return the shells of these families."""
    return [shell for shell in SHELLS if shell.family in families]
