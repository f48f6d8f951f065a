"""The path by which a shell starts alcove, the table that completion gets, and the rc files put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.cli.commands import python_command
from alcove.cli.completing import table
from alcove.cli.table import every
from alcove.errors import AlcoveError, UsageError
from alcove.settings import read
from alcove.shells.completion import completion
from alcove.shells.init import shell_init
from alcove.shells.program import program_of
from alcove.shells.rc import install, place, place_for, uninstall
from alcove.shells.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_link_by_which_it_was_started_stays(tmp_path: Path) -> None:
    real = program(tmp_path / "app/1/bin/alcove")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/alcove").symlink_to(real)
    assert program_of(f"{tmp_path}/bin/../bin/alcove", {}) == f"{tmp_path}/bin/alcove"


def test_the_launcher_beside_the_program_is_left_for_the_current_version(tmp_path: Path) -> None:
    program(tmp_path / "app/1/bin/alcove")
    assert program_of(f"{tmp_path}/app/1/bin/alcove.py", {}) == f"{tmp_path}/app/1/bin/alcove"
    (tmp_path / "app/current").symlink_to("1")
    assert program_of(f"{tmp_path}/app/1/bin/alcove.py", {}) == f"{tmp_path}/app/current/bin/alcove"


def test_as_a_module_it_is_looked_for_on_path(tmp_path: Path) -> None:
    program(tmp_path / "b/alcove")
    (tmp_path / "a/alcove").mkdir(parents=True)
    found = program_of("/lib/alcove/__main__.py", {"PATH": f":{tmp_path}/a:{tmp_path}/b"})
    assert found == f"{tmp_path}/b/alcove"
    with pytest.raises(AlcoveError, match="no program alcove"):
        program_of("/lib/alcove/__main__.py", {"PATH": ""})


def test_completion_knows_every_verb_and_option() -> None:
    known = table()
    assert [command.name for command in known.commands] == list(every())
    by_name = {command.name: command for command in known.commands}
    assert by_name["shell-init"].takes == "bash|zsh|fish|powershell|nu|xonsh"
    assert by_name["python"].takes == "|".join(python_command._WORDS)
    assert by_name["kernel"].takes == "install|list|remove"
    assert by_name["delete"].takes == "environment"
    takes = {option.flags[0]: option.takes for option in by_name["create"].options}
    assert takes["-r"] == "file"
    assert takes["--link-mode"] == "view|hardlink|clone|copy"
    assert takes["-n"] == "text"
    assert takes["--clear"] == ""
    assert {o.flags[0]: o.takes for o in by_name["list"].options}["-n"] == "name"
    for shell in ("bash", "zsh", "fish", "powershell"):
        text = completion(shell, known)
        assert all(option.flags[-1].lstrip("-") in text for option in by_name["create"].options)


def test_the_commands_of_virtualenvwrapper_are_for_bash_and_zsh() -> None:
    for shell in ("bash", "zsh"):
        text = shell_init(shell, program="/a", virtualenvwrapper=True)
        for name in ("mkvirtualenv", "toggleglobalsitepackages", "wipeenv"):
            assert f"\n{name} () {{" in text
        assert "mkvirtualenv" not in shell_init(shell, program="/a")
    with pytest.raises(UsageError, match="for bash and zsh"):
        shell_init("fish", program="/a", virtualenvwrapper=True)


def test_uninstall_leaves_the_rc_file_as_it_was(tmp_path: Path) -> None:
    rc = tmp_path / ".bashrc"
    rc.write_bytes(b"# alcove\nmine\r\n\xff\n")
    rc.chmod(0o600)
    where = place("bash", home=str(tmp_path), config="/c", data=str(tmp_path / "d"))
    install(where, "text\n")
    with open(rc, "ab") as stream:
        stream.write(b"later\n")
    assert list(uninstall(where)) == [str(rc), where.generated]
    assert rc.read_bytes() == b"# alcove\nmine\r\n\xff\nlater\n"
    assert rc.stat().st_mode & 0o777 == 0o600
    assert uninstall(where) == {}


def test_where_a_shell_looks_is_told_by_the_users_variables(tmp_path: Path) -> None:
    given = {"HOME": "/h", "ALCOVE_HOME": "/d", "ZDOTDIR": "/z", "XDG_CONFIG_HOME": "/x"}
    here = read(given, cwd=str(tmp_path))
    assert place_for("zsh", here).rc == "/z/.zshrc"
    assert place_for("bash", here).rc == "/h/.bashrc"
    assert place_for("bash", here, rc="~/.bash_profile").rc == "/h/.bash_profile"
    assert place_for("fish", here).generated == "/x/fish/conf.d/alcove.fish"
    assert place_for("bash", here).generated == "/d/shells/init.bash"


def test_a_path_that_no_line_holds_is_refused() -> None:
    with pytest.raises(UsageError, match="line break"):
        place("bash", home="/h", config="/c", data="/a\nb")


def test_hooks_count_for_trust(tmp_path: Path) -> None:
    env, work = tmp_path / "env", tmp_path / "work"
    (env / "bin").mkdir(parents=True)
    (work / ".virtualenvwrapper").mkdir(parents=True)
    (env / "pyvenv.cfg").touch()
    trust = Trust(str(tmp_path / "trusted.json"))
    changes = [
        (env / "bin/postactivate", "x\n"),
        (env / "bin/predeactivate", "x\n"),
        (env / ".project", f"{work}\n"),
        (work / ".virtualenvwrapper/postactivate", "x\n"),
    ]
    for path, text in changes:
        trust.remember(str(env), trusted=True)
        assert trust.answer(str(env)) is True
        path.write_text(text)
        assert trust.answer(str(env)) is None, path
