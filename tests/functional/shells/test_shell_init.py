"""`shell-init` as a user has it: installed, read by a shell that starts, asked on `cd`, taken away; and the verbs around it."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.functional.shells.real import Home
from tests.functional.terminals import require_terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's $(touch OWNED)")


INTERACTIVE = {
    "bash": ("-i",),
    "zsh": ("-i",),
    "fish": (),
    "xonsh": ("-i",),
}


@pytest.mark.parametrize("shell", INTERACTIVE)
def test_a_shell_that_starts_knows_it_without_starting_a_process(home: Home, shell: str) -> None:
    home.program(shell)
    home.alcove("create", "-n", "web", "-p", sys.executable)
    said = home.alcove("shell-init", shell, "--install", "--cd").stdout
    assert "wrote " in said
    home.count()
    shown = {"fish": "$VIRTUAL_ENV", "xonsh": "@($VIRTUAL_ENV)"}.get(shell, '"$VIRTUAL_ENV"')
    nothing = home.shell(shell, "true", *INTERACTIVE[shell])
    assert nothing.strip() == ""
    assert home.count() == 0
    printed = home.shell(shell, f"alcove activate web; echo {shown}", *INTERACTIVE[shell])
    assert printed.splitlines()[-1] == f"{home.path}/.virtualenvs/web"
    assert home.count() == 1
    gone = json.loads(home.alcove("shell-init", shell, "--uninstall", "--json").stdout)
    generated = said.splitlines()[0].removeprefix("wrote ")
    rc = [str(home.path / f".{shell}rc")] if shell in ("bash", "zsh") else []
    assert gone == {"changed": [], "removed": [*rc, generated]}
    left = [
        os.path.join(folder, name)
        for folder, _, files in os.walk(home.path)
        for name in files
        if name.startswith(("alcove.", "init.", ".bashrc", ".zshrc"))
    ]
    assert left == []
    assert home.alcove("shell-init", shell, "--uninstall").stdout == ""
    assert not (home.path / "OWNED").exists()


def test_nushell_reads_the_directory_that_it_is_written_to(home: Home) -> None:
    printed = home.shell("nu", "$nu.user-autoload-dirs | to json --raw")
    said = home.alcove("shell-init", "nu", "--install", "--cd").stdout.splitlines()[0]
    assert os.path.dirname(said.removeprefix("wrote ")) in json.loads(printed)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_function_works_under_set_eu_and_in_nested_calls(home: Home, shell: str) -> None:
    for name in ("one", "two"):
        home.alcove("create", "-n", name, "-p", sys.executable)
    for hook in ("postactivate", "predeactivate", "postdeactivate"):
        (home.path / ".virtualenvs" / hook).write_text("false\n")
    home.count()
    flags = ["-f"] if shell == "zsh" else ["--norc"]
    names = "typeset +f" if shell == "zsh" else "declare -F"
    printed = home.shell(
        shell,
        f'eval "$(alcove shell-init {shell} --cd)"\nset -eu\np=$PATH; f=$({names})\n'
        "alcove activate one; alcove activate two; alcove activate two; echo ${VIRTUAL_ENV##*/}\n"
        "PATH=/first:$PATH:/last; alcove cd bin; echo ${PWD##*/}; alcove cd --site-packages; echo ${PWD##*/}\n"
        'alcove deactivate; [ "$PATH" = "/first:$p:/last" ] && echo restored\n'
        f'[ "$f" = "$({names})" ] && echo clean\n'
        "alcove deactivate 2>/dev/null || echo none active\n"
        "alcove activate nowhere 2>/dev/null || echo status $?\n",
        *flags,
    )
    assert printed.splitlines() == [
        "two",
        "bin",
        "site-packages",
        "restored",
        "clean",
        "none active",
        "status 1",
    ]


class Typed:
    """An interactive bash on a terminal."""

    def __init__(self, home: Home) -> None:
        program = home.program("bash")
        require_terminal()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(home.path)
            os.execve(program, ["bash"], home.environ)  # noqa: S606  the shell itself is started

    def enter(self, line: str, want: str) -> str:
        """Type a line; return what is shown until `want` is there, which must be within some seconds."""
        os.write(self.terminal, line.encode() + b"\n")
        seen, end = "", time.monotonic() + 300
        while want not in seen:
            assert time.monotonic() < end, (line, seen)
            if select.select([self.terminal], [], [], 0.2)[0]:
                seen += os.read(self.terminal, 65536).decode(errors="replace")
        return seen

    def close(self) -> None:
        """Hang up."""
        os.close(self.terminal)
        os.waitpid(self.process, 0)


def test_on_cd_a_user_is_asked_once_and_again_after_a_change(home: Home) -> None:
    project = home.path / "project"
    home.alcove("create", "project/.venv", "-p", sys.executable)
    home.alcove("shell-init", "bash", "--install", "--cd")
    with open(home.path / ".bashrc", "a", encoding="utf-8") as stream:
        stream.write("PS1='# '\n")
    (home.path / ".inputrc").write_text("set enable-bracketed-paste off\n")
    typed = Typed(home)
    where = "echo [${VIRTUAL_ENV##*/}] end''ed"
    try:
        typed.enter("cd project", "[y/N]")
        typed.enter("y", "(project)")
        assert "[.venv] ended" in typed.enter(where, "ended")
        typed.enter("cd ..", "# ")
        assert "[] ended" in typed.enter(where, "ended")
        typed.enter("cd project", "(project)")
        assert "[.venv] ended" in typed.enter(where, "ended")
        typed.enter("cd ..", "# ")
        assert "[] ended" in typed.enter(where, "ended")
        with open(project / ".venv/bin/activate", "a", encoding="utf-8") as stream:
            stream.write("# changed\n")
        typed.enter("cd project", "[y/N]")
        typed.enter("n", "alcove trust")
        assert "[] ended" in typed.enter(where, "ended")
    finally:
        typed.close()
    trusted = json.loads(home.alcove("trust", "--env", "project/.venv", "--json").stdout)
    assert trusted == {"path": str(project / ".venv"), "trusted": True}
    home.count()
    words = ("activate", "--function", "--shell", "bash", "--on-cd", str(project))
    assert "_alcove_enter" in home.alcove(*words).stdout
    never = json.loads(home.alcove("trust", "project/.venv", "--never", "--json").stdout)
    assert never["trusted"] is False
    assert home.alcove(*words).stdout == ""
    forgotten = json.loads(home.alcove("trust", "project/.venv", "--forget", "--json").stdout)
    assert forgotten["trusted"] is None
    assert home.alcove(*words).stdout == ""  # nobody to ask
    home.alcove("trust", "project/.venv", "--forget", "--never", code=2)
    home.alcove("trust", "project/.venv", "--env", "project/.venv", code=2)
    (home.path / "link").symlink_to(project)
    home.alcove("trust", "link/.venv")
    assert "_alcove_enter" in home.alcove(*words).stdout


def test_project_cd_and_site_packages_by_the_grammar(home: Home) -> None:
    home.alcove("create", "-n", "web", "-p", sys.executable)
    (home.path / "work").mkdir()
    env = f"{home.path}/.virtualenvs/web"
    assert "has no project" in home.alcove("project", "-n", "web", code=1).stderr
    home.alcove("project", "-n", "web", "work")
    assert home.alcove("project", "-n", "web").stdout == f"{home.path}/work\n"
    shown = json.loads(home.alcove("project", "-n", "web", "--json").stdout)
    assert shown == {"environment": env, "project": f"{home.path}/work"}
    assert home.alcove("cd", "-n", "web", "--project").stdout == f"{home.path}/work\n"
    assert home.alcove("cd", "--env", env, "bin").stdout == f"{env}/bin\n"
    site = home.alcove("site-packages", "-n", "web").stdout.strip()
    assert os.path.dirname(os.path.dirname(os.path.dirname(site))) == env
    assert home.alcove("cd", "-n", "web", "--site-packages").stdout.strip() == site
    home.alcove("project", "-n", "web", "--unset")
    home.alcove("project", "-n", "web", code=1)
    home.alcove("cd", "-n", "web", "--project", "--site-packages", code=2)
    home.alcove("cd", code=1)


def test_without_the_function_deactivate_explains_itself(home: Home) -> None:
    assert "no environment is active" in home.alcove("deactivate", code=1).stderr
    home.environ |= {"VIRTUAL_ENV": "/some/env", "SHELL": "/usr/bin/fish"}
    done = home.alcove("deactivate", code=1)
    assert "type: deactivate" in done.stderr
    assert "alcove shell-init fish | source" in done.stderr
    assert done.stdout == ""


def test_bad_input_is_told(home: Home) -> None:
    assert "fish, powershell" in home.alcove("shell-init", "elvish", code=2).stderr
    home.environ["SHELL"] = ""
    assert "fish, powershell" in home.alcove("shell-init", code=2).stderr
    home.alcove("shell-init", "fish", "--virtualenvwrapper", code=2)
    home.alcove("shell-init", "fish", "--install", "--rc", "x", code=2)
    home.alcove("shell-init", "bash", "--install", "--uninstall", code=2)
    home.alcove("shell-init", "bash", "--json", code=2)
    (home.path / "file").touch()
    home.environ["WORKON_HOME"] = str(home.path / "file")
    assert "is not a directory" in home.alcove("activate", "web", "--shell", "bash", code=2).stderr
    assert "is not a directory" in home.alcove("envs").stderr
    home.environ["ALCOVE_HOME"] = str(home.path / "file" / "data")
    assert "error: " in home.alcove("shell-init", "bash", "--install", code=1).stderr
    assert not (home.path / ".bashrc").exists()
    del home.environ["HOME"]
    assert "alcove ()" in home.alcove("shell-init", "bash").stdout


def test_a_moved_environment_is_right_after_any_command(home: Home) -> None:
    home.alcove("create", "one", "-p", sys.executable)
    for old, new, words in (
        ("one", "two", ("list", "--env", "two")),
        ("two", "three", ("run", "--env", "three", "true")),
        ("three", "four", ("activate", "./four", "--shell", "bash")),
    ):
        os.rename(home.path / old, home.path / new)
        home.alcove(*words)
        text = (home.path / new / "bin/activate").read_text()
        assert f"_virtual_env_prompt='{new}'" in text
        state = (home.path / new / ".alcove/state").read_text()
        assert json.loads(state)[1] == str(home.path / new)
