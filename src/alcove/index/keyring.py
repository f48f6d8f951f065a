"""A login asked of `keyring`, in a process of its own: the program of that name, or the module of an interpreter.

Rule: what is asked is a URL or a host of the user's settings, handed over as one argument, never through a
shell; what is answered stays in memory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Keyring", "Module", "Program", "found"]

_PATIENCE = 120.0  # seconds: it may ask the user to unlock something

# Runs in the environment's interpreter, of any version: the login of the first service that has one, in two lines.
_WORKER = """\
import sys
sys.path[:] = [path for path in sys.path if path]  # nothing of the current directory
try:
    import keyring
except ImportError:
    sys.exit(3)
user = sys.argv[1] or None
for service in sys.argv[2:]:
    if hasattr(keyring, "get_credential"):
        found = keyring.get_credential(service, user)
        login = found and (found.username, found.password)
    else:
        password = user and keyring.get_password(service, user)
        login = password and (user, password)
    if login:
        sys.stdout.write("%s\\n%s\\n" % login)
        break
"""


class Keyring(Protocol):
    """What can be asked for a login."""

    def ask(self, services: Sequence[str], user: str) -> tuple[str, str] | None:
        """Return (user, password) of the first of `services` that it knows; `user` may be ""."""


class Program:
    """The program at `path` (absolute)."""

    def __init__(self, path: str) -> None:
        self._path = path

    def ask(self, services: Sequence[str], user: str) -> tuple[str, str] | None:
        """Return (user, password) of the first of `services` that it knows; `user` may be ""."""
        for service in _askable(services, user):
            if user:
                password = _run([self._path, "get", service, user])
                if password:
                    return user, password[0]
            else:
                lines = _run([self._path, "--mode", "creds", "get", service])
                if lines and len(lines) > 1:
                    return lines[0], lines[1]
        return None


class Module:
    """The module `keyring` of the interpreter at `python` (absolute); `after` is asked where it has none."""

    def __init__(self, python: str, *, after: Keyring | None = None) -> None:
        self._python = python
        self._after = after

    def ask(self, services: Sequence[str], user: str) -> tuple[str, str] | None:
        """Return (user, password) of the first of `services` that it knows; `user` may be ""."""
        asked = _askable(services, user)
        lines = _run([self._python, "-c", _WORKER, user, *asked]) if asked else []
        if lines is None:
            return self._after.ask(services, user) if self._after else None
        return (lines[0], lines[1]) if len(lines) > 1 else None


def found(provider: str, *, search_path: str, python: str) -> Keyring | None:
    """Return the keyring of a provider, as pip finds it; None without one.

    `import`: the module of the interpreter `python` (absolute, or ""). `subprocess`: the program that `search_path`
    (a PATH) has, that of the environment itself left out. `auto`: the module, else the program.
    """
    program: Keyring | None = None
    if provider in ("auto", "subprocess"):
        path = _program(search_path, os.path.dirname(python))
        program = Program(path) if path else None
    if provider in ("auto", "import") and python and os.path.exists(python):
        return Module(python, after=program)
    return program


def _program(search_path: str, scripts: str) -> str | None:
    """Return the path of the program; that in the directory `scripts` would be the module once more."""
    places = [
        place
        for place in search_path.split(os.pathsep)
        if place and not (scripts and os.path.realpath(place) == os.path.realpath(scripts))
    ]
    return shutil.which("keyring", path=os.pathsep.join(places)) if places else None


def _askable(services: Sequence[str], user: str) -> list[str]:
    """Return what may be handed over: nothing that could be taken for an option."""
    if user.startswith("-"):
        return []
    return [one for one in dict.fromkeys(services) if one and not one.startswith("-")]


def _run(command: Sequence[str]) -> list[str] | None:
    """Return the lines that a command printed; None where it failed or could not be started."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode:
        return None
    return done.stdout.decode(errors="replace").splitlines()
