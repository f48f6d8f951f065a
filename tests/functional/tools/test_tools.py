"""poetry, pdm, hatch, pipx and pre-commit, as they come from the index, in and with environments of ours.

Issue 4, point 8. What they change is noticed and kept; what others share stays as it was.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

import alcove.virtualenv as ours
from alcove.index_settings import DEFAULT_INDEX
from alcove.testing.interpreters import require_interpreter
from scripts.import_graph import ROOT
from tests.functional.tools.conftest import VERSION, Project, elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.tools, pytest.mark.network]

START = f"import sys; sys.path.insert(0, {ROOT + '/src'!r}); from alcove.cli.main import main; sys.exit(main())"
INSTEAD = os.path.join(os.path.dirname(ours.__file__), "instead")

POETRY = """
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["shelf==1.0"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "files"
url = "{url}/"
"""

PDM = """
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["shelf==1.0"]

[tool.pdm]
distribution = false

[[tool.pdm.source]]
name = "pypi"
url = "{url}/"
"""

HATCH = """
[project]
name = "demo"
version = "1.0"

[tool.hatch.envs.default]
path = ".venv"
skip-install = true
dependencies = ["shelf=={shelf}", "lamp"]
"""


def alcove() -> tuple[str, ...]:
    """Return the words that start alcove from its source tree."""
    return (sys.executable, "-I", "-c", START)


def unharmed(project: Project, store: dict[str, str], other: str) -> None:
    """See that the store has what it had, that another environment works, and that ours is a view as before."""
    assert project.world.store().items() >= store.items()
    code = "import shelf, bolt; print(shelf.__version__)"
    assert project.world.python(other, code) == "1.0\n"
    assert project.world.run(f"{other}/bin/lamp").stdout == f"lit {other}\n"
    assert os.path.islink(f"{project.prefix}/lib/python3.12")
    assert "as it was placed" in project.world.alcove("verify", "--env", project.prefix)


def test_poetry(project: Project, tool: Callable[[str], str]) -> None:
    """`install`, `add`, an upgrade and `remove` in `.venv`; each is noticed as changed outside, and can be undone."""
    program = f"{tool('poetry')}/bin/poetry"
    world, prefix = project.world, project.prefix
    variables = {
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "POETRY_CACHE_DIR": world.at("poetry", "cache"),
        "POETRY_CONFIG_DIR": world.at("poetry", "config"),
    }
    world.alcove("install", "--env", prefix, "shelf==1.0", "lamp")
    other = elsewhere(project)
    store = world.store()
    project.write("pyproject.toml", POETRY.format(url=project.url))
    assert project.run(program, "env", "info", "-p", **variables).strip() == prefix

    project.run(program, "install", "--sync", **variables)  # lamp is not asked for
    assert world.versions(prefix).keys() == {"shelf", "bolt"}
    assert not os.path.lexists(f"{prefix}/bin/lamp")
    project.run(program, "add", "lamp", **variables)
    assert world.run(f"{prefix}/bin/lamp").stdout == f"lit {prefix}\n"
    project.run(program, "add", "shelf==2.0", **variables)
    assert world.versions(prefix) == {"shelf": "2.0", "bolt": "2.0", "lamp": "1.0"}
    assert project.shown()["why"] == "changed outside"
    assert project.imports() == "2.0 2.0"
    unharmed(project, store, other)

    project.run(program, "remove", "shelf", **variables)
    assert world.versions(prefix).keys() == {"lamp"}
    world.alcove("rollback", "--env", prefix, "1")
    assert world.versions(prefix) == {"shelf": "1.0", "bolt": "2.0", "lamp": "1.0"}
    assert project.imports() == "1.0 2.0"
    unharmed(project, store, other)


def pdm(project: Project, program: str, *words: str) -> str:
    return project.run(program, *words, PDM_CHECK_UPDATE="0", PDM_CACHE_DIR=project.world.at("pdm"))


def ask_pdm_for(project: Project, program: str, shelf: str) -> None:
    """Ask in pyproject.toml for another version, and install."""
    path = f"{project.directory}/pyproject.toml"
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    project.write("pyproject.toml", re.sub(r"shelf==[\d.]+", f"shelf=={shelf}", text))
    pdm(project, program, "install")


def test_pdm(project: Project, tool: Callable[[str], str]) -> None:
    """`install`, `add`, an upgrade and `remove` in `.venv`."""
    program = f"{tool('pdm')}/bin/pdm"
    world, prefix = project.world, project.prefix
    other = elsewhere(project)
    store = world.store()
    project.write("pyproject.toml", PDM.format(url=project.url))
    pdm(project, program, "install")
    pdm(project, program, "add", "lamp")
    assert world.run(f"{prefix}/bin/lamp").stdout == f"lit {prefix}\n"
    ask_pdm_for(project, program, "2.0")
    assert world.versions(prefix) == {"shelf": "2.0", "bolt": "2.0", "lamp": "1.0"}
    assert project.imports() == "2.0 2.0"
    assert project.shown()["why"] == "changed outside"
    pdm(project, program, "remove", "lamp")
    assert world.versions(prefix) == {"shelf": "2.0", "bolt": "2.0"}
    unharmed(project, store, other)


def test_pdm_upgrades_what_alcove_linked(project: Project, tool: Callable[[str], str]) -> None:
    """It writes over the files of the old version, through a link: told at once, and to be repaired; not with hard links."""
    program = f"{tool('pdm')}/bin/pdm"
    world, prefix = project.world, project.prefix
    other = elsewhere(project)
    store = world.store()
    world.alcove(
        "create",
        prefix,
        "--clear",
        "-p",
        require_interpreter(VERSION),
        "--with=shelf==1.0",
        "--link-mode=hardlink",
    )
    project.write("pyproject.toml", PDM.format(url=project.url))
    ask_pdm_for(project, program, "2.0")
    assert project.imports() == "2.0 2.0"
    assert world.versions(prefix) == {"shelf": "2.0", "bolt": "2.0"}
    assert world.store() == store

    world.alcove(
        "create", prefix, "--clear", "-p", require_interpreter(VERSION), "--with=shelf==1.0"
    )
    ask_pdm_for(project, program, "2.0")
    said = world.run(*alcove(), "history", "--env", prefix).stderr
    assert (
        f"others wrote through {prefix} into shelf 1.0 of the store, which {other} shares" in said
    )
    assert project.imports() == "2.0 2.0"
    world.alcove("repair", "--env", other)
    assert project.imports() == "2.0 2.0"
    unharmed(project, store, other)


def test_hatch(project: Project, tool: Callable[[str], str]) -> None:
    """An environment at `path = ".venv"` is ours; hatch fills it by the pip inside, which links."""
    program = f"{tool('hatch')}/bin/hatch"
    world, prefix = project.world, project.prefix
    other = elsewhere(project)
    store = world.store()
    variables = {"HATCH_DATA_DIR": world.at("hatch"), "HATCH_CACHE_DIR": world.at("hatch", "cache")}
    variables["HATCH_CONFIG"] = project.write("../hatch.toml", "")
    project.write("pyproject.toml", HATCH.format(shelf="1.0"))
    assert f"lit {prefix}" in project.run(program, "run", "lamp", **variables)
    assert str(project.shown()["why"]).startswith("pip install ")
    project.write("pyproject.toml", HATCH.format(shelf="2.0"))
    code = "import shelf; print(shelf.__version__)"
    assert "2.0" in project.run(program, "run", "python", "-c", code, **variables)
    assert world.versions(prefix) == {"shelf": "2.0", "bolt": "2.0", "lamp": "1.0"}
    assert os.path.islink(f"{prefix}/lib/python3.12/site-packages/shelf")
    unharmed(project, store, other)


def test_pipx(project: Project, tool: Callable[[str], str]) -> None:
    """The tool lives in an environment of ours, and takes the Python of another one for what it installs."""
    program = f"{tool('pipx')}/bin/pipx"
    world = project.world
    variables = {
        "PIPX_HOME": world.at("pipx"),
        "PIPX_BIN_DIR": world.at("pipx", "bin"),
        "PIPX_MAN_DIR": world.at("pipx", "man"),
        # pipx fetches a pip for itself
        "PIP_EXTRA_INDEX_URL": os.environ.get("PIP_INDEX_URL", DEFAULT_INDEX),
    }
    before = world.history(project.prefix)
    words = (program, "install", "--python", f"{project.prefix}/bin/python", "lamp")
    project.run(*words, **variables)
    made = world.at("pipx", "venvs", "lamp")
    assert world.run(world.at("pipx", "bin", "lamp")).stdout == f"lit {made}\n"
    assert world.python(made, "import sys; print(sys.version_info[:2])") == "(3, 12)\n"
    assert world.history(project.prefix) == before
    listed = json.loads(project.run(program, "list", "--json", **variables).partition("\n\n\n")[0])
    assert listed["venvs"].keys() == {"lamp"}
    project.run(program, "uninstall", "lamp", **variables)
    assert not os.path.lexists(made)


def test_pre_commit(project: Project, tool: Callable[[str], str]) -> None:
    """The environment of a hook is a view, made through the name of virtualenv, filled by the pip inside."""
    program = f"{tool('pre-commit')}/bin/pre-commit"
    world = project.world
    base = require_interpreter("3.12")
    config = {
        "repos": [
            {
                "repo": "local",
                "hooks": [
                    {
                        "id": "words",
                        "name": "words",
                        "language": "python",
                        "language_version": base,
                        "entry": "lamp",
                        "additional_dependencies": ["lamp", "shelf==1.0"],
                        "pass_filenames": False,
                        "always_run": True,
                        "verbose": True,
                    }
                ],
            }
        ]
    }
    project.write(".pre-commit-config.yaml", json.dumps(config))
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    variables = git | {"PYTHONPATH": INSTEAD, "PRE_COMMIT_HOME": world.at("pre-commit")}
    project.run("git", "init", "-q", **git)
    project.run("git", "add", ".pre-commit-config.yaml", **git)
    # the project that pre-commit makes up for such hooks is built by setuptools
    real = os.environ.get("PIP_INDEX_URL", DEFAULT_INDEX)
    said = project.run(program, "run", "--all-files", **variables, PIP_EXTRA_INDEX_URL=real)
    made = said.partition("lit ")[2].split()[0]
    assert made.startswith(world.at("pre-commit"))
    assert os.path.islink(f"{made}/.alcove/current")
    assert world.versions(made).keys() >= {"lamp", "shelf", "bolt"}
    again = project.run(program, "run", "--all-files", **variables)
    assert "Installing environment" in said
    assert "Installing environment" not in again
