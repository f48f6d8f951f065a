"""The environment that a wheel is built in: handed in by the caller, never made here.

Rule: a build sees what its environment has, and nothing of the shell that alcove was started from but what a
compiler needs (PATH, HOME, CFLAGS, proxies, …).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BuildEnvironment", "clean_environ"]

# PYTHON* variables that change no import and no encoding of what a backend reads.
_KEPT = frozenset({"PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE"})
_DROPPED = frozenset({"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "__PYVENV_LAUNCHER__"})


class BuildEnvironment(Protocol):
    """What a build needs of its environment.

    `python`: absolute path of its interpreter; `prefix`: absolute; `scripts`: its `bin`, absolute.
    """

    @property
    def python(self) -> str:
        """Return the absolute path of the interpreter."""

    @property
    def prefix(self) -> str:
        """Return the absolute path of the environment."""

    @property
    def scripts(self) -> str:
        """Return the absolute path of the directory of its scripts."""

    def install(self, requirements: Sequence[str], /) -> None:
        """Make that the requirements (PEP 508 texts) are met; AlcoveError where they cannot be."""


def clean_environ(environ: Mapping[str, str], *, scripts: str) -> dict[str, str]:
    """Return the variables of a build's processes, from those of alcove's own process.

    Nothing that steers another Python stays, and `scripts` (absolute) comes first in PATH.
    """
    cleaned = {
        name: value
        for name, value in environ.items()
        if name not in _DROPPED and (not name.startswith("PYTHON") or name in _KEPT)
    }
    path = cleaned.get("PATH", os.defpath)
    cleaned["PATH"] = f"{scripts}{os.pathsep}{path}" if path else scripts
    cleaned["PYTHONNOUSERSITE"] = "1"  # a user's own site-packages is no part of the build
    cleaned["PYTHONUNBUFFERED"] = "1"  # lines of the backend and of its children stay in order
    cleaned["PYTHONIOENCODING"] = "utf-8:backslashreplace"  # the log is read as UTF-8
    return cleaned
