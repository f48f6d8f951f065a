"""What `alcove.venv` makes, and what code written for `venv` finds when only its import is changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_ensurepip, require_interpreter
from alcove.testing.wheels import wheel
from tests.functional.dropin.processes import run

if TYPE_CHECKING:
    from collections.abc import Mapping

PYTHONS = ("3.11", "3.12", "3.13")


def inside(environment: Path, *words: object, environ: Mapping[str, str]) -> str:
    """Return what the environment's interpreter prints."""
    clean = {name: value for name, value in environ.items() if name != "PYTHONPATH"}
    return run(environment / "bin" / "python", *words, environ=clean).stdout.strip()


@pytest.mark.parametrize("version", PYTHONS)
def test_pip_is_there_and_the_pip_settings_do_not_matter(
    version: str, environ: dict[str, str], tmp_path: Path
) -> None:
    """What EnsurePipTest.test_with_pip checks beside ensurepip's version (see excluded.toml)."""
    (tmp_path / "home" / ".pip").mkdir(parents=True)
    (tmp_path / "home" / ".pip" / "pip.conf").write_text("[global]\nno-install=1")
    environ["PIP_NO_INSTALL"] = "1"
    python = require_interpreter(version)
    require_ensurepip(python)
    for options in ([], ["--system-site-packages"]):
        environment = tmp_path / f"environment{len(options)}"
        run(python, "-m", "alcove.venv", *options, environment, environ=environ)
        said = inside(environment, "-I", "-m", "pip", "--version", environ=environ)
        assert said.startswith("pip 2")
        assert str(environment) in said
        listed = inside(environment, "-m", "pip", "list", "--format=freeze", environ=environ)
        assert "pip==26." in listed
        assert options or ("setuptools==" in listed) == (version == "3.11")
    without = tmp_path / "without"
    run(python, "-m", "alcove.venv", "--without-pip", without, environ=environ)
    assert inside(without, "-c", "import sys; print('pip' in sys.modules)", environ=environ)
    run(without / "bin" / "python", "-c", "import pip", environ=environ, fails=True)


def test_setuptools_comes_as_it_did_up_to_311(environ: dict[str, str], tmp_path: Path) -> None:
    python = require_interpreter("3.11")
    require_ensurepip(python)
    run(python, "-m", "alcove.venv", tmp_path / "e", environ=environ)
    code = "import setuptools, pkg_resources; print(setuptools.__file__)"
    assert str(tmp_path / "e" / "lib") in inside(
        tmp_path / "e", "-W", "ignore", "-c", code, environ=environ
    )


@pytest.mark.parametrize("option", ["--symlinks", "--copies"])
def test_every_name_starts_the_environment(
    option: str, environ: dict[str, str], tmp_path: Path
) -> None:
    python = require_interpreter("3.12")
    run(python, "-m", "alcove.venv", option, "--without-pip", tmp_path / "e", environ=environ)
    code = "import sys; print(sys.prefix, sys._base_executable)"
    for name in ("python", "python3", "python3.12"):
        path = tmp_path / "e" / "bin" / name
        assert path.is_symlink() == (option == "--symlinks")
        clean = {key: value for key, value in environ.items() if key != "PYTHONPATH"}
        prefix, base = run(path, "-c", code, environ=clean).stdout.split()
        assert prefix == str(tmp_path / "e")
        assert Path(base).parent == Path(python).parent


def test_it_is_an_environment_of_ours(environ: dict[str, str], tmp_path: Path) -> None:
    environment = tmp_path / "e"
    run(require_interpreter("3.13"), "-m", "alcove.venv", environment, environ=environ)
    package = wheel(str(tmp_path), "six", files={"six.py": "value = 1\n"})
    alcove_command = [sys.executable, "-m", "alcove"]
    run(*alcove_command, "install", "--env", environment, package, environ=environ)
    assert inside(environment, "-c", "import six; print(six.value)", environ=environ) == "1"
    run(*alcove_command, "undo", "--env", environment, environ=environ)
    run(environment / "bin" / "python", "-c", "import six", environ=environ, fails=True)
    assert (environment / "bin" / "pip").exists()


def test_clear_makes_an_environment_anew_and_leaves_other_directories_alone(
    environ: dict[str, str], tmp_path: Path
) -> None:
    python = require_interpreter("3.13")
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("mine")
    said = run(python, "-m", "alcove.venv", "--clear", own, environ=environ, fails=True)
    assert said.stderr.startswith("Error: ")
    assert "no pyvenv.cfg" in said.stderr
    assert [path.name for path in own.iterdir()] == ["letter.txt"]
    run(python, "-m", "alcove.venv", "--without-pip", own, environ=environ)
    assert (own / "letter.txt").read_text() == "mine"
    run(python, "-m", "alcove.venv", "--without-pip", "--clear", own, environ=environ)
    assert not (own / "letter.txt").exists()
    assert inside(own, "-c", "import sys; print(sys.prefix)", environ=environ) == str(own)
    link = tmp_path / "link"
    link.symlink_to(own)
    said = run(python, "-m", "alcove.venv", "--clear", link, environ=environ, fails=True)
    assert (own / "pyvenv.cfg").exists()


def test_an_environment_of_venv_becomes_ours_and_keeps_what_is_installed(
    environ: dict[str, str], tmp_path: Path
) -> None:
    python, environment = require_interpreter("3.12"), tmp_path / "e"
    run(python, "-m", "venv", environment, environ=environ)
    files, points = {"six.py": "value = 1\n"}, {"six": "six:value"}
    package = wheel(str(tmp_path), "six", files=files, entry_points=points)
    inside(environment, "-m", "pip", "install", "-q", "--no-index", package, environ=environ)
    (environment / "lib" / "python3.12" / "note.txt").write_text("mine")
    (environment / "lib" / "python3.12" / "site-packages" / "own.py").write_text("value = 2\n")
    run(python, "-m", "alcove.venv", environment, environ=environ)
    assert (environment / "lib" / "python3.12").is_symlink()
    code = "import six, own, pip; print(six.value, own.value, pip.__version__)"
    assert inside(environment, "-c", code, environ=environ).startswith("1 2 26.")
    assert (environment / "lib" / "python3.12" / "note.txt").read_text() == "mine"
    assert (environment / "bin" / "six").is_symlink()
    run(
        sys.executable,
        "-m",
        "alcove",
        "uninstall",
        "-y",
        "--env",
        environment,
        "six",
        environ=environ,
    )
    run(environment / "bin" / "python", "-c", "import six", environ=environ, fails=True)
    assert inside(environment, "-c", "import own; print(own.value)", environ=environ) == "2"
    assert (environment / "lib" / "python3.12" / "note.txt").read_text() == "mine"


def test_upgrade_puts_a_dead_interpreter_right(environ: dict[str, str], tmp_path: Path) -> None:
    python, environment = require_interpreter("3.12"), tmp_path / "e"
    run(python, "-m", "alcove.venv", environment, environ=environ)
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/nowhere/python3.12")
    run(python, "-m", "alcove.venv", "--upgrade", environment, environ=environ)
    assert inside(environment, "-m", "pip", "--version", environ=environ)
    said = run(
        require_interpreter("3.13"), "-m", "alcove.venv", environment, environ=environ, fails=True
    )
    assert "is an environment of python3.12" in said.stderr


HOOKS = """
import os, subprocess, sys
from alcove.venv import EnvBuilder

class Builder(EnvBuilder):
    seen = []

    def ensure_directories(self, env_dir):
        context = super().ensure_directories(env_dir)
        self.seen.append("directories " + context.env_name + " " + context.bin_name)
        return context

    def create_configuration(self, context):
        super().create_configuration(context)
        with open(context.cfg_path, "a") as stream:
            stream.write("mine = yes\\n")

    def setup_python(self, context):
        assert os.path.exists(context.cfg_path)
        super().setup_python(context)
        self.seen.append(subprocess.check_output(
            [context.env_exec_cmd, "-c", "import sys; print(sys.prefix)"], text=True).strip())

    def setup_scripts(self, context):
        super().setup_scripts(context)
        self.install_scripts(context, sys.argv[2])

    def replace_variables(self, text, context):
        return super().replace_variables(text.replace("__OWN__", "own"), context)

    def post_setup(self, context):
        self.seen.append("after " + str(os.path.exists(os.path.join(context.lib_path, "pip"))))
        self.seen.append(os.path.basename(context.executable))
        assert context.inc_path.startswith(context.env_dir)

builder = Builder(with_pip=True, symlinks=True, prompt="a 'b")
builder.create(sys.argv[1])
print("\\n".join(builder.seen))
"""


def test_the_hooks_of_a_subclass_run_where_venv_runs_them(
    environ: dict[str, str], tmp_path: Path
) -> None:
    python = require_interpreter("3.13")
    scripts = tmp_path / "scripts"
    (scripts / "common").mkdir(parents=True)
    (scripts / "posix" / "deep").mkdir(parents=True)
    (scripts / "nt").mkdir()
    (scripts / "common" / "tell").write_text("#!/bin/sh\necho __OWN__ __VENV_PROMPT__\n")
    (scripts / "common" / "tell").chmod(0o755)
    (scripts / "posix" / "deep" / "binary").write_bytes(b"\xff\xfe")
    (scripts / "posix" / "deep" / "text").write_text("__VENV_BIN_NAME__")
    (scripts / "nt" / "other").write_text("")
    (tmp_path / "builder.py").write_text(HOOKS)
    environment = tmp_path / "an environment"
    said = run(python, tmp_path / "builder.py", environment, scripts, environ=environ).stdout
    assert said.splitlines() == [
        "directories an environment bin",
        str(environment),
        "after True",
        os.path.basename(python),
    ]
    assert "mine = yes" in (environment / "pyvenv.cfg").read_text()
    assert run(environment / "bin" / "tell", environ=environ).stdout == "own a 'b\n"
    assert (environment / "bin" / "deep" / "text").read_text() == "bin"
    assert not (environment / "bin" / "deep" / "binary").exists()
    assert not (environment / "bin" / "other").exists()
    assert "pip" in inside(environment, "-m", "pip", "list", environ=environ)


@pytest.mark.parametrize("options", [[], ["--copies", "--prompt", "p", "--system-site-packages"]])
def test_both_ways_of_making_give_the_same(
    options: list[str], environ: dict[str, str], tmp_path: Path
) -> None:
    """Whole and by one rename, or step by step with hooks in between: the same names, links and texts."""
    python = require_interpreter("3.12")
    run(python, "-m", "alcove.venv", *options, tmp_path / "a" / "e", environ=environ)
    stepwise = (
        "import sys, alcove.venv.whole, alcove.venv.command\n"
        "alcove.venv.whole.possible = lambda *_: False\n"
        "sys.exit(alcove.venv.command.run(sys.argv[1:]))\n"
    )
    (tmp_path / "stepwise.py").write_text(stepwise)
    run(python, tmp_path / "stepwise.py", *options, tmp_path / "b" / "e", environ=environ)
    whole, steps = contents(tmp_path / "a" / "e"), contents(tmp_path / "b" / "e")
    del whole["CACHEDIR.TAG"]  # says that all may be deleted: not where other files may be
    assert whole == steps


def contents(root: Path) -> dict[str, str]:
    """Return what an environment holds, but for `.alcove` and in which order its keys and links stand."""
    found = {}
    for directory, folders, files in os.walk(root):
        if ".alcove" in folders:
            folders.remove(".alcove")
        for name in [*folders, *files]:
            path = Path(directory, name)
            key = str(path.relative_to(root))
            if path.is_symlink():
                found[key] = os.path.realpath(path).replace(str(root), "ROOT")
            elif path.is_file() and not name.startswith("python"):
                lines = path.read_bytes().decode().replace(str(root), "ROOT").splitlines()
                found[key] = "\n".join(sorted(lines))
            else:
                found[key] = "there"
    link = root / "lib" / "python3.12"
    found |= {f"site {path.name}": "" for path in (link / "site-packages").iterdir()}
    found["lib/python3.12"] = os.readlink(link)
    return found
