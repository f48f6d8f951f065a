"""Walk the first steps of the tutorial in a shell, each command printed as a user would type it.

Rule: what is printed is what is run. Only the waiting for the example's port is not shown.
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys

from scripts.fetch import Trouble, say

__all__ = ["run", "script"]

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = os.path.join(CHECKOUT, "build")  # below it, an earlier walk may be removed
PORTS = range(5000, 5020)
WAIT = 30  # seconds that the example may take to answer
WAITING = """
import socket, sys, time
port, end = int(sys.argv[1]), time.monotonic() + float(sys.argv[2])
while socket.socket().connect_ex(("127.0.0.1", port)):
    if time.monotonic() > end:
        sys.exit(f"error: nobody answers on port {port}")
    time.sleep(0.1)
"""


def run(command: str, directory: str) -> int:
    """Walk in `directory` with the alcove at `command` (absolute); return the exit code of the first step that fails, or 0."""
    directory = os.path.abspath(directory)
    make_empty(directory)
    shell = shutil.which("bash") or shutil.which("sh")
    if not shell:
        raise Trouble("no bash and no sh on PATH")
    environ = {
        **os.environ,
        "PATH": os.path.dirname(command) + os.pathsep + os.environ.get("PATH", os.defpath),
    }
    environ.pop("VIRTUAL_ENV", None)
    say(f"walking the first steps in {directory}")
    text = script(
        os.path.join(CHECKOUT, "examples", "flask-app", "app.py"),
        free_port(),
        os.path.basename(shell),
    )
    done = subprocess.run([shell, "-ec", text], cwd=directory, env=environ, check=False)
    if done.returncode:
        say(f"error: the last command above failed with exit code {done.returncode}")
    return done.returncode


def make_empty(directory: str) -> None:
    """Make `directory` and see that it is empty; only what lies below our own build/ is removed for it."""
    if os.path.isdir(directory) and directory.startswith(OURS + os.sep):
        shutil.rmtree(directory)
    os.makedirs(directory, exist_ok=True)
    if os.listdir(directory):
        raise Trouble(
            f"{directory} is not empty", "give an empty directory: install.py --first-steps DIR"
        )


def free_port() -> int:
    """Return the first port of 5000 and those after it that nobody listens on."""
    for port in PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble(f"the ports {PORTS.start} to {PORTS.stop - 1} are all in use")


def script(app: str, port: int, shell: str) -> str:
    """Return the shell program of the walk: `app` (absolute) is the example, `shell` the program's name."""
    read = "source" if shell == "bash" else "."
    number = [str(port)] if port != PORTS.start else []
    address = f"http://127.0.0.1:{port}/"
    ask = f"import urllib.request; print(urllib.request.urlopen('{address}').read().decode())"
    steps = [
        "alcove create .venv",
        f"{read} .venv/bin/activate",
        "pip install flask",
        shlex.join(["python", app, *number]) + " &",
        f'python -c "{ask}"',
        "kill $!",
        "pip freeze > requirements.txt",
        "cat requirements.txt",
        "deactivate",
    ]
    waiting = shlex.join([sys.executable, "-c", WAITING, str(port), str(WAIT)])
    lines = []
    for step in steps:
        lines += [f"printf '\\n$ %s\\n' {shlex.quote(step)}", step]
        if step.endswith("&"):
            lines += ["app=$!", "trap 'kill $app 2>/dev/null || true' EXIT", waiting]
    return "\n".join(lines) + "\n"
