"""`alcove.virtualenv` as a command and as a library, by the words of virtualenv 21."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_ensurepip, require_interpreter
from alcove.testing.wheels import wheel
from alcove.virtualenv import cli_run, session_via_cli
from alcove.virtualenv.words import OPTIONS
from tests.functional.dropin.processes import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("bundled")
COMMAND = (sys.executable, "-m", "alcove.virtualenv")


@pytest.fixture
def bundled() -> None:
    """Skip where setuptools, which virtualenv seeds up to 3.11, does not come with the interpreter."""
    if sys.version_info < (3, 12):
        require_ensurepip()


def facts(environment: Path, environ: Mapping[str, str]) -> list[str]:
    """Return version, prefix and the distributions that the environment's interpreter sees."""
    code = (
        "import json, sys, importlib.metadata as m\n"
        "names = sorted(d.metadata['Name'] for d in m.distributions())\n"
        "print(json.dumps(['%d.%d' % sys.version_info[:2], sys.prefix, *names]))"
    )
    clean = {name: value for name, value in environ.items() if name != "PYTHONPATH"}
    found: list[str] = json.loads(
        run(environment / "bin" / "python", "-c", code, environ=clean).stdout
    )
    return found


@pytest.mark.parametrize(
    ("request_text", "version", "seeds"),
    [
        ("py311", "3.11", ["pip", "setuptools"]),
        ("3.12", "3.12", ["pip"]),
        ("python3.13", "3.13", ["pip"]),
        ("cpython3.8", "3.8", ["pip", "setuptools"]),
        (">=3.12,<3.13", "3.12", ["pip"]),
    ],
)
def test_the_interpreter_that_is_asked_for(
    request_text: str, version: str, seeds: list[str], environ: dict[str, str], tmp_path: Path
) -> None:
    require_interpreter(version)
    said = run(*COMMAND, "-p", request_text, tmp_path / "e", environ=environ).stdout
    assert said.startswith(f"created virtual environment CPython{version}.")
    assert facts(tmp_path / "e", environ) == [version, str(tmp_path / "e"), *seeds]


def test_without_a_request_it_is_the_python_that_runs_us(
    environ: dict[str, str], tmp_path: Path
) -> None:
    run(*COMMAND, tmp_path / "e", environ=environ)
    assert facts(tmp_path / "e", environ)[0] == f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_of_several_requests_the_first_that_is_here_wins(
    environ: dict[str, str], tmp_path: Path
) -> None:
    require_interpreter("3.12")
    run(*COMMAND, "-p", "2.1", "-p", "3.12", "-p", "3.13", tmp_path / "e", environ=environ)
    assert facts(tmp_path / "e", environ)[0] == "3.12"
    said = run(*COMMAND, "-p", "2.1", tmp_path / "f", environ=environ, fails=True)
    assert "failed to find interpreter for 2.1" in said.stderr
    assert not (tmp_path / "f").exists()


def test_variables_weigh_more_than_the_file_and_less_than_words(
    environ: dict[str, str], tmp_path: Path
) -> None:
    for version in ("3.11", "3.12", "3.13"):
        require_interpreter(version)
    config = tmp_path / "own.ini"
    config.write_text(
        "[virtualenv]\npython = 3.11\nprompt = 100%% of it\nno-vcs-ignore = true\nno_pip = on\n"
    )
    environ["VIRTUALENV_CONFIG_FILE"] = str(config)
    run(*COMMAND, tmp_path / "a", environ=environ)
    assert facts(tmp_path / "a", environ)[0] == "3.11"
    assert "pip" not in facts(tmp_path / "a", environ)
    assert not (tmp_path / "a" / ".gitignore").exists()
    assert 'prompt = "100%% of it"' in (tmp_path / "a" / "pyvenv.cfg").read_text()
    environ |= {"VIRTUALENV_PYTHON": "3.12", "VIRTUALENV_NO_PIP": "0"}
    run(*COMMAND, tmp_path / "b", environ=environ)
    assert facts(tmp_path / "b", environ)[0] == "3.12"
    assert "pip" in facts(tmp_path / "b", environ)
    run(*COMMAND, "-p", "3.13", "--prompt", "p", tmp_path / "c", environ=environ)
    assert facts(tmp_path / "c", environ)[0] == "3.13"
    environ["VIRTUALENV_CLEAR"] = "perhaps"
    assert "perhaps" in run(*COMMAND, tmp_path / "d", environ=environ, fails=True).stderr


def test_the_file_lies_where_virtualenv_looks(environ: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "configuration" / "virtualenv"
    folder.mkdir(parents=True)
    (folder / "virtualenv.ini").write_text("[virtualenv]\nno-seed = 1\n")
    environ["XDG_CONFIG_HOME"] = str(tmp_path / "configuration")
    run(*COMMAND, tmp_path / "a", environ=environ)
    assert "pip" not in facts(tmp_path / "a", environ)
    (folder / "virtualenv.ini").write_text("no section\n")
    said = run(*COMMAND, tmp_path / "b", environ=environ, fails=True)
    assert "virtualenv.ini cannot be read" in said.stderr
    assert "Traceback" not in said.stderr


def test_words_that_are_wrong_exit_2(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for words in (
        ["--nothing", "x"],
        [],
        [""],
        ["file"],
        ["a:b"],
        ["--activators", "cobol", "x"],
        ["--creator", "none", "x"],
        ["--symlinks", "--pip"],
    ):
        answer = run(*COMMAND, *words, environ=environ, fails=True)
        assert answer.returncode == 2, words
        assert "Traceback" not in answer.stderr
    assert not (tmp_path / "x").exists()


def test_every_option_of_virtualenv_is_known(environ: dict[str, str], tmp_path: Path) -> None:
    """The options without a meaning here are taken, and do nothing."""
    words: list[str] = []
    for option in OPTIONS:
        if option.deaf and option.name != "with_traceback":
            value = option.choices[0] if option.choices else "x"
            words += [option.flags[0]] + ([value] if option.kind == "value" else [])
    assert len(words) >= 10
    answer = run(*COMMAND, *words, tmp_path / "e", environ=environ)
    assert "pip" in facts(tmp_path / "e", environ)
    assert "--wheel does nothing" in answer.stderr


def test_seeds_as_they_are_asked_for(environ: dict[str, str], tmp_path: Path) -> None:
    wheel(str(tmp_path / "wheels"), "setuptools", "99.1")
    python = require_interpreter("3.13")
    words = ["-p", python, "--setuptools", "99.1", "--extra-search-dir", tmp_path / "wheels"]
    run(*COMMAND, *words, "--", tmp_path / "a", environ=environ)
    assert facts(tmp_path / "a", environ)[2:] == ["pip", "setuptools"]
    require_interpreter("3.11")
    run(*COMMAND, "-p", "3.11", "--no-setuptools", tmp_path / "b", environ=environ)
    assert facts(tmp_path / "b", environ)[2:] == ["pip"]
    run(*COMMAND, "-p", "3.11", "--no-seed", tmp_path / "c", environ=environ)
    assert facts(tmp_path / "c", environ)[2:] == []


def test_activators_and_the_redirect(environ: dict[str, str], tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("")
    run(*COMMAND, "--activators", "fish,python", project / "e", environ=environ)
    found = {path.name for path in (project / "e" / "bin").iterdir() if "activate" in path.name}
    assert found == {"activate.fish", "activate_this.py"}
    assert (project / ".venv").read_text() == "e\n"
    run(*COMMAND, project / "f", environ=environ)
    assert (project / ".venv").read_text() == "e\n"
    (project / ".venv").unlink()
    run(*COMMAND, "--no-venv-redirect", project / "g", environ=environ)
    assert not (project / ".venv").exists()


def test_a_directory_that_holds_something_is_filled_and_not_cleared(
    environ: dict[str, str], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("mine")
    said = run(*COMMAND, "--clear", own, environ=environ, fails=True)
    assert "no pyvenv.cfg" in said.stderr
    run(*COMMAND, own, environ=environ)
    assert (own / "letter.txt").read_text() == "mine"
    assert "pip" in facts(own, environ)
    run(*COMMAND, own, environ=environ)  # once more over it
    assert "pip" in facts(own, environ)
    run(*COMMAND, "--clear", own, environ=environ)
    assert not (own / "letter.txt").exists()
    assert "pip" in facts(own, environ)


def test_a_session_tells_where_all_will_be_before_it_is_made(
    environ: dict[str, str], tmp_path: Path
) -> None:
    python = require_interpreter("3.12")
    session = session_via_cli([str(tmp_path / "e"), "-p", python], env=environ)
    creator = session.creator
    assert not (tmp_path / "e").exists()
    assert creator.interpreter.version_info[:2] == (3, 12)
    assert creator.interpreter.system_executable == creator.interpreter.executable
    assert creator.interpreter.marker_environment["python_version"] == "3.12"
    assert creator.interpreter.architecture in (32, 64)
    session.run()
    assert creator.exe.exists()
    assert creator.purelib.is_dir()
    assert creator.pyenv_cfg["version_info"].startswith("3.12.")
    assert os.path.samefile(creator.script_dir, tmp_path / "e" / "bin")
    made = cli_run([str(tmp_path / "f"), "--no-seed"], env=environ)
    assert made.creator.exe.exists()
    assert not made.seeder.enabled
    with pytest.raises(RuntimeError, match="failed to find interpreter"):
        session_via_cli([str(tmp_path / "g"), "-p", "2.1"], env=environ)
    with pytest.raises(SystemExit):
        session_via_cli(["--nothing"], env=environ)


def test_it_is_a_verb_of_alcove(environ: dict[str, str], tmp_path: Path) -> None:
    said = run(sys.executable, "-m", "alcove", "virtualenv", "--help", environ=environ).stdout
    assert "VIRTUALENV_CONFIG_FILE" in said
    run(sys.executable, "-m", "alcove", "virtualenv", "-q", tmp_path / "e", environ=environ)
    assert (tmp_path / "e" / "pyvenv.cfg").exists()
