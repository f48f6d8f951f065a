"""Which environments a project names: `.venv` in its three forms and `.python-envs`, read and written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alcove.actions import projects, where
from alcove.environments import discover
from alcove.errors import AlcoveError, NotAnEnvironment, UsageError
from alcove.settings import Settings, read
from tests.unit.dry import untouched


class Project:
    """A project with a home, below one root."""

    def __init__(self, root: Path) -> None:
        self.home, self.here = root / "home", root / "project"
        for directory in (self.home, self.here):
            directory.mkdir()
        (self.here / "pyproject.toml").write_text("")

    def env(self, path: str) -> str:
        """Make an environment below the machine's root."""
        made = self.home.parent / path
        made.mkdir(parents=True)
        (made / "pyvenv.cfg").write_text("home = /usr/bin\n")
        return str(made)

    def settings(self, below: str = "") -> Settings:
        """Return the settings of who stands in the project."""
        return read({"HOME": str(self.home)}, cwd=str(self.here / below))

    @property
    def found(self) -> str:
        """What a command here is about."""
        return where.path_of(self.settings())

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        (self.here / name).write_text(text)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_link_a_file_and_a_directory_are_followed_alike(project: Project) -> None:
    named = project.env("home/.virtualenvs/web")
    used = projects.use(named, project.settings())
    assert (used.by, used.path) == (str(project.here / ".venv"), named)
    assert os.readlink(project.here / ".venv") == named
    assert project.found == named
    projects.use(named, project.settings(), how="file")
    assert (project.here / ".venv").read_text() == f"{named}\n"
    assert not (project.here / ".venv").is_symlink()
    assert project.found == named
    assert [one.path for one in projects.uses(project.settings())] == [named]
    projects.use(named, project.settings())
    assert (project.here / ".venv").is_symlink()
    assert projects.forget(named, project.settings()) == [(str(project.here / ".venv"), True)]
    assert os.path.isdir(named)
    with pytest.raises(NotAnEnvironment, match=r"no \.venv"):
        _ = project.found


def test_a_named_environment_without_a_project_gets_one(project: Project) -> None:
    named, other = project.env("home/.virtualenvs/web"), project.env("elsewhere/api")
    variables = {"HOME": str(project.home), "VIRTUALENVWRAPPER_PROJECT_FILENAME": ".belongs"}
    settings = read(variables, cwd=str(project.here))
    for path in (named, other):
        projects.use(path, settings)
    assert sorted(os.listdir(named)) == [".belongs", "pyvenv.cfg"]
    assert Path(named, ".belongs").read_text() == f"{project.here}\n"
    assert os.listdir(other) == ["pyvenv.cfg"]


def test_an_environment_is_said_once(project: Project) -> None:
    named = project.env("home/.virtualenvs/web")
    assert where.path_of(project.settings(), word="web") == named
    for twice in ({"name": "web"}, {"env": named}):
        with pytest.raises(UsageError, match="both say"):
            where.path_of(project.settings(), word="web", **twice)


def test_a_relative_link_below_a_link_leads_where_the_system_says(
    project: Project, tmp_path: Path
) -> None:
    far = project.env("far/env")
    (tmp_path / "far/sub").mkdir()
    (tmp_path / "far/sub/.venv").symlink_to("../env")
    (tmp_path / "near").symlink_to("far/sub")
    project.env("env")  # what the text of the link would mean
    seen = read({"HOME": str(project.home)}, cwd=str(tmp_path / "near"))
    assert where.path_of(seen) == os.path.realpath(far)


def test_inside_the_project_it_is_named_relatively(project: Project) -> None:
    inside = project.env("project/envs/one")
    projects.use(inside, project.settings())
    assert os.readlink(project.here / ".venv") == "envs/one"


def test_the_last_of_python_envs_is_the_default_and_venv_counts_as_the_last(
    project: Project,
) -> None:
    one, two = project.env("project/one"), project.env("elsewhere/two")
    for each in (one, two, one):
        projects.use(each, project.settings(), how="list")
    assert (project.here / ".python-envs").read_text() == f"{two}\none\n"
    assert project.found == one
    assert [used.default for used in projects.uses(project.settings())] == [False, True]
    (project.here / "sub").mkdir()
    assert where.path_of(project.settings("sub")) == one
    venv = project.env("project/.venv")
    assert project.found == venv
    assert [used.path for used in projects.uses(project.settings())] == [two, one, venv]
    with pytest.raises(AlcoveError, match="counts as the last"):
        projects.use(two, project.settings(), how="list")
    with pytest.raises(AlcoveError, match="an environment itself"):
        projects.use(two, project.settings())
    assert projects.use(venv, project.settings()).default
    assert projects.forget(two, project.settings()) == [(str(project.here / ".python-envs"), False)]
    projects.forget(one, project.settings())
    assert not (project.here / ".python-envs").exists()
    with pytest.raises(AlcoveError, match="does not name"):
        projects.forget(one, project.settings())


@pytest.mark.parametrize("text", ["", "\n\n", "one\ntwo\n", "a\0b\n", "x" * 70_000])
def test_a_venv_file_that_names_nothing_is_told(project: Project, text: str) -> None:
    project.write(".venv", text)
    with pytest.raises(NotAnEnvironment, match=r"\.venv") as caught:
        _ = project.found
    assert caught.value.hint
    before = (project.here / ".venv").read_text()
    with pytest.raises(AlcoveError):
        projects.use(project.env("elsewhere"), project.settings())
    assert (project.here / ".venv").read_text() == before


def test_an_empty_list_names_nothing(project: Project) -> None:
    project.write(".python-envs", "\n \n")
    with pytest.raises(NotAnEnvironment, match=r"no \.venv"):
        _ = project.found


def test_what_is_no_environment_is_not_used(project: Project) -> None:
    with pytest.raises(NotAnEnvironment):
        projects.use(str(project.home), project.settings())
    assert not (project.here / ".venv").is_symlink()


def test_a_named_one_learns_its_project_once(project: Project) -> None:
    named, other = project.env("home/.virtualenvs/web"), project.env("elsewhere")
    projects.use(other, project.settings())
    assert not os.path.exists(f"{other}/.project")
    projects.use(named, project.settings())
    assert discover.project_of(named) == str(project.here)
    with open(f"{named}/.project", "w", encoding="utf-8") as stream:
        stream.write("/another/project\n")
    projects.use(named, project.settings())
    assert discover.project_of(named) == "/another/project"


def test_a_project_is_what_the_environment_lies_in(project: Project) -> None:
    assert discover.project_of(project.env("project/.venv")) == str(project.here)
    assert discover.project_of(project.env("home/.virtualenvs/lone")) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "/h/.virtualenvs"),
        ("~/envs", "/h/envs"),
        ("envs", "/h/envs"),
        ("/srv/envs/", "/srv/envs"),
    ],
)
def test_workon_home_is_virtualenvwrappers(value: str, expected: str) -> None:
    assert read({"HOME": "/h", "WORKON_HOME": value}, cwd="/").named == expected


@pytest.mark.parametrize("how", ["link", "file", "list"])
def test_a_dry_run_says_what_would_name_it_and_writes_nothing(project: Project, how: str) -> None:
    named = project.env("home/.virtualenvs/web")
    root, settings = str(project.here.parent), project.settings()
    with untouched(root):
        told = projects.use(named, settings, how=how, dry_run=True)
    assert told == projects.use(named, settings, how=how)
    with untouched(root):
        changed = projects.forget(named, settings, dry_run=True)
    assert changed == projects.forget(named, settings)
    with untouched(root), pytest.raises(AlcoveError, match="does not name"):
        projects.forget(named, settings, dry_run=True)


def test_a_dry_run_refuses_what_is_refused(project: Project) -> None:
    project.env("project/.venv")
    named = project.env("home/.virtualenvs/web")
    for how in ("link", "file", "list"):
        with pytest.raises(AlcoveError) as dry, untouched(str(project.here)):
            projects.use(named, project.settings(), how=how, dry_run=True)
        with pytest.raises(AlcoveError) as real:
            projects.use(named, project.settings(), how=how)
        assert str(dry.value) == str(real.value)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_list_that_is_a_pipe_is_neither_read_nor_replaced(
    project: Project,
    dry_run: bool,  # noqa: FBT001
) -> None:
    named = project.env("home/.virtualenvs/web")
    os.mkfifo(project.here / ".python-envs")
    with pytest.raises(NotAnEnvironment, match="cannot be read: it is a pipe"):
        projects.use(named, project.settings(), how="list", dry_run=dry_run)
    assert (project.here / ".python-envs").is_fifo()
