"""The directories that belong to an environment, and the hooks that are programs, without running one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions import hooks, moved, project
from alcove.errors import AlcoveError, NotAnEnvironment, UsageError
from alcove.settings import Settings, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def env(tmp_path: Path) -> Path:
    """Return an environment that another tool made."""
    folder = tmp_path / "envs" / "web"
    (folder / "lib/python3.12/site-packages/pack").mkdir(parents=True)
    (folder / "lib/python3.9/site-packages").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")
    return folder


def settings(tmp_path: Path, **variables: str) -> Settings:
    return read(
        {"HOME": str(tmp_path / "home"), "ALCOVE_HOME": str(tmp_path / "data"), **variables},
        cwd=str(tmp_path),
    )


def test_a_project_is_said_shown_and_forgotten(tmp_path: Path, env: Path) -> None:
    here = settings(tmp_path)
    assert project.project(str(env), here) == ""
    (tmp_path / "it's $(here)").mkdir()
    said = project.set_project(str(env), "it's $(here)", here)
    assert said == str(tmp_path / "it's $(here)")
    assert (env / ".project").read_text() == f"{said}\n"
    assert project.project(str(env), here) == said
    assert project.forget_project(str(env), here)
    assert not project.forget_project(str(env), here)
    assert project.project(str(env), here) == ""


def test_the_file_of_virtualenvwrapper_is_read_as_it_is(tmp_path: Path, env: Path) -> None:
    (env / ".project").write_text("/work/web")
    assert project.project(str(env), settings(tmp_path)) == "/work/web"
    (env / ".mine").write_text("/other\r\n")
    other = settings(tmp_path, VIRTUALENVWRAPPER_PROJECT_FILENAME=".mine")
    assert project.project(str(env), other) == "/other"
    (env / ".project").write_text("/a\n/b\n")
    with pytest.raises(AlcoveError, match="one path"):
        project.project(str(env), settings(tmp_path))


def test_what_cannot_be_a_project_is_refused(tmp_path: Path, env: Path) -> None:
    here = settings(tmp_path)
    (tmp_path / "a\nb").mkdir()
    for directory in ("nowhere", "a\nb"):
        with pytest.raises(UsageError):
            project.set_project(str(env), directory, here)
    with pytest.raises(NotAnEnvironment):
        project.set_project(str(tmp_path), ".", here)
    with pytest.raises(UsageError, match="FILENAME"):
        project.project(
            str(env), settings(tmp_path, VIRTUALENVWRAPPER_PROJECT_FILENAME="../.project")
        )
    assert not os.path.lexists(env / ".project")


def test_site_packages_are_those_of_the_version(tmp_path: Path, env: Path) -> None:
    assert project.site_packages(str(env)) == f"{env}/lib/python3.12/site-packages"
    (env / "pyvenv.cfg").write_text("home = /usr/bin\nversion_info = 3.9.1.final.0\n")
    assert project.site_packages(str(env)) == f"{env}/lib/python3.9/site-packages"
    (tmp_path / "pyvenv.cfg").touch()
    for path in (str(tmp_path), str(tmp_path / "data")):
        with pytest.raises(NotAnEnvironment):
            project.site_packages(path)


def test_cd_leads_into_the_environment_its_project_and_its_modules(
    tmp_path: Path, env: Path
) -> None:
    here = settings(tmp_path)
    (tmp_path / "work/sub").mkdir(parents=True)
    assert project.cd(str(env), here) == str(env)
    assert project.cd(str(env), here, below="lib") == f"{env}/lib"
    assert project.cd(str(env), here, to="site-packages", below="pack").endswith("/pack")
    with pytest.raises(AlcoveError, match="no project"):
        project.cd(str(env), here, to="project")
    project.set_project(str(env), "work", here)
    assert project.cd(str(env), here, to="project", below="sub") == str(tmp_path / "work/sub")
    with pytest.raises(AlcoveError, match="no directory"):
        project.cd(str(env), here, below="pyvenv.cfg")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("", "{home}/.virtualenvs"),
        ("/opt/envs/", "/opt/envs"),
        ("envs", "{home}/envs"),
        ("~/envs", "{home}/envs"),
        ("~", "{home}"),
    ],
)
def test_workon_home_is_read_as_virtualenvwrapper_does(
    tmp_path: Path, said: str, named: str
) -> None:
    found = settings(tmp_path, WORKON_HOME=said)
    assert found.named == named.format(home=found.home)


def test_hooks_belong_to_named_environments(tmp_path: Path, env: Path) -> None:
    here = settings(tmp_path, WORKON_HOME=str(tmp_path / "envs"))
    assert hooks.is_named(str(env), here)
    assert not hooks.is_named(str(env / "lib"), here)
    assert not hooks.run_hook("premkvirtualenv", ("web",), here)


def test_what_others_made_and_what_did_not_move_is_left_alone(tmp_path: Path, env: Path) -> None:
    here = settings(tmp_path)
    assert moved.settle(str(env), here) == str(env)
    (env / ".alcove").mkdir()
    for content in ("{", "[]", f'[1,"{env}",0]', '["x"', "7"):
        (env / ".alcove/state").write_text(content)
        assert moved.settle(str(env), here) == str(env)


def test_what_a_link_leads_to_is_known_as_it_notes(tmp_path: Path, env: Path) -> None:
    here, link = settings(tmp_path), tmp_path / "link"
    (env / ".alcove").mkdir()
    link.symlink_to(env)
    for path in (env, link):
        (env / ".alcove/state").write_text(f'[1,"{path}",0]')
        assert moved.settle(str(link), here) == moved.settle(str(env), here) == str(path)
        assert moved.known_as(str(link)) == moved.known_as(str(env)) == str(path)
    (env / ".alcove/state").write_text('[1,"/elsewhere/web",0]')
    assert moved.known_as(str(link)) == str(link)


def test_a_moved_environment_that_cannot_be_mended_is_no_error(tmp_path: Path, env: Path) -> None:
    (env / ".alcove").mkdir()
    (env / ".alcove/state").write_text('[1,"/elsewhere/web",0]')
    assert moved.settle(str(env), settings(tmp_path)) == str(env)
