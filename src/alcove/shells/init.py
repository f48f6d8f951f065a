"""What `alcove shell-init SHELL` prints: a function `alcove` that can change the shell it runs in.

Rules: the text starts no process when it is read; `alcove deactivate` and `workon` start none, `alcove activate` one; the
check for activation on `cd` starts one where a directory with another environment is entered, and otherwise none.
"""

from __future__ import annotations

from alcove.environments.activation import quoting
from alcove.errors import UsageError
from alcove.shells.completion import Table, completion

__all__ = ["SHELLS", "shell_init"]

SHELLS = ("bash", "zsh", "fish", "powershell", "nu", "xonsh")

_POSIX = ("bash", "zsh")
_QUOTE = {
    "bash": quoting.posix,
    "zsh": quoting.posix,
    "fish": quoting.fish,
    "powershell": quoting.powershell,
    "nu": quoting.nu,
    "xonsh": quoting.python,
}
_SUFFIX = {
    "bash": "sh",
    "zsh": "sh",
    "fish": "fish",
    "powershell": "ps1",
    "nu": "nu",
    "xonsh": "xsh",
}


def shell_init(
    shell: str,
    *,
    program: str,
    on_cd: bool = False,
    virtualenvwrapper: bool = False,
    table: Table | None = None,
) -> str:
    """Return the text to be read by `shell` (one of SHELLS) once, when it starts.

    `program`: absolute path of the command line program. `on_cd`: also activate on `cd` what `.venv` names, asking
    `alcove activate --shell SHELL --on-cd DIRECTORY`. `virtualenvwrapper`: also define its commands (bash, zsh).
    `table`: what completion knows; None for no completion. UsageError for another shell.
    """
    if shell not in SHELLS:
        raise UsageError(
            f"the shell {shell!r} is not known here", hint=f"one of {', '.join(SHELLS)}"
        )
    if virtualenvwrapper and shell not in _POSIX:
        raise UsageError(
            f"the commands of virtualenvwrapper are for bash and zsh, not for {shell}",
            hint="alcove activate, project, cd, copy, temp and each do the same here",
        )
    suffix = _SUFFIX[shell]
    names = [f"alcove.{suffix}"]
    if shell in _POSIX:
        names.append("hooks.sh")
    if on_cd:
        names.append(f"cd.{suffix}")
        if shell in _POSIX:
            names.append(f"cd.{shell}")
    if virtualenvwrapper:
        names += ["virtualenvwrapper.sh", "virtualenvwrapper_inside.sh"]
        names.append(f"virtualenvwrapper.{shell}")
    text = "\n".join([_template(name) for name in names])
    if table is not None and shell not in ("nu", "xonsh"):
        text += "\n" + completion(shell, table)
    # The path last: no text of the user's is searched for a place of ours.
    return text.replace("@SHELL@", shell).replace("@PROGRAM@", _QUOTE[shell](program))


def _template(name: str) -> str:
    path = f"{__file__[: -len('init.py')]}templates/{name}"
    data: bytes = __loader__.get_data(path)  # type: ignore[name-defined]  # a zip file answers too
    return data.decode()
