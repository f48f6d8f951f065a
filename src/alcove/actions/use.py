"""`activate`, `run`, `shell`: an environment used. What a process is to be started with, as values; nothing starts here."""

from __future__ import annotations

import os

from alcove.environments import config
from alcove.environments.activation import quoting
from alcove.environments.layout import BIN, is_environment, no_environment
from alcove.errors import (
    AlcoveError,
    InterpreterGone,
    NoSuchProgram,
    NotExecutable,
    UsageError,
)
from alcove.pasting import pasted
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from alcove.settings import Settings

__all__ = [
    "SHELLS",
    "Start",
    "activation",
    "calling_shell",
    "check",
    "environ_of",
    "on_path",
    "run",
    "shell_named",
    "shell_of",
]

SHELLS = (
    "bash",
    "zsh",
    "sh",
    "dash",
    "ksh",
    "yash",
    "fish",
    "csh",
    "tcsh",
    "powershell",
    "nu",
    "xonsh",
)
_SCRIPTS = {  # the script below bin/, the word that evaluates a file, the function that quotes
    "fish": ("activate.fish", "source", quoting.fish),
    "csh": ("activate.csh", "source", quoting.csh),
    "tcsh": ("activate.csh", "source", quoting.csh),
    "powershell": ("Activate.ps1", ".", quoting.powershell),
    "nu": ("activate.nu", "overlay use", quoting.nu),
    "xonsh": ("activate.xsh", "source", quoting.python),
}


class Start(NamedTuple):
    """A process to be started: `words` (the program first), and all of its environment variables."""

    words: tuple[str, ...]
    environ: Mapping[str, str]


def activation(path: str, settings: Settings, *, shell: str = "") -> str:
    """Return the line that activates the environment at `path` (absolute) when a shell evaluates it.

    `shell`: one of `SHELLS`; "" for the one that `shell_of` tells. NotAnEnvironment, UsageError for a shell that is unknown.
    """
    check(path)
    name = shell or shell_of(settings)
    if name not in SHELLS:
        raise UsageError(
            f"{name!r} is no shell that alcove knows"
            if name
            else "nothing tells which shell this is",
            hint=f"--shell with one of: {', '.join(SHELLS)}",
        )
    script, word, quote = _SCRIPTS.get(name, ("activate", ".", quoting.posix))
    file = f"{path}/{BIN}/{script}"
    if not os.path.isfile(file):
        raise AlcoveError(
            f"{file} is missing",
            hint=f"alcove repair --env {pasted(path)} writes the activation scripts",
        )
    return f"{word} {quote(file)}"


def shell_of(settings: Settings, *, among: Container[str] = SHELLS) -> str:
    """Return the name of the shell that asks ("pwsh" as "powershell"), or "" where nothing tells it.

    That is the process that started this one where it is a shell `among` these; else the one that `SHELL` names, the
    user's login shell, which need not be the one that he types into.
    """
    name, _ = _parent()
    if name and shell_named(name) in among:
        return shell_named(name)
    return shell_named(settings.variables.get("SHELL", ""))


def shell_named(program: str) -> str:
    """Return by which name a shell is known here: that of its family; `program` may be a path.

    >>> shell_named("/opt/bin/pwsh"), shell_named("mksh"), shell_named("zsh")
    ('powershell', 'ksh', 'zsh')
    """
    name = os.path.basename(program).removesuffix(".exe")
    return _ALIKE.get(name, name)


def calling_shell() -> str:
    """Return the absolute path of the shell that started this process, or "" where that is none, or cannot be told."""
    name, number = _parent()
    if not name:
        return ""
    try:
        program = os.readlink(f"/proc/{number}/exe")
    except OSError:
        return ""
    # busybox and its like are another program by each name
    return program if os.path.basename(program) == name else ""


_ALIKE = {
    "pwsh": "powershell",
    "mksh": "ksh",
    "ksh93": "ksh",
    "ash": "sh",
    "busybox": "sh",
    "bsd-csh": "csh",
}


def _parent() -> tuple[str, int]:
    """Return the name and the number of the process that started this one, ("", 0) unless it is a shell; Linux tells it."""
    number = os.getppid()
    try:
        with open(f"/proc/{number}/comm", encoding="utf-8", errors="replace") as stream:
            name = stream.read().strip()
    except OSError:
        return "", 0
    return (name, number) if _ALIKE.get(name, name) in SHELLS else ("", 0)


def run(path: str, words: Sequence[str], settings: Settings) -> Start:
    """Return how the command `words` is started in the environment at `path` (absolute).

    NotAnEnvironment, InterpreterGone; NoSuchProgram where it is not there, nor on PATH; NotExecutable.
    """
    check(path)
    environ = environ_of(path, settings)
    program = words[0]
    found = program if os.sep in program else on_path(program, environ.get("PATH", ""))
    if not found or not os.path.exists(found):
        raise NoSuchProgram(
            f"there is no program {program!r} in {path} or on PATH",
            hint=f"alcove install --env {pasted(path)} what brings it; alcove list shows what is there",
        )
    if not os.access(found, os.X_OK) or os.path.isdir(found):
        raise NotExecutable(
            f"{found} cannot be executed", hint=f"alcove run python {pasted(program)}"
        )
    return Start((found, *words[1:]), environ)


def environ_of(path: str, settings: Settings) -> dict[str, str]:
    """Return the user's variables as activation of the environment at `path` (absolute) leaves them."""
    environ = dict(settings.variables)
    for name in ("PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environ.pop(name, None)
    before = environ.get("PATH", "")
    parts = before.split(os.pathsep) if before else []
    for outer in (path, settings.active):
        # One environment at a time: the element of the outer one goes, what the user did to PATH stays.
        if outer and f"{outer}/{BIN}" in parts:
            parts.remove(f"{outer}/{BIN}")
    environ["PATH"] = os.pathsep.join([f"{path}/{BIN}", *parts])
    environ["VIRTUAL_ENV"] = path
    values = config.read(f"{path}/pyvenv.cfg")
    environ["VIRTUAL_ENV_PROMPT"] = config.prompt_of(values, os.path.basename(path))
    return environ


def check(path: str) -> None:
    """Raise NotAnEnvironment or InterpreterGone where nothing can be run in `path` (absolute)."""
    if not os.path.isdir(path) or not is_environment(path):
        raise no_environment(path)
    python = f"{path}/{BIN}/{'python.exe' if os.name == 'nt' else 'python'}"
    if not os.path.exists(python):
        from alcove.actions.health import health_of

        raise InterpreterGone(f"{python} leads to no interpreter", hint=health_of(path, {}).hint)


def on_path(program: str, path: str) -> str:
    """Return where a program lies: the first of `path` that can be executed, else (as a shell and execvp) the first that cannot; "" without any."""
    other = ""
    for directory in path.split(os.pathsep):
        found = os.path.join(directory or os.curdir, program)
        if os.path.isfile(found):
            if os.access(found, os.X_OK):
                return found
            other = other or found
    return other
