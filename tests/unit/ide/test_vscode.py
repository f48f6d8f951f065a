"""VS Code's workspace settings: what is written, and that nothing else is."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from alcove import settings
from alcove.errors import AlcoveError, NotAFile, NotAnEnvironment
from alcove.ide.jsonc import BrokenText, parse
from alcove.ide.vscode import vscode, workspace_of

if TYPE_CHECKING:
    from pathlib import Path

INTERPRETER = "python.defaultInterpreterPath"
SEARCH = "python-envs.workspaceSearchPaths"


def environment(path: Path) -> str:
    path.mkdir(parents=True)
    (path / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return str(path)


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    (tmp_path / "work").mkdir()
    return str(tmp_path / "work")


def test_the_environment_of_the_project(tmp_path: Path, workspace: str) -> None:
    path = environment(tmp_path / "work" / ".venv")
    edit = vscode(path, workspace)
    assert edit.changed == {INTERPRETER: "${workspaceFolder}/.venv/bin/python"}
    with open(edit.path, encoding="utf-8") as stream:
        assert parse(stream.read(), where="").value == edit.changed
    assert os.listdir(f"{workspace}/.vscode") == ["settings.json"]
    again = vscode(path, workspace)
    assert (again.changed, again.before) == ({}, again.after)


def test_one_that_lies_elsewhere_is_named_by_its_path(tmp_path: Path, workspace: str) -> None:
    path = environment(tmp_path / "named" / "data")
    assert vscode(path, workspace).changed == {INTERPRETER: f"{path}/bin/python"}
    sibling = environment(tmp_path / "work-2")
    assert vscode(sibling, workspace).changed == {INTERPRETER: f"{sibling}/bin/python"}


def test_one_of_another_name_is_searched_too(tmp_path: Path, workspace: str) -> None:
    path = environment(tmp_path / "work" / "envs" / "py38")
    found = vscode(path, workspace).changed
    assert found[INTERPRETER] == "${workspaceFolder}/envs/py38/bin/python"
    assert found[SEARCH] == ["./**/.venv", "./envs/py38"]
    other = environment(tmp_path / "work" / "second")
    assert vscode(other, workspace).changed[SEARCH] == ["./**/.venv", "./envs/py38", "./second"]
    assert SEARCH not in vscode(path, workspace).changed


def test_a_setting_that_is_no_list_is_the_users(tmp_path: Path, workspace: str) -> None:
    os.mkdir(f"{workspace}/.vscode")
    with open(f"{workspace}/.vscode/settings.json", "w", encoding="utf-8") as stream:
        stream.write(f'{{"{SEARCH}": "x"}}')
    edit = vscode(environment(tmp_path / "work" / "e"), workspace)
    assert list(edit.changed) == [INTERPRETER]


def test_a_dry_run_and_a_broken_file_write_nothing(tmp_path: Path, workspace: str) -> None:
    path = environment(tmp_path / "work" / ".venv")
    assert vscode(path, workspace, dry_run=True).changed
    assert not os.path.exists(f"{workspace}/.vscode")
    os.mkdir(f"{workspace}/.vscode")
    file = f"{workspace}/.vscode/settings.json"
    for content, message in ((b'{\n "a": }', "json:2:7: "), (b"{} \xff", "byte 4 is not UTF-8")):
        with open(file, "wb") as stream:
            stream.write(content)
        with pytest.raises(BrokenText, match=message):
            vscode(path, workspace)
        with open(file, "rb") as stream:
            assert stream.read() == content


def test_links_and_modes_stay(tmp_path: Path, workspace: str) -> None:
    path = environment(tmp_path / "work" / ".venv")
    os.mkdir(f"{workspace}/.vscode")
    real = tmp_path / "dotfiles.json"
    real.write_text("{ // mine\n}\n")
    real.chmod(0o600)
    os.symlink(real, f"{workspace}/.vscode/settings.json")
    vscode(path, workspace)
    assert os.path.islink(f"{workspace}/.vscode/settings.json")
    assert real.stat().st_mode & 0o777 == 0o600
    assert real.read_text().startswith("{ // mine\n")


def test_what_cannot_be(tmp_path: Path, workspace: str) -> None:
    with pytest.raises(NotAnEnvironment):
        vscode(workspace, workspace)
    with pytest.raises(AlcoveError, match="not a directory"):
        vscode(environment(tmp_path / "e"), str(tmp_path / "none"))


def test_the_folder_that_is_opened(tmp_path: Path) -> None:
    inner = tmp_path / "p" / "src"
    inner.mkdir(parents=True)
    given = settings.read({"HOME": str(tmp_path)}, cwd=str(inner))
    if not any(os.path.exists(f"/{name}") for name in (".git", "pyproject.toml")):
        assert workspace_of(given) == str(inner)
    (tmp_path / "p" / "pyproject.toml").write_text("")
    assert workspace_of(given) == str(tmp_path / "p")


def test_settings_that_are_a_pipe_are_neither_read_nor_replaced(
    tmp_path: Path, workspace: str
) -> None:
    path = environment(tmp_path / "work" / ".venv")
    os.mkdir(f"{workspace}/.vscode")
    os.mkfifo(f"{workspace}/.vscode/settings.json")
    with pytest.raises(NotAFile, match="is a pipe"):
        vscode(path, workspace)
    assert stat.S_ISFIFO(os.stat(f"{workspace}/.vscode/settings.json").st_mode)
