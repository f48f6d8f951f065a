"""`alcove shell-init SHELL --install`: one generated file, and where the shell needs it one line that reads it.

fish, nushell and xonsh read every file of a directory of theirs: there the generated file is all. The line for the
others starts no process, does nothing when the file is gone, and is added once.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from alcove.environments.activation import quoting
from alcove.errors import UsageError
from alcove.files import ops
from alcove.files.atomic import replace_file
from alcove.files.trees import make_directories

__all__ = ["Place", "install", "place"]


class Place(NamedTuple):
    """Where the text goes: the `generated` file, and the `rc` file with the `line` that reads it (both "" for none)."""

    generated: str
    rc: str = ""
    line: str = ""


def place(shell: str, *, home: str, config: str, data: str, profile: str = "") -> Place:
    """Return where `shell` looks. All paths absolute.

    `home`: the user's; for zsh, ZDOTDIR if it is set. `config`: XDG's directory for configuration (`~/.config`).
    `data`: alcove's own directory. `profile`: the rc file when it is another (PowerShell's `$PROFILE`).
    UsageError for a shell that is not known here.
    """
    if shell == "fish":
        return Place(f"{config}/fish/conf.d/alcove.fish")
    if shell == "nu":
        return Place(f"{config}/nushell/autoload/alcove.nu")
    if shell == "xonsh":
        return Place(f"{config}/xonsh/rc.d/alcove.xsh")
    if shell in ("bash", "zsh"):
        generated = f"{data}/shells/init.{shell}"
        name = quoting.posix(generated)
        return Place(
            generated, profile or f"{home}/.{shell}rc", f"if [ -f {name} ]; then . {name}; fi"
        )
    if shell == "powershell":
        generated = f"{data}/shells/init.ps1"
        name = quoting.powershell(generated)
        rc = profile or f"{config}/powershell/Microsoft.PowerShell_profile.ps1"
        return Place(generated, rc, f"if (Test-Path -LiteralPath {name}) {{ . {name} }}")
    raise UsageError(
        f"the shell {shell!r} is not known here", hint="bash, zsh, fish, powershell, nu or xonsh"
    )


def install(where: Place, text: str) -> bool:
    """Write `text` to the generated file and see that the rc file reads it; tell whether a line had to be added.

    What the rc file holds stays (a missing last line end is added), and so do its mode and a link that it is reached by. OSError.
    """
    make_directories(os.path.dirname(where.generated))
    replace_file(where.generated, text.encode("utf-8", "surrogateescape"))
    if not where.rc:
        return False
    rc = os.path.realpath(where.rc)
    line = where.line.encode("utf-8", "surrogateescape")
    try:
        with open(rc, "rb") as stream:
            before = stream.read()
        mode = os.stat(rc).st_mode & 0o7777
    except FileNotFoundError:
        make_directories(os.path.dirname(rc))
        before, mode = b"", 0o644
    if line in before.splitlines():
        return False
    if before and not before.endswith(b"\n"):
        before += b"\n"
    replace_file(rc, before + b"# alcove\n" + line + b"\n", mode=mode)
    ops.chmod(rc, mode)  # whatever the umask took away
    return True
