"""A project's environments as its files name them: `.venv` (a directory, a link, or PEP 832's file) and `.python-envs`.

Rule (PEP 832, a draft): `.python-envs` names one environment a line, relative to its own directory; the last is the
default, and `.venv`, where it is there, counts as the last. Nothing is written here.
"""

from __future__ import annotations

import os

from alcove.errors import NotAnEnvironment
from alcove.files import reading
from alcove.records import NamedTuple

__all__ = [
    "LIST",
    "VENV",
    "Used",
    "default_in",
    "environments_in",
    "followed",
    "lines_of",
    "project_of",
]

VENV, LIST = ".venv", ".python-envs"
_PROJECT = ".project"
_MARKS = ("pyproject.toml", ".git", "setup.py", "setup.cfg")
_LIMIT = 65_536  # bytes of a file that names environments


class Used(NamedTuple):
    """An environment of a project: its path (absolute), whether it is the default, what names it (absolute)."""

    path: str
    default: bool
    by: str


def followed(path: str) -> str:
    """Return where a `.venv` that is a file leads (PEP 832), or the path itself; NotAnEnvironment where it leads nowhere."""
    if not os.path.isfile(path):
        return path
    lines = lines_of(path)
    if len(lines) != 1:
        raise NotAnEnvironment(
            f"{path} is a file and does not name an environment (PEP 832)", hint=_mended(path)
        )
    return os.path.normpath(os.path.join(os.path.dirname(path), lines[0]))


def environments_in(directory: str) -> list[Used]:
    """Return the environments of the project in `directory` (absolute), the default last; there or not."""
    found = []
    file = os.path.join(directory, LIST)
    if os.path.isfile(file):
        found = [os.path.normpath(os.path.join(directory, line)) for line in lines_of(file)]
    used = [Used(path, default=False, by=file) for path in dict.fromkeys(reversed(found))][::-1]
    venv = os.path.join(directory, VENV)
    if os.path.lexists(venv):
        used.append(Used(followed(venv), default=False, by=venv))
    if used:
        used[-1] = used[-1]._replace(default=True)
    return used


def default_in(directory: str) -> str:
    """Return the default environment of the project in `directory` (absolute), there or not; "" without one."""
    venv = os.path.join(directory, VENV)
    if os.path.lexists(venv):
        return followed(venv)
    if not os.path.isfile(os.path.join(directory, LIST)):
        return ""
    used = environments_in(directory)
    return used[-1].path if used else ""


def project_of(path: str) -> str:
    """Return the project (absolute) that the environment at `path` (absolute) says it is of, or lies in; "" for none.

    virtualenvwrapper: a file `.project` in the environment holds the project's path.
    """
    try:
        lines = lines_of(os.path.join(path, _PROJECT))
    except NotAnEnvironment:
        lines = []
    if lines and os.path.isabs(lines[0]):
        return lines[0]
    parent = os.path.dirname(path)
    return parent if any(os.path.exists(os.path.join(parent, mark)) for mark in _MARKS) else ""


def lines_of(path: str) -> list[str]:
    """Return the lines of a file that names environments; NotAnEnvironment where it cannot be one."""
    try:
        content = reading.content(path, limit=_LIMIT + 1)
    except OSError as error:
        raise NotAnEnvironment(
            f"{path} cannot be read: {error.strerror}", hint=_mended(path)
        ) from None
    if len(content) > _LIMIT or b"\0" in content:
        raise NotAnEnvironment(f"{path} does not name environments", hint=_mended(path))
    text = content.decode("utf-8", "surrogateescape")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _mended(path: str) -> str:
    """Return what to do about a file that should name environments; one that merely was asked about is left alone."""
    if os.path.basename(path) in (VENV, LIST, _PROJECT):
        return "correct or remove it"
    return "alcove envs lists those that there are"
