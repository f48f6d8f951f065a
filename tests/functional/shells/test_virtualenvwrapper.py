"""The commands and hooks of virtualenvwrapper in bash and zsh, by the real command.

What is expected of the hooks, order and arguments alike, is what virtualenvwrapper 6.1.1 itself wrote for the same script.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_ensurepip
from alcove.testing.wheels import wheel
from tests.functional.shells.real import Home

if TYPE_CHECKING:
    from pathlib import Path

RUN = ("preactivate", "premkvirtualenv", "precpvirtualenv", "prermvirtualenv", "postrmvirtualenv")
READ = ("postactivate", "predeactivate", "postdeactivate", "postmkvirtualenv", "postcpvirtualenv")

both = pytest.mark.parametrize("shell", ["bash", "zsh"])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home whose WORKON_HOME has hooks that note how they are called."""
    found = Home(tmp_path / "it's home")
    found.environ["LOG"] = str(found.path / "log")
    envs = found.path / ".virtualenvs"
    envs.mkdir()
    for name in (*RUN, "premkproject", "get_env_details"):
        hook(envs / name, '"$*"')
        (envs / name).chmod(0o755)
    for name in (*READ, "initialize", "postmkproject"):
        hook(envs / name, '"${VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV-}"')
    return found


@pytest.fixture
def bundled() -> None:
    """Skip where setuptools, which virtualenv seeds up to 3.11, does not come with the interpreter."""
    if sys.version_info < (3, 12):
        require_ensurepip()


def hook(path: Path, word: str) -> None:
    where = '"$(basename "${VIRTUAL_ENV-}")" "$(basename "$PWD")"'
    path.write_text(
        f"#!/bin/sh\nprintf '%s [%s] (%s) %s\\n' {path.name} {word} {where} >>\"$LOG\"\n"
    )


def log(home: Home) -> list[str]:
    """Return what the hooks noted, and forget it."""
    path = home.path / "log"
    text = path.read_text() if path.exists() else ""
    path.write_text("")
    return text.replace(f"{home.path}/.virtualenvs/", "").splitlines()


def use(home: Home, shell: str, script: str) -> list[str]:
    """Run a script in a shell that has the commands; return the lines that it printed."""
    init = f'eval "$(alcove shell-init {shell} --virtualenvwrapper)"\nset -u\n'
    flags = ["-f"] if shell == "zsh" else ["--norc"]
    return home.shell(shell, init + script, *flags).splitlines()


@both
@pytest.mark.usefixtures("bundled")
def test_hooks_are_run_and_read_as_by_virtualenvwrapper(home: Home, shell: str) -> None:
    project = home.path / "work"
    (project / ".virtualenvwrapper").mkdir(parents=True)
    for name in ("postactivate", "predeactivate"):
        hook(project / ".virtualenvwrapper" / name, "project")
    printed = use(
        home,
        shell,
        f"mkvirtualenv -q -p {sys.executable} -a work one\n"
        'echo next >>"$LOG"; deactivate; cd; workon one; pwd\n'
        'echo next >>"$LOG"; cpvirtualenv one two\n'
        'echo next >>"$LOG"; rmvirtualenv one; rmvirtualenv two; deactivate; echo ${VIRTUAL_ENV-none}\n'
        "typeset -f deactivate _alcove_leave\n"
        "true\n",
    )
    assert printed[-2:] == [
        "Removing one...",
        "none",
    ]
    assert str(project) in printed
    entered = [
        "preactivate [one] () .virtualenvs",
        "postactivate [project] (one) work",
        "postactivate [] (one) work",
    ]
    left = [
        "predeactivate [project] (one) {}",
        "predeactivate [] (one) {}",
        "postdeactivate [one] () {}",
    ]
    assert log(home) == [
        "initialize [] () it's home",
        "premkvirtualenv [one] () .virtualenvs",
        *entered,
        "postmkvirtualenv [] (one) work",
        "next",
        *[line.format("work") for line in left],
        *entered,
        "next",
        "precpvirtualenv [one two] (one) .virtualenvs",
        "premkvirtualenv [two] (one) .virtualenvs",
        *[line.format("work") for line in left],
        *[line.replace("one", "two") for line in entered],
        "postmkvirtualenv [] (two) work",
        "postcpvirtualenv [] (two) work",
        "next",
        "prermvirtualenv [one] (two) .virtualenvs",
        "postrmvirtualenv [one] (two) .virtualenvs",
        *[line.format("work").replace("one", "two") for line in left],
    ]


@both
def test_existing_environments_are_picked_up_as_they_are(home: Home, shell: str) -> None:
    """One that `venv` made, with hooks and a project as virtualenvwrapper left them; `workon` starts no program."""
    legacy = home.path / ".virtualenvs" / "legacy one"
    foreign(legacy)
    (home.path / "pro ject").mkdir()
    (legacy / ".project").write_text(f"{home.path}/pro ject\n")
    (legacy / "bin/postactivate").write_text('export FROM_HOOK=$(basename "$VIRTUAL_ENV")\n')
    (legacy / "bin/predeactivate").write_text("unset FROM_HOOK\n")
    init = home.path / "init"
    init.write_text(home.alcove("shell-init", shell, "--virtualenvwrapper").stdout)
    home.count()
    printed = home.shell(
        shell,
        f". {str(init)!r}\nworkon; p=$PATH\nworkon 'legacy one'; echo $FROM_HOOK; pwd; command -v python\n"
        'workon -n "legacy one"; deactivate; echo ${FROM_HOOK-none}; [ "$p" = "$PATH" ] && echo same\n'
        "workon nowhere || echo refused\n",
        "-f" if shell == "zsh" else "--norc",
    ).splitlines()
    assert printed == [
        "legacy one",
        "legacy one",
        f"{home.path}/pro ject",
        f"{legacy}/bin/python",
        "none",
        "same",
        "refused",
    ]
    assert home.count() == 0


def foreign(directory: Path) -> None:
    """Make an environment as another tool does, with a module and a script in it."""
    venv.EnvBuilder(with_pip=False, symlinks=True).create(directory)
    (site,) = (directory / "lib").glob("python*/site-packages")
    (site / "mine.py").write_text("answer = 42\n")
    start = f"#!/bin/sh\n'''exec' \"{directory}/bin/python\" \"$0\"\n' '''\n"
    script = directory / "bin" / "tell"
    script.write_text(f"{start}import mine\nprint(mine.__file__, mine.answer)\n")
    script.chmod(0o755)


@both
@pytest.mark.usefixtures("bundled")
def test_a_copy_of_a_foreign_environment_stands_alone(home: Home, shell: str) -> None:
    foreign(home.path / ".virtualenvs" / "old one")
    printed = use(
        home,
        shell,
        "cpvirtualenv 'old one' new; tell; rm -r \"$WORKON_HOME/old one\"; tell; cpvirtualenv new old\n"
        "tell; cpvirtualenv new old || echo there; cpvirtualenv / x || echo none\n",
    )
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    place = f"{home.path}/.virtualenvs/{{}}/lib/{version}/site-packages/mine.py 42"
    new = place.format("new")
    assert printed == [new, new, place.format("old"), "there", "none"]
    assert log(home)[1] == "precpvirtualenv [old one new] () .virtualenvs"


@both
@pytest.mark.usefixtures("bundled")
def test_the_other_commands(home: Home, shell: str) -> None:
    (home.path / "projects").mkdir()
    (home.path / "extra dir").mkdir()
    (home.path / "more").mkdir()
    home.environ["PROJECT_HOME"] = str(home.path / "projects")
    printed = use(
        home,
        shell,
        f"mkproject -q -p {sys.executable} 'a b'; pwd; cdvirtualenv bin; pwd; cdproject; pwd\n"
        "cdsitepackages; pwd; cdvirtualenv; cd ../..; lssitepackages -d\n"
        "add2virtualenv 'extra dir' more; python -c 'import sys; print(sys.path[1:3])'\n"
        "add2virtualenv -d more; add2virtualenv; python -c 'import sys; print(sys.path[1])'\n"
        'toggleglobalsitepackages; grep -c "= true" "$VIRTUAL_ENV/pyvenv.cfg"\n'
        'toggleglobalsitepackages -q; grep -c "= false" "$VIRTUAL_ENV/pyvenv.cfg"\n'
        "mkproject 'a b' || echo refused; rmvirtualenv 'a b' || echo refused\n"
        "wipeenv; lsvirtualenv -b; allvirtualenv pwd; showvirtualenv | head -n 3\n"
        f"mktmpenv -q -p {sys.executable}; deactivate; pwd; lsvirtualenv -b; rmvirtualenv 'a b' gone\n"
        "lsvirtualenv -b\n",
    )
    env = f"{home.path}/.virtualenvs/a b"
    project = f"{home.path}/projects/a b"
    extra = f"{home.path}/extra dir"
    expected = [
        project,
        f"{env}/bin",
        project,
        f"{env}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages",
        str([f"{home.path}/more", extra]),
        extra,
        "The distributions of the base are seen.",
        "1",
        "refused",
        "===",
        env,
        "A temporary environment: deactivate removes it.",
        f"{home.path}/.virtualenvs",
        "Removing a b...",
        "Removing gone...",
    ]
    position = 0
    for line in expected:
        assert line in printed[position:], (line, printed)
        position = printed.index(line, position) + 1
    assert printed[position:] == []
    assert log(home)[-1] == "postrmvirtualenv [a b] () .virtualenvs"
    assert (home.path / "projects/a b").is_dir()


@pytest.mark.usefixtures("bundled")
def test_installs_at_creation_and_says_what_is_wrong(home: Home, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"  # pip splits PIP_FIND_LINKS at blanks
    wheel(str(wheels), "spoon", "1.0")
    wheel(str(wheels), "fork", "1.0")
    (home.path / "needs.txt").write_text("fork\n")
    home.environ |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    home.environ["VIRTUALENVWRAPPER_VIRTUALENV_ARGS"] = f"-q -p {sys.executable}"
    printed = use(
        home,
        "bash",
        "mkvirtualenv -i spoon -r needs.txt web; python -c 'import fork, spoon; print(spoon.__file__)'\n"
        "mkvirtualenv -a nowhere x || echo no project; mkvirtualenv || echo no name\n"
        "deactivate; cdvirtualenv || echo none active; cpvirtualenv || echo no source; lsvirtualenv -x || echo usage\n"
        "mkproject pro || echo no home; mkproject -t django pro || echo no plugins; workon -h\n",
    )
    assert any(line.endswith("spoon/__init__.py") for line in printed)
    said = ["no project", "no name", "none active", "no source", "usage", "no home", "no plugins"]
    assert [line for line in printed if line in said] == said
    assert not (home.path / ".virtualenvs/x").exists()


@both
def test_a_workon_home_that_is_a_file_is_told(home: Home, shell: str) -> None:
    (home.path / "file").touch()
    home.environ["WORKON_HOME"] = "file"  # relative: from HOME, as in virtualenvwrapper
    printed = use(
        home, shell, 'echo "$WORKON_HOME"; mkvirtualenv x 2>&1 || echo refused; workon; echo end\n'
    )
    assert printed[0] == f"{home.path}/file"
    assert "no directory can be" in "\n".join(printed)
    assert printed[-2:] == ["refused", "end"]


def test_programs_among_the_hooks_run_without_the_function(home: Home) -> None:
    home.alcove("create", "-n", "web", "-p", sys.executable)
    home.alcove("create", "elsewhere", "-p", sys.executable)
    assert log(home) == ["premkvirtualenv [web] () .virtualenvs"]
    done = home.alcove("copy", "web", "-n", "two", "--json")
    assert done.stdout.startswith("{")
    home.alcove("delete", "-y", "web", "two", "./elsewhere")
    assert [line.partition(" (")[0] for line in log(home)] == [
        "precpvirtualenv [web two]",
        "premkvirtualenv [two]",
        "prermvirtualenv [web]",
        "postrmvirtualenv [web]",
        "prermvirtualenv [two]",
        "postrmvirtualenv [two]",
    ]


def test_a_hook_that_fails_is_told_and_changes_nothing(home: Home) -> None:
    broken = home.path / ".virtualenvs/premkvirtualenv"
    broken.write_text("#!/bin/sh\necho said\nexit 3\n")
    done = home.alcove("create", "-n", "web", "-p", sys.executable)
    assert "exit code 3" in done.stderr
    assert "said" in done.stderr
    assert "said" not in done.stdout
    broken.chmod(0o644)
    done = home.alcove("create", "-n", "more", "-p", sys.executable)
    assert "chmod +x" in done.stderr
    words = [str(home.path / ".virtualenvs/more/bin/python"), "-c", "pass"]
    assert subprocess.run(words, check=False, env=os.environ).returncode == 0
