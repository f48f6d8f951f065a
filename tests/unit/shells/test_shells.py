"""The texts for shells: what goes in, who is refused, what an rc file gets, what is trusted."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from alcove.errors import NotAFile, UsageError
from alcove.shells.code import MARK, activation_code
from alcove.shells.completion import Command, Option, Table, completion
from alcove.shells.init import SHELLS, shell_init
from alcove.shells.rc import Place, install, place, uninstall
from alcove.shells.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path

TABLE = Table(
    (Option(("-q",), "Less"),),
    (Command("create", "Make it", (Option(("--prompt",), "It's", "text"),)),),
)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("on_cd", [False, True])
def test_the_text_names_the_program_as_data(shell: str, on_cd: bool) -> None:  # noqa: FBT001
    text = shell_init(shell, program="/opt/it's @SHELL@ $(x)/alcove", on_cd=on_cd, table=TABLE)
    assert "@PROGRAM@" not in text
    assert "--shell" in text
    assert "@SHELL@ $(x)/alcove" in text
    assert ("--on-cd" in text) == on_cd


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_comes_with_the_text(shell: str) -> None:
    assert completion(shell, TABLE) in shell_init(shell, program="/a", table=TABLE)
    assert "prompt" in completion(shell, TABLE)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_code_of_activation_is_marked(shell: str) -> None:
    code = activation_code(shell, "/envs/it's", prompt="x")
    assert code.startswith('{"prefix":' if shell == "nu" else f"{MARK}\n")
    assert code.count("\n") == (1 if shell == "nu" else 2)


def test_an_unknown_shell_is_refused_by_name() -> None:
    for call in (
        lambda: shell_init("elvish", program="/a"),
        lambda: activation_code("elvish", "/a", prompt="a"),
        lambda: completion("nu", TABLE),
        lambda: place("elvish", home="/h", config="/c", data="/d"),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.hint


def test_powershell_text_and_completion_are_ascii() -> None:
    table = Table((), (Command("create", "Erzeugt f\u00fcr dich"),))
    assert shell_init("powershell", program="/\u00fc/alcove", table=table).isascii()


def test_the_line_is_added_once(tmp_path: Path) -> None:
    rc = tmp_path / "real"
    rc.write_bytes(b"mine\xff")
    rc.chmod(0o640)
    (tmp_path / ".bashrc").symlink_to(rc)
    where = place(
        "bash", home=str(tmp_path), config=str(tmp_path / "c"), data=str(tmp_path / "it's")
    )
    assert install(where, "one\n")
    assert not install(where, "two\n")
    assert (tmp_path / ".bashrc").is_symlink()
    assert rc.read_bytes() == b"mine\xff\n# alcove\n" + where.line.encode() + b"\n"
    assert stat.S_IMODE(rc.stat().st_mode) == 0o640
    assert (tmp_path / "it's/shells/init.bash").read_text() == "two\n"


def test_an_rc_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    where = place("zsh", home=str(tmp_path / "new"), config="/c", data=str(tmp_path))
    assert install(where, "text\n")
    assert (tmp_path / "new/.zshrc").read_text() == f"# alcove\n{where.line}\n"


def test_an_rc_file_goes_where_nothing_else_is_in_it(tmp_path: Path) -> None:
    where = place("zsh", home=str(tmp_path), config="/c", data=str(tmp_path))
    rc = tmp_path / ".zshrc"
    install(where, "text\n")
    assert list(uninstall(where)) == [str(rc), where.generated]
    assert not rc.exists()
    for mine in ("\n", "# mine\n"):
        rc.write_text(mine)
        install(where, "text\n")
        uninstall(where)
        assert rc.read_text() == mine
    rc.rename(tmp_path / "real")
    (tmp_path / "real").write_text("")
    rc.symlink_to("real")
    install(where, "text\n")
    uninstall(where)
    assert rc.is_symlink()
    assert (tmp_path / "real").read_bytes() == b""
    assert uninstall(where) == {}


def test_an_rc_file_that_is_a_pipe_or_a_device_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    where = place("zsh", home=str(tmp_path), config="/c", data=str(tmp_path))
    for link in (False, True):
        rc = tmp_path / ("real" if link else ".zshrc")
        os.mkfifo(rc)
        if link:
            (tmp_path / ".zshrc").symlink_to("real")
        for dry in (True, False):
            with pytest.raises(NotAFile, match="is a pipe"):
                install(where, "text\n", dry_run=dry)
            with pytest.raises(NotAFile, match="is a pipe"):
                uninstall(where, dry_run=dry)
        assert stat.S_ISFIFO(rc.stat().st_mode)
        assert not os.path.exists(where.generated)  # refused before the first write
        rc.unlink()


@pytest.mark.parametrize("shell", ["fish", "nu", "xonsh"])
def test_a_directory_of_snippets_needs_no_line(shell: str, tmp_path: Path) -> None:
    where = place(shell, home=str(tmp_path), config=str(tmp_path), data=str(tmp_path))
    assert where == Place(where.generated)
    assert not install(where, "text\n")
    with open(where.generated, encoding="utf-8") as stream:
        assert stream.read() == "text\n"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return a directory with what activation runs."""
    folder = tmp_path / "env"
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (folder / "bin/activate").write_text("PATH=x\n")
    (folder / "bin/python").symlink_to("/usr/bin/python3")
    return folder


def test_trust_is_asked_once(tmp_path: Path, environment: Path) -> None:
    trust = Trust(str(tmp_path / "data/trusted.json"))
    assert trust.answer(str(environment)) is None
    trust.remember(str(environment), trusted=True)
    assert trust.answer(str(environment)) is True
    trust.remember(str(environment), trusted=False)
    assert trust.answer(str(environment)) is False
    trust.forget(str(environment))
    assert trust.answer(str(environment)) is None
    assert stat.S_IMODE(os.stat(trust.path).st_mode) == 0o600


@pytest.mark.parametrize("change", ["bin/activate", "bin/activate.fish", "pyvenv.cfg"])
def test_trust_is_forgotten_when_the_content_changes(
    tmp_path: Path, environment: Path, change: str
) -> None:
    trust = Trust(str(tmp_path / "trusted.json"))
    trust.remember(str(environment), trusted=True)
    with open(environment / change, "a", encoding="utf-8") as stream:
        stream.write("touch OWNED\n")
    assert trust.answer(str(environment)) is None


def test_trust_is_forgotten_when_python_is_another(tmp_path: Path, environment: Path) -> None:
    trust = Trust(str(tmp_path / "trusted.json"))
    trust.remember(str(environment), trusted=True)
    (environment / "bin/python").unlink()
    (environment / "bin/python").write_text("#!/bin/sh\n")
    assert trust.answer(str(environment)) is None


def test_an_installed_script_changes_nothing(tmp_path: Path, environment: Path) -> None:
    trust = Trust(str(tmp_path / "trusted.json"))
    trust.remember(str(environment), trusted=True)
    (environment / "bin/flask").write_text("#!/bin/sh\n")
    assert trust.answer(str(environment)) is True


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b'{"%s": ["x"]}', b"\xff"])
def test_a_torn_record_knows_nothing(tmp_path: Path, environment: Path, content: bytes) -> None:
    (tmp_path / "trusted.json").write_bytes(content.replace(b"%s", os.fsencode(environment)))
    trust = Trust(str(tmp_path / "trusted.json"))
    assert trust.answer(str(environment)) is None
    trust.remember(str(environment), trusted=True)
    assert trust.answer(str(environment)) is True


def test_a_pipe_in_place_of_a_script_does_not_keep_us_waiting(
    tmp_path: Path, environment: Path
) -> None:
    trust = Trust(str(tmp_path / "trusted.json"))
    trust.remember(str(environment), trusted=True)
    os.mkfifo(environment / "bin/activate.csh")
    with pytest.raises(OSError, match="regular"):
        trust.answer(str(environment))
