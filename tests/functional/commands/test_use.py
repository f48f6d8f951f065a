"""`activate`, `run`, `shell`, `temp`, `each`, `python`: environments and interpreters used."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.import_graph import ROOT
from tests.functional.terminals import require_terminal

if TYPE_CHECKING:
    from tests.functional.commands.conftest import User


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "fish", "tcsh"])
def test_activate_prints_what_the_shell_evaluates(user: User, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not here")
    hostile = user.project / "it's $(touch x) `y`"
    user.env.rename(hostile)
    user.type("repair", "--env", str(hostile))
    line = user.type("activate", f"./{hostile.name}", "--shell", shell).stdout
    script = f"{line}\nprintenv VIRTUAL_ENV\npython -c 'import sys; print(sys.prefix)'\n"
    flags = ["-f"] if shell in ("zsh", "tcsh") else []
    done = subprocess.run(
        [program, *flags],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        cwd=user.project,
    )
    assert done.stdout.splitlines() == [str(hostile), str(hostile)], done.stderr
    assert not (user.project / "x").exists()


def test_activate_knows_the_users_shell(user: User) -> None:
    line = user.type("activate", variables={"SHELL": "/usr/bin/fish"}).stdout
    assert line == f"source '{user.env}/bin/activate.fish'\n"
    assert "no shell" in user.type("activate", variables={"SHELL": "/bin/odd"}, code=2).stderr
    user.type("activate", "--shell", "odd", code=2)
    user.type("activate", "./nowhere", "--shell", "bash", code=1)


def test_run_passes_everything_through(user: User) -> None:
    code = "import os, sys; print(sys.prefix, sys.argv[1:], sys.stdin.read(), os.environ['VIRTUAL_ENV_PROMPT'])"
    done = user.type("run", "python", "-c", code, "-n", "--", "b", stdin="hello")
    assert done.stdout == f"{user.env} ['-n', '--', 'b'] hello {user.project.name}\n"
    assert user.start("run", "--", "sh", "-c", "exit 7").returncode == 7
    assert user.start("run", "sh", "-c", "kill -KILL $$").returncode == -signal.SIGKILL
    assert "no program 'nothing'" in user.type("run", "nothing", code=127).stderr
    (user.env / "bin" / "tool").write_text("#!/no/python\n")
    assert "cannot be executed" in user.type("run", "tool", code=126).stderr
    (user.env / "bin" / "tool").chmod(0o755)
    assert "its first line" in user.type("run", "tool", code=126).stderr


def test_run_is_the_program_itself(user: User) -> None:
    """A signal sent to the process that was started reaches the program, and what Python ignores is not ignored."""
    words = [
        sys.executable,
        "-m",
        "alcove",
        "run",
        "sh",
        "-c",
        "trap 'echo got; exit 3' TERM; echo up; while :; do sleep 0.05; done",
    ]
    environ = {**os.environ, "PYTHONPATH": os.path.join(ROOT, "src")}
    with subprocess.Popen(
        words, cwd=user.project, env=environ, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "up\n"
        child.terminate()
        assert child.wait(timeout=300) == 3
    done = user.type("run", "sh", "-c", "cat /proc/self/status")
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("SigIgn:")]
    assert int(row.split()[1], 16) & (1 << (signal.SIGPIPE - 1)) == 0


def test_run_takes_the_place_of_the_active_environment(user: User) -> None:
    user.type("create", "other", "-p", sys.executable)
    path = f"{user.project}/other/bin:{os.environ['PATH']}"
    variables = {"VIRTUAL_ENV": str(user.project / "other"), "PATH": path}
    words = ("run", "--env", ".venv", "sh", "-c", "echo $PATH; echo $VIRTUAL_ENV")
    done = user.type(*words, variables=variables)
    assert done.stdout.splitlines() == [f"{user.env}/bin:{os.environ['PATH']}", str(user.env)]


def test_shell_reads_from_what_is_no_terminal(user: User) -> None:
    done = user.type(
        "shell",
        stdin="python -c 'import sys; print(sys.prefix)'\nexit 4\n",
        variables={"SHELL": "/bin/sh"},
        code=4,
    )
    assert done.stdout == f"{user.env}\n"


def test_a_shell_that_is_not_there_is_told_and_another_one_started(user: User) -> None:
    script = "python -c 'import sys; print(sys.prefix)'\nexit 4\n"
    done = user.type("shell", stdin=script, variables={"SHELL": "/bin/odd"}, code=4)
    assert done.stdout == f"{user.env}\n"
    assert "SHELL names /bin/odd, which is not there; /bin/sh is started" in done.stderr


def test_activate_is_for_the_shell_that_asks(user: User) -> None:
    """The login shell is another one; `exec`, pipes and command substitution are no matter."""
    script = '"$@"; echo; x=$("$@"); echo "$x"; "$@" | cat'
    words = [sys.executable, "-m", "alcove", "activate"]
    environ = {**os.environ, "PYTHONPATH": os.path.join(ROOT, "src"), "SHELL": "/usr/bin/fish"}
    done = subprocess.run(
        ["sh", "-c", script, "sh", *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=user.project,
        env=environ,
    )
    line = f". '{user.env}/bin/activate'"
    assert done.stdout.split("\n") == [line, "", line, line, ""]


def test_shell_on_a_terminal_is_activated(user: User) -> None:
    require_terminal()
    (user.home / ".bashrc").write_text("PS1='mine> '; echo started\n")
    environ = {
        **os.environ,
        "PYTHONPATH": os.path.join(ROOT, "src"),
        "SHELL": shutil.which("bash") or "bash",
        "TERM": "dumb",
    }
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "alcove", "shell"]
    child = subprocess.Popen(
        words,
        cwd=user.project,
        env=environ,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    os.write(
        leader,
        b'python -c \'import sys; print(sys.prefix + "!")\'; deactivate; echo "[${VIRTUAL_ENV-none}]"; exit 5\n',
    )
    seen = b""
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(leader)
    assert child.wait(timeout=300) == 5
    text = seen.decode()
    assert "started" in text
    assert f"({user.project.name}) mine> " in text
    assert f"{user.env}!" in text
    assert "[none]" in text


def test_temp_is_gone_at_the_end(user: User) -> None:
    words = ("temp", "-p", sys.executable, "--with", "spoon", "--no-index", "-f", str(user.wheels))
    code = "import spoon, sys; print(sys.prefix); sys.exit(6)"
    done = user.type(*words, "--", "python", "-c", code, code=6)
    assert done.stdout.strip()
    assert not os.path.exists(os.path.dirname(done.stdout.strip()))
    assert [row["path"] for row in user.ask("envs")] == [str(user.env)]


def test_each_runs_in_every_environment(user: User) -> None:
    user.type("create", "-n", "other", "-p", sys.executable)
    done = user.type("each", "python", "-c", "import sys; print(sys.prefix)")
    assert sorted(done.stdout.splitlines()) == sorted(
        [str(user.env), str(user.home / ".virtualenvs" / "other")]
    )
    (user.home / ".virtualenvs" / "other" / "bin" / "tool").symlink_to("python")
    done = user.type("each", "--json", "tool", "-c", "print('said'); raise SystemExit(7)", code=1)
    missing = f"there is no program 'tool' in {user.env} or on PATH"
    assert json.loads(done.stdout) == [
        {"path": str(user.home / ".virtualenvs" / "other"), "exit_code": 7, "error": ""},
        {"path": str(user.env), "exit_code": 127, "error": missing},
    ]
    assert "\nsaid\n" in f"\n{done.stderr}"


def test_python_list_find_and_pin(user: User) -> None:
    found = user.type("python", "find", sys.executable).stdout.strip()
    assert os.path.realpath(found) == os.path.realpath(sys.executable)
    version = "{}.{}".format(*sys.version_info)
    variables = {"PATH": os.path.dirname(found) + os.pathsep + os.environ["PATH"]}
    assert user.type("python", "find", version, variables=variables).stdout.strip()
    rows = user.type("python", "list", "--json", variables=variables).stdout
    assert os.path.realpath(found) in [
        os.path.realpath(row["executable"]) for row in json.loads(rows)
    ]
    (mine,) = [row for row in json.loads(rows) if row["environments"]]
    assert mine["environments"] == [str(user.env)]
    user.type("python", "pin", version, variables=variables)
    assert (user.project / ".python-version").read_text() == f"{version}\n"
    user.type("python", "pin", "3.99", code=1)
    assert (user.project / ".python-version").read_text() == f"{version}\n"
    user.type("python", "pin", "/bin/sh", code=1)
    user.type("python", "odd", code=2)
    assert f".python-version says {version}" in user.type("python", "pin").stdout
