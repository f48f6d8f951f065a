"""Build the development environment with alcove itself, and run every check in it.

Rule: nothing outside build/ is written but caches, so a contributor's own alcove is not touched; every check runs even when
one before it failed, and pytest comes last, so that its summary is the last line.
"""

from __future__ import annotations

import os
import subprocess
import time

from scripts.fetch import Trouble, say

__all__ = ["PREFIX", "run"]

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PREFIX = os.path.join(CHECKOUT, "build", "alcove")
HOME = os.path.join(CHECKOUT, "build", "data")  # the store of the development environment
ENVIRONMENT = os.path.join("build", "dev")
PINS = os.path.join("requirements", "dev.txt")
WORKERS = 2

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)
TESTS = ("pytest", "-n", str(WORKERS), "--dist", "worksteal", "-q", "--durations=25")


def run(command: str, python: str) -> int:
    """Check with the alcove at `command`, in an environment of `python` (both absolute); return the exit code."""
    environ = {**os.environ, "ALCOVE_HOME": HOME}
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"):
        environ.pop(name, None)
    prepare(command, python, environ)
    failed = [" ".join(check) for check in CHECKS if not passes(check, environ)]
    if failed:
        say(f"error: failed: {', '.join(failed)}; the tests follow")
    return 0 if passes(TESTS, environ) and not failed else 1


def prepare(command: str, python: str, environ: dict[str, str]) -> None:
    """Make the development environment, or bring the one that is there in line with its pins."""
    if os.path.exists(os.path.join(CHECKOUT, ENVIRONMENT, "pyvenv.cfg")):
        words = [command, "sync", "--env", ENVIRONMENT, PINS]
    else:
        words = [command, "create", ENVIRONMENT, "-p", python, "-r", PINS]
    if call(words, environ):
        raise Trouble(
            f"the development environment could not be made: {' '.join(words)}",
            f"remove {os.path.join(CHECKOUT, 'build')} and try again",
        )


def passes(check: tuple[str, ...], environ: dict[str, str]) -> bool:
    """Run one check of the environment's bin directory on the checkout's sources."""
    program = os.path.join(CHECKOUT, ENVIRONMENT, "bin", check[0])
    ours = {
        key: value for key, value in environ.items() if key != "ALCOVE_HOME"
    }  # tests have their own
    return not call([program, *check[1:]], {**ours, "PYTHONPATH": os.path.join(CHECKOUT, "src")})


def call(words: list[str], environ: dict[str, str]) -> int:
    """Run a program in the checkout, saying which and how long it took; return its exit code."""
    say(
        "$ "
        + " ".join(
            os.path.relpath(word, CHECKOUT) if os.path.isabs(word) else word for word in words
        )
    )
    start = time.monotonic()
    code = subprocess.run(words, cwd=CHECKOUT, env=environ, check=False).returncode
    if os.path.basename(words[0]) != TESTS[0]:
        say(f"  {'done' if not code else f'exit code {code}'} in {time.monotonic() - start:.0f} s")
    return code
