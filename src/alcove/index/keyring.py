"""The `keyring` program, asked for a login as a process of its own.

Rule: what is asked is a URL or a host of the user's settings, handed over as one argument, never through a
shell; what is answered stays in memory.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Keyring"]

_PATIENCE = 120.0  # seconds: it may ask the user to unlock something


class Keyring:
    """The program at `path` (absolute)."""

    def __init__(self, path: str) -> None:
        self._path = path

    @classmethod
    def found(cls, search_path: str) -> Self | None:
        """Return the keyring that `search_path` (a PATH) has, or None."""
        path = shutil.which("keyring", path=search_path) if search_path else None
        return cls(path) if path else None

    def ask(self, services: Sequence[str], user: str) -> tuple[str, str] | None:
        """Return (user, password) of the first of `services` that it knows; `user` may be ""."""
        for service in dict.fromkeys(services):
            if not service or service.startswith("-") or user.startswith("-"):
                continue
            if user:
                password = self._run("get", service, user)
                if password:
                    return user, password[0]
            else:
                lines = self._run("--mode", "creds", "get", service)
                if lines and len(lines) > 1:
                    return lines[0], lines[1]
        return None

    def _run(self, *arguments: str) -> list[str] | None:
        try:
            done = subprocess.run(
                [self._path, *arguments],
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
