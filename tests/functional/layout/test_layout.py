"""The layout of a new environment, on every interpreter here: what others look for, and the invariant that it stands on."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.environments import config
from alcove.testing.interpreters import require_interpreter
from tests.functional.machine import VERSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.machine import Done, Machine

KEYS = {
    "home",
    "implementation",
    "version",
    "version_info",
    "include-system-site-packages",
    "executable",
    "command",
    "prompt",
    "alcove",
}
ASK = """
import json, os, sys, sysconfig
paths = sysconfig.get_paths()
json.dump({
    "prefix": sys.prefix, "base": sys.base_prefix, "executable": sys.executable,
    "version": ".".join(map(str, sys.version_info[:3])),
    "purelib": paths["purelib"], "scripts": paths["scripts"], "include": paths["include"],
    "path": sys.path, "real": os.path.realpath(paths["purelib"]),
}, sys.stdout)
"""


def made(machine: Machine, *words: str, name: str = "env", python: str = sys.executable) -> Path:
    """Make an environment and return where it is."""
    machine.do("create", name, "-p", python, *words)
    return machine.work / name


def told(machine: Machine, env: Path, *flags: str) -> dict[str, object]:
    """Return what the environment's Python says of itself."""
    done = machine.run(str(env / "bin" / "python"), *flags, "-c", ASK)
    assert done.code == 0, done.text
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("version", VERSIONS)
def test_on_every_interpreter(machine: Machine, version: str) -> None:
    require_interpreter(version)
    env = made(machine, "--with", "flask" if version != "3.6" else "click", python=version)
    site = env / "lib" / f"python{version}" / "site-packages"
    # The invariant of the design: three levels above site-packages is the environment, by either path.
    assert os.path.realpath(f"{os.path.realpath(site)}/../../..") == os.path.realpath(env)
    assert os.path.normpath(f"{site}/../../..") == str(env)
    assert os.path.realpath(site / ".." / ".." / "..") == os.path.realpath(env)
    for name in ("python", "python3", f"python{version}"):
        assert machine.run(str(env / "bin" / name), "-c", "import click").code == 0
    said = told(machine, env)
    assert said["prefix"] == str(env)
    assert said["base"] != str(env)
    assert said["purelib"] == str(site)
    assert said["scripts"] == str(env / "bin")
    assert str(site) in said["path"]  # type: ignore[operator]
    assert told(machine, env, "-I")["prefix"] == str(env)
    check_config(env, version, str(said["version"]))
    check_files(env, version)
    check_inside(machine, env, version)


def check_config(env: Path, version: str, whole: str) -> None:
    """Hold pyvenv.cfg against what the standard library, editors and rivals read."""
    values = config.read(str(env / "pyvenv.cfg"))
    assert values.keys() == KEYS
    assert values["version"] == whole
    assert values["version_info"].startswith(f"{whole}.")
    assert values["include-system-site-packages"] == "false"
    assert values["implementation"] == "CPython"
    assert os.path.isfile(os.path.join(values["home"], f"python{version}"))
    assert os.path.isfile(values["executable"])
    assert config.prompt_of(values, "") == "env"
    assert "create env" in values["command"]


def check_files(env: Path, version: str) -> None:
    """Hold the files against the design."""
    assert os.readlink(env / "lib64") == "lib"
    assert os.readlink(env / "lib" / f"python{version}") == "../.alcove/current"
    assert os.readlink(env / ".alcove" / "current") in {"a", "b"}
    assert (env / ".gitignore").read_text() == "*\n"
    assert (
        (env / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )
    assert any((env / "include").iterdir())
    assert {"activate", "activate.fish", "activate.csh", "Activate.ps1", "pip"} <= set(
        os.listdir(env / "bin")
    )
    assert not (env / "bin" / "pip").is_symlink()
    assert sorted(path.name for path in env.parent.iterdir()) == ["env"]


def check_inside(machine: Machine, env: Path, version: str) -> None:
    """Ask the pip inside, and remove and install again through it."""
    python = str(env / "bin" / "python")
    done = machine.run(python, "-m", "pip", "--version")
    assert done.stdout.startswith("pip "), done.text
    assert done.stdout.endswith(f"(python {version})\n"), done.text
    assert machine.run(python, "-m", "pip", "uninstall", "-y", "click").code == 0
    assert machine.run(python, "-c", "import click").code == 1
    done = machine.run(str(env / "bin" / f"pip{version}"), "install", "click")
    assert done.code == 0, done.text
    assert machine.run(python, "-c", "import click").code == 0


def test_copies_and_symlinks(machine: Machine) -> None:
    copied = made(machine, "--copies", name="copied") / "bin" / "python"
    linked = made(machine, "--symlinks", name="linked") / "bin" / "python"
    assert (copied.is_symlink(), linked.is_symlink()) == (False, True)
    for env in ("copied", "linked"):
        assert told(machine, machine.work / env)["prefix"] == str(machine.work / env)


def test_without_pip(machine: Machine) -> None:
    env = made(machine, "--without-pip")
    assert not [name for name in os.listdir(env / "bin") if name.startswith("pip")]
    python = str(env / "bin" / "python")
    assert machine.run(python, "-c", "import pip").code == 1
    machine.do("install", "--env", "env", "click")
    assert machine.run(python, "-c", "import click").code == 0


def test_created_inside_another(machine: Machine) -> None:
    outer = made(machine, name="outer")
    python = str(outer / "bin" / "python")
    environ = {"VIRTUAL_ENV": str(outer), "PATH": f"{outer}/bin:{machine.environ['PATH']}"}
    for name, request in (("one", python), ("two", str(outer))):
        done = machine.run("alcove", "create", name, "-p", request, environ=environ)
        assert done.code == 0, done.text
        inner = config.read(str(machine.work / name / "pyvenv.cfg"))
        assert inner["home"] == config.read(str(outer / "pyvenv.cfg"))["home"]
        assert not inner["home"].startswith(str(outer))
        assert os.readlink(machine.work / name / "bin" / "python") == os.readlink(python)


def test_the_umask_holds(machine: Machine) -> None:
    done = machine.bash(f"umask 077; alcove create env -p {sys.executable} --with click")
    assert done.code == 0, done.text
    open_to_others = [
        str(path)
        for path in (machine.work / "env").rglob("*")
        if not path.is_symlink()
        and stat.S_IMODE(path.lstat().st_mode) & 0o077
        and path.lstat().st_nlink == 1  # what the store already had is the store's
    ]
    assert open_to_others == []
    python = str(machine.work / "env" / "bin" / "python")
    assert machine.run(python, "-c", "import click").code == 0


@pytest.mark.parametrize(
    "prompt", ["it's", 'say "hi"', "$(touch evil)`touch evil`", "über ☃", "a\\nb", " spaced out "]
)
def test_prompts(machine: Machine, prompt: str) -> None:
    env = made(machine, "--prompt", prompt)
    assert config.prompt_of(config.read(str(env / "pyvenv.cfg")), "") == prompt
    assert json.loads(machine.do("info", "--env", "env", "--json"))["prompt"] == prompt
    done = machine.bash("PS1='> '; source env/bin/activate; printf '%s' \"$VIRTUAL_ENV_PROMPT\"")
    assert prompt in done.stdout, done.text
    assert not (machine.work / "evil").exists()


def test_a_prompt_adds_no_key(machine: Machine) -> None:
    env = made(machine, "--prompt", "a\nhome = /evil\ninclude-system-site-packages = true")
    values = config.read(str(env / "pyvenv.cfg"))
    assert values.keys() == KEYS
    assert values["home"] != "/evil"
    assert values["include-system-site-packages"] == "false"


@pytest.mark.parametrize("mode", ["view", "copy", "hardlink", "clone"])
def test_link_modes(machine: Machine, mode: str) -> None:
    env = made(machine, "--link-mode", mode, "--with", "flask")
    assert_runs(machine, env)
    site = next((env / "lib").iterdir()) / "site-packages"
    package = site / "jinja2"
    assert package.is_symlink() == (mode == "view")
    module = package / "__init__.py"
    shared = module.stat().st_nlink > 1
    if mode in ("copy", "clone"):
        assert not shared
        module.write_text("changed = 1\n")
        other = made(machine, "--with", "jinja2", name="other")
        done = machine.run(str(other / "bin" / "python"), "-c", "import jinja2; jinja2.changed")
        assert done.code == 1
    elif mode == "hardlink":
        assert shared
    machine.do("install", "--env", "env", "django")
    machine.do("undo", "--env", "env")
    assert_runs(machine, env)


def test_private(machine: Machine) -> None:
    env = made(machine, "--private", "--with", "flask")
    assert not (env / ".alcove" / "store").is_symlink()
    outside = [
        str(path)
        for path in env.rglob("*")
        if path.is_symlink() and not os.path.realpath(path).startswith(os.path.realpath(env))
    ]
    assert {os.path.basename(path) for path in outside} <= {"python", "python3", PYTHON}
    if machine.data.exists():
        machine.data.rename(machine.data.with_name("gone"))
    assert_runs(machine, env)
    assert machine.run(str(env / "bin" / "python"), "-m", "pip", "freeze").code == 0
    machine.do("install", "--env", "env", "django")
    machine.do("undo", "--env", "env")
    assert_runs(machine, env)


PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"


def assert_runs(machine: Machine, env: Path) -> None:
    """Run a program of the environment."""
    done: Done = machine.run(str(env / "bin" / "flask"))
    assert done.stdout == "Flask 3.0.3\n", done.text


def test_the_default_where_others_reach_the_environment_but_not_the_store(
    machine: Machine,
) -> None:
    above = machine.home.parent.parent
    closed = [path for path in (above, *above.parents) if not path.stat().st_mode & 0o001]
    try:
        for path in closed:
            path.chmod(path.stat().st_mode | 0o001)
        machine.home.chmod(0o700)
        done = machine.alcove("create", "env", "-p", sys.executable)
        assert done.code == 0, done.text
        assert done.stderr.count("\n") == 1
        assert "others can reach" in done.stderr
        assert "--link-mode" in done.stderr
        assert json.loads(machine.do("info", "--env", "env", "--json"))["private"] is True
        done = machine.alcove("create", "view", "-p", sys.executable, "--link-mode", "view")
        assert (done.code, done.stderr) == (0, ""), done.text
        assert json.loads(machine.do("info", "--env", "view", "--json"))["private"] is False
        machine.home.chmod(0o755)
        done = machine.alcove("create", "open", "-p", sys.executable)
        assert (done.code, done.stderr) == (0, ""), done.text
    finally:
        for path in closed:
            path.chmod(path.stat().st_mode & ~0o001)


def test_in_place_of_an_empty_directory_and_through_a_link(machine: Machine) -> None:
    (machine.work / "env").mkdir()
    before = (machine.work / "env").stat().st_ino
    env = made(machine, "--with", "flask")
    assert env.stat().st_ino == before
    assert_runs(machine, env)
    (machine.work / "link").symlink_to("env")
    done = machine.alcove("create", "link", "-p", sys.executable)
    assert done.code == 1
    machine.do("create", "--clear", "link", "-p", sys.executable, "--with", "click")
    assert (machine.work / "link").is_symlink()
    python = str(machine.work / "link" / "bin" / "python")
    assert machine.run(python, "-c", "import click").code == 0
    assert machine.run(python, "-c", "import flask").code == 1


def test_four_at_once(machine: Machine) -> None:
    running = [
        machine.start("create", "env", "-p", sys.executable, "--with", "flask") for _ in range(4)
    ]
    ended = [(each.communicate(timeout=300), each.returncode) for each in running]
    assert sorted(code for _, code in ended) == [0, 1, 1, 1], ended
    for (_, stderr), code in ended:
        told = ("already", "somebody else", "is being made by another process")
        assert code == 0 or any(words in stderr for words in told), stderr
    assert os.listdir(machine.work) == ["env"]
    assert_runs(machine, machine.work / "env")
