"""The interpreters of this machine, for tests: found by alcove's own scan, never started to be found.

Where one is missing a test is skipped, and says so.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile

import pytest

from alcove.interpreters import names, places, real, scan
from alcove.interpreters.find import fitting

__all__ = [
    "PLACES",
    "every_interpreter",
    "interpreter",
    "require_ensurepip",
    "require_interpreter",
]

PLACES = places.places_of(
    dict(os.environ),
    home=os.path.expanduser("~"),
    directory=tempfile.gettempdir(),
    own=os.path.join(tempfile.gettempdir(), "no-interpreters-of-alcove"),
)
"""Where the machine keeps interpreters, read when this module is imported: before any test changes HOME or PATH."""


def interpreter(request: str) -> str | None:
    """Return the executable (absolute) of the best interpreter for `request` ("3.12", "pypy"), None without one."""
    found = fitting(request, places=PLACES)
    return _named(found[0]) if found else None


def require_interpreter(request: str) -> str:
    """Return the same, or skip the test that asks."""
    found = interpreter(request)
    if found is None:
        pytest.skip(f"no interpreter on this machine answers {request!r}")
    return found


def require_ensurepip(python: str = sys.executable) -> None:
    """Skip the test that asks where the interpreter `python` comes without the wheels of ensurepip, as Debian's does."""
    if not _has_ensurepip(python):
        pytest.skip(f"{python} comes without ensurepip (Debian: python3-venv)")


@functools.cache
def _has_ensurepip(python: str) -> bool:
    line = [python, "-I", "-c", "import ensurepip; ensurepip.version()"]
    return not subprocess.run(line, capture_output=True, check=False).returncode


def every_interpreter(oldest: str = "3.6") -> list[str]:
    """Return the executables of all interpreters here from `oldest` on, newest first; to parametrize a test with."""
    least = names.version_key(oldest)
    found = [one for one in scan.scan(PLACES) if names.version_key(one.version) >= least]
    found.sort(key=lambda one: names.version_key(one.version), reverse=True)
    return [_named(one) for one in found]


def _named(found: scan.Found) -> str:
    short = ".".join(found.version.split(".")[:2])
    prefix = "pypy" if found.implementation == "PyPy" else "python"
    return real.stable(found.executable, prefix + short + ("t" if found.free_threaded else ""))
