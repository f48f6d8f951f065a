"""How processes are started in an environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove import settings
from alcove.actions import subshell, use
from alcove.errors import (
    AlcoveError,
    InterpreterGone,
    NoSuchProgram,
    NotAnEnvironment,
    NotExecutable,
    UsageError,
)
from tests.unit.transactions.machine import Said

if TYPE_CHECKING:
    from alcove.settings import Settings


@pytest.fixture(autouse=True)
def nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests is no matter of theirs."""
    monkeypatch.setattr(use, "_parent", lambda: ("", 0))


def program(tmp_path: Path, name: str) -> str:
    """Make a program that could be a shell, and return its path."""
    path = tmp_path / "shells" / name
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


def given(tmp_path: Path, **variables: str) -> Settings:
    said = {"HOME": str(tmp_path), "ALCOVE_CACHE": str(tmp_path / "cache"), "PATH": "/p:/q"}
    return settings.read({**said, **variables}, cwd=str(tmp_path))


@pytest.fixture
def env(tmp_path: Path) -> str:
    root = tmp_path / "env"
    (root / "bin").mkdir(parents=True)
    (root / "pyvenv.cfg").write_text("home = /usr\nprompt = 'na\\'me'\n")
    for name in ("python", "tool", "activate"):
        (root / "bin" / name).write_text("")
        (root / "bin" / name).chmod(0o755)
    return str(root)


def test_variables_are_those_of_an_activation(tmp_path: Path, env: str) -> None:
    outer = given(
        tmp_path,
        VIRTUAL_ENV="/outer",
        PATH=f"/mine:/outer/bin:/p:{env}/bin",
        PYTHONHOME="/x",
        KEPT="yes",
    )
    found = use.environ_of(env, outer)
    assert found["PATH"] == f"{env}/bin:/mine:/p"
    assert found["VIRTUAL_ENV"] == env
    assert found["VIRTUAL_ENV_PROMPT"] == "na'me"
    assert "PYTHONHOME" not in found
    assert found["KEPT"] == "yes"
    assert "PYTHONHOME" in outer.variables


def test_programs_are_found_in_the_environment_first(tmp_path: Path, env: str) -> None:
    start = use.run(env, ["tool", "-x"], given(tmp_path))
    assert start.words == (f"{env}/bin/tool", "-x")
    with pytest.raises(NoSuchProgram, match="no program 'other'"):
        use.run(env, ["other"], given(tmp_path))
    with pytest.raises(NotExecutable, match="cannot be executed"):
        use.run(env, [f"{env}/pyvenv.cfg"], given(tmp_path))


def test_what_cannot_be_executed_gives_way_to_what_can_further_down_path(
    tmp_path: Path, env: str
) -> None:
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "tool").write_text("")
    (tmp_path / "later" / "tool").chmod(0o755)
    os.chmod(f"{env}/bin/tool", 0o644)
    found = use.run(env, ["tool"], given(tmp_path, PATH=str(tmp_path / "later")))
    assert found.words == (str(tmp_path / "later" / "tool"),)
    with pytest.raises(NotExecutable, match=f"{env}/bin/tool cannot be executed"):
        use.run(env, ["tool"], given(tmp_path, PATH="/nowhere"))


def test_what_is_no_environment(tmp_path: Path, env: str) -> None:
    with pytest.raises(NotAnEnvironment):
        use.run(str(tmp_path), ["python"], given(tmp_path))
    os.unlink(f"{env}/bin/python")
    with pytest.raises(InterpreterGone) as foreign:
        use.run(env, ["python"], given(tmp_path))
    assert str(foreign.value.hint).endswith(f"alcove create --clear {env}")
    os.mkdir(f"{env}/.alcove")  # as alcove's own: what it holds need not be lost
    with pytest.raises(InterpreterGone) as ours:
        use.run(env, ["python"], given(tmp_path))
    assert str(ours.value.hint).startswith(f"alcove repair --env {env} mends it")


def test_lines_of_activation(tmp_path: Path, env: str) -> None:
    assert use.activation(env, given(tmp_path), shell="zsh") == f". '{env}/bin/activate'"  # noqa: S604
    assert use.activation(env, given(tmp_path, SHELL="/bin/mksh")).startswith(". ")
    with pytest.raises(UsageError, match="'rc' is no shell"):
        use.activation(env, given(tmp_path, SHELL="/bin/rc"))
    with pytest.raises(AlcoveError, match="missing"):
        use.activation(env, given(tmp_path), shell="fish")  # noqa: S604


def test_the_shell_that_asks_goes_before_the_one_of_the_login(
    tmp_path: Path, env: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "env/bin/activate.csh").touch()
    monkeypatch.setattr(use, "_parent", lambda: ("bsd-csh", 1))
    for variables in ({}, {"SHELL": "/bin/dash"}):
        line = use.activation(env, given(tmp_path, **variables))
        assert line == f"source '{env}/bin/activate.csh'"
    dash = given(tmp_path, SHELL="/bin/dash")
    assert use.shell_of(dash, among=("bash", "zsh")) == "dash"
    monkeypatch.setattr(use, "_parent", lambda: ("", 0))
    assert use.activation(env, dash) == f". '{env}/bin/activate'"
    with pytest.raises(UsageError, match="nothing tells which shell"):
        use.activation(env, given(tmp_path))


@pytest.mark.parametrize("name", ["bash", "zsh", "dash"])
def test_a_shell_on_a_terminal_reads_a_file_of_ours(tmp_path: Path, env: str, name: str) -> None:
    asked = program(tmp_path, name)
    start = subshell.shell(env, given(tmp_path, SHELL=asked, ENV="/e"), terminal=True)
    assert start.words[0] == asked
    assert start.environ["_ALCOVE_SHELL"] == env
    assert env not in " ".join(start.words)
    files = sorted(os.listdir(tmp_path / "cache" / "shells"))
    assert files == {"bash": ["bashrc"], "zsh": [".zshenv", ".zshrc"], "dash": ["posixrc"]}[name]


@pytest.mark.parametrize("asks", ["", "/x/bash"])
@pytest.mark.parametrize("said", ["", "gone", "/bin/gone", "bin/activate.csh", "bin"])
def test_without_a_shell_that_is_there_it_is_the_one_that_asks_or_sh(
    env: str, monkeypatch: pytest.MonkeyPatch, said: str, asks: str
) -> None:
    tmp_path = Path(env).parent
    (tmp_path / "env/bin/activate.csh").touch(mode=0o644)
    monkeypatch.setattr(subshell, "calling_shell", lambda: asks)
    said = f"{env}/{said}" if said.startswith("bin") else said
    told = Said()
    start = subshell.shell(env, given(tmp_path, SHELL=said), terminal=True, reporter=told)
    rcfile = f"{tmp_path}/cache/shells/bashrc"
    found = ("/x/bash", "--rcfile", rcfile, "-i") if asks else ("/bin/sh", "-i")
    assert start.words == found
    if not said:
        assert not told.events
        return
    (event,) = told.events
    fault = "cannot be executed" if said.startswith(env) else "is not there"
    assert str(event).startswith(f"Warned(text='SHELL names {said}, which {fault}; ")


def test_a_shell_may_be_named_without_its_path(tmp_path: Path, env: str) -> None:
    here = given(tmp_path, SHELL="tool", PATH=f"{env}/bin")
    assert subshell.shell(env, here, terminal=False).words == (f"{env}/bin/tool",)


def test_a_shell_starts_where_no_file_of_ours_can_be_written(tmp_path: Path, env: str) -> None:
    (tmp_path / "cache").touch()  # no directory can be made below it
    bash = program(tmp_path, "bash")
    start = subshell.shell(env, given(tmp_path, SHELL=bash), terminal=True)
    assert start.words == (bash,)
    assert start.environ["VIRTUAL_ENV"] == env


def test_a_shell_without_a_terminal_has_the_variables(tmp_path: Path, env: str) -> None:
    bash = program(tmp_path, "bash")
    start = subshell.shell(env, given(tmp_path, SHELL=bash), terminal=False)
    assert start.words == (bash,)
    assert start.environ["VIRTUAL_ENV"] == env
