"""`shell`: a sub-shell in which an environment is active, in the user's own shell with the user's own start-up files.

Rule: nothing of an environment's path becomes code: it is handed over in a variable, and the start-up files that we
write are the same for all environments.
"""

from __future__ import annotations

import os

from alcove.actions.use import (
    Start,
    activation,
    calling_shell,
    check,
    environ_of,
    on_path,
    shell_named,
)
from alcove.files import atomic, reading, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["shell"]

_BASH = b"""\
# Start-up file of `alcove shell` for bash: the user's own, then the environment.
if [ -f ~/.bashrc ]; then . ~/.bashrc; fi
. "$_ALCOVE_SHELL/bin/activate"
unset _ALCOVE_SHELL
"""
_ZSH = b"""\
# Start-up file of `alcove shell` for zsh: the user's own, then the environment.
if [[ -n ${_ALCOVE_ZDOTDIR+x} ]]; then ZDOTDIR=$_ALCOVE_ZDOTDIR; else unset ZDOTDIR; fi
unset _ALCOVE_ZDOTDIR
if [[ -f ${ZDOTDIR:-$HOME}/.zshrc ]]; then . "${ZDOTDIR:-$HOME}/.zshrc"; fi
. "$_ALCOVE_SHELL/bin/activate"
unset _ALCOVE_SHELL
"""
_ZSHENV = b"""\
if [[ -f ${_ALCOVE_ZDOTDIR:-$HOME}/.zshenv ]]; then . "${_ALCOVE_ZDOTDIR:-$HOME}/.zshenv"; fi
"""
_POSIX = b"""\
# Start-up file of `alcove shell` for other shells of POSIX: the user's own, then the environment.
ENV=$_ALCOVE_ENV
if [ -n "$ENV" ]; then export ENV; if [ -f "$ENV" ]; then . "$ENV"; fi; else unset ENV; fi
unset _ALCOVE_ENV
if [ -n "${_ALCOVE_SHELL-}" ]; then . "$_ALCOVE_SHELL/bin/activate"; fi
unset _ALCOVE_SHELL
"""


def shell(
    path: str, settings: Settings, *, terminal: bool, reporter: Reporter | None = None
) -> Start:
    """Return how a sub-shell for the environment at `path` (absolute) is started: the user's (SHELL).

    Where SHELL is not set, or names no program (`reporter` is told), it is the shell that asks, else /bin/sh. `terminal`: somebody types into it, so that the prompt is to show the environment; else, and where no start-up file can
    be written, it only finds its programs first. NotAnEnvironment, InterpreterGone.
    """
    check(path)
    program = _program(settings, reporter)
    if terminal:
        try:
            found = _activated(path, program, settings)
        except OSError:
            found = None  # a home that nobody may write into
        if found is not None:
            return found
    return Start((program,), environ_of(path, settings))


def _program(settings: Settings, reporter: Reporter | None) -> str:
    """Return the absolute path of the shell to start."""
    said = settings.variables.get("SHELL", "")
    found = said if os.sep in said else on_path(said, settings.variables.get("PATH", ""))
    if found and os.path.isfile(found) and os.access(found, os.X_OK):
        return found
    program = calling_shell() or "/bin/sh"
    if said and reporter is not None:
        from alcove.events import Warned

        fault = "cannot be executed" if found and os.path.lexists(found) else "is not there"
        reporter.emit(
            Warned(
                f"SHELL names {said}, which {fault}; {program} is started",
                f"export SHELL={program}, or chsh, says which is to be",
            )
        )
    return program


def _activated(path: str, program: str, settings: Settings) -> Start | None:
    """Return how a shell is started that activates by itself; None for one that has no way to. OSError."""
    name = shell_named(program)
    environ = dict(settings.variables)
    folder = f"{settings.cache}/shells"
    if name == "bash":
        environ["_ALCOVE_SHELL"] = path
        return Start((program, "--rcfile", _file(folder, "bashrc", _BASH), "-i"), environ)
    if name == "zsh":
        environ["_ALCOVE_SHELL"] = path
        if "ZDOTDIR" in environ:
            environ["_ALCOVE_ZDOTDIR"] = environ["ZDOTDIR"]
        _file(folder, ".zshenv", _ZSHENV)
        environ["ZDOTDIR"] = os.path.dirname(_file(folder, ".zshrc", _ZSH))
        return Start((program, "-i"), environ)
    if name in ("sh", "dash", "ksh"):
        environ["_ALCOVE_SHELL"] = path
        environ["_ALCOVE_ENV"] = environ.get("ENV", "")
        environ["ENV"] = _file(folder, "posixrc", _POSIX)
        return Start((program, "-i"), environ)
    flags = {"fish": ("-C",), "nu": ("-e",), "powershell": ("-NoExit", "-Command")}.get(name)
    if flags is not None:
        return Start((program, *flags, activation(path, settings, shell=name)), environ)
    return None


def _file(folder: str, name: str, content: bytes) -> str:
    """Return the path of a start-up file with that content, which is written where it is not there."""
    path = f"{folder}/{name}"
    try:
        if reading.content(path) == content:
            return path
    except FileNotFoundError:
        trees.make_directories(folder)
    atomic.replace_file(path, content)
    return path
