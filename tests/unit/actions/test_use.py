"""How processes are started in an environment."""

from __future__ import annotations

import os
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

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.settings import Settings


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
    with pytest.raises(InterpreterGone):
        use.run(env, ["python"], given(tmp_path))


def test_lines_of_activation(tmp_path: Path, env: str) -> None:
    assert use.activation(env, given(tmp_path), shell="zsh") == f". '{env}/bin/activate'"  # noqa: S604
    assert use.activation(env, given(tmp_path, SHELL="/bin/mksh")).startswith(". ")
    with pytest.raises(UsageError, match="'rc' is no shell"):
        use.activation(env, given(tmp_path, SHELL="/bin/rc"))
    with pytest.raises(AlcoveError, match="missing"):
        use.activation(env, given(tmp_path), shell="fish")  # noqa: S604


def test_without_shell_the_process_that_asks_tells_which_it_is(
    tmp_path: Path, env: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use, "_parent", lambda: "bsd-csh")
    (tmp_path / "env/bin/activate.csh").touch()
    assert use.activation(env, given(tmp_path)) == f"source '{env}/bin/activate.csh'"
    assert use.activation(env, given(tmp_path, SHELL="/bin/dash")) == f". '{env}/bin/activate'"
    monkeypatch.setattr(use, "_parent", lambda: "")
    with pytest.raises(UsageError, match="nothing tells which shell"):
        use.activation(env, given(tmp_path))


@pytest.mark.parametrize("name", ["bash", "zsh", "dash"])
def test_a_shell_on_a_terminal_reads_a_file_of_ours(tmp_path: Path, env: str, name: str) -> None:
    start = subshell.shell(env, given(tmp_path, SHELL=f"/bin/{name}", ENV="/e"), terminal=True)
    assert start.words[0] == f"/bin/{name}"
    assert start.environ["_ALCOVE_SHELL"] == env
    assert env not in " ".join(start.words)
    files = sorted(os.listdir(tmp_path / "cache" / "shells"))
    assert files == {"bash": ["bashrc"], "zsh": [".zshenv", ".zshrc"], "dash": ["posixrc"]}[name]


def test_without_shell_it_is_sh_whoever_asks(
    tmp_path: Path, env: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use, "_parent", lambda: "bash")
    start = subshell.shell(env, given(tmp_path), terminal=True)
    assert start.words == ("/bin/sh", "-i")
    assert os.listdir(tmp_path / "cache" / "shells") == ["posixrc"]


def test_a_shell_starts_where_no_file_of_ours_can_be_written(tmp_path: Path, env: str) -> None:
    (tmp_path / "cache").touch()  # no directory can be made below it
    start = subshell.shell(env, given(tmp_path, SHELL="/bin/bash"), terminal=True)
    assert start.words == ("/bin/bash",)
    assert start.environ["VIRTUAL_ENV"] == env


def test_a_shell_without_a_terminal_has_the_variables(tmp_path: Path, env: str) -> None:
    start = subshell.shell(env, given(tmp_path, SHELL="/bin/bash"), terminal=False)
    assert start.words == ("/bin/bash",)
    assert start.environ["VIRTUAL_ENV"] == env
