"""`alcove shell-init SHELL --install`: one generated file, and where the shell needs it one line that reads it.

fish, nushell and xonsh read every file of a directory of theirs: there the generated file is all. The line for the
others starts no process, does nothing when the file is gone, and is added once.
"""

from __future__ import annotations

import os
import sys

from alcove.actions.where import absolute
from alcove.environments.activation import quoting
from alcove.errors import UsageError
from alcove.files import ops, reading
from alcove.files.atomic import replace_file
from alcove.files.trees import make_directories, remove
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["Place", "install", "place", "place_for", "uninstall"]


_COMMENT = b"# alcove"


class Place(NamedTuple):
    """Where the text goes: the `generated` file, and the `rc` file with the `line` that reads it (both "" for none)."""

    generated: str
    rc: str = ""
    line: str = ""


def place(shell: str, *, home: str, config: str, data: str, profile: str = "") -> Place:
    """Return where `shell` looks. All paths absolute.

    `home`: the user's; for zsh, ZDOTDIR if it is set. `config`: XDG's directory for configuration (`~/.config`).
    `data`: alcove's own directory. `profile`: the rc file when it is another (PowerShell's `$PROFILE`).
    UsageError for a shell that is not known here, and for a path that no one line can hold.
    """
    if "\n" in f"{home}{config}{data}{profile}":
        raise UsageError(
            f"{data!r} or {home!r} has a line break in it", hint="choose an ALCOVE_HOME without"
        )
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
        f"{shell!r} is no shell that alcove can teach"
        if shell
        else "nothing tells which shell this is",
        hint='bash, zsh, fish, powershell, nu or xonsh; others: eval "$(alcove activate --shell sh)"',
    )


def place_for(shell: str, settings: Settings, *, rc: str = "") -> Place:
    """Return where `shell` of this user looks; `rc` (as it was typed): the rc file when it is another than the usual one."""
    given = settings.variables
    config = given.get("XDG_CONFIG_HOME", "")
    if not config.startswith("/"):
        config = os.path.join(settings.home, ".config")
        if sys.platform == "darwin" and shell == "nu":
            config = os.path.join(settings.home, "Library", "Application Support")
    home = given.get("ZDOTDIR") or settings.home if shell == "zsh" else settings.home
    profile = absolute(rc, settings) if rc else ""
    return place(shell, home=home, config=config, data=settings.data, profile=profile)


def install(where: Place, text: str, *, dry_run: bool = False) -> bool:
    """Write `text` to the generated file and see that the rc file reads it; tell whether a line had to be added.

    `dry_run`: only tell. What the rc file holds stays (a missing last line end is added), and so do its mode and a link that it is reached by. OSError.
    """
    rc = os.path.realpath(where.rc) if where.rc else ""
    before, mode = _content(rc) if rc else (b"", 0)  # refused before the first write
    if not dry_run:
        make_directories(os.path.dirname(where.generated))
        replace_file(where.generated, text.encode("utf-8", "surrogateescape"))
    if not rc:
        return False
    line = os.fsencode(where.line)
    if line in before.splitlines():
        return False
    if dry_run:
        return True
    if not before:
        make_directories(os.path.dirname(rc))
    elif not before.endswith(b"\n"):
        before += b"\n"
    _write(rc, before + _COMMENT + b"\n" + line + b"\n", mode)
    return True


def uninstall(where: Place, *, dry_run: bool = False) -> dict[str, bool]:
    """Take away what `install` wrote; return the absolute paths of the files that changed or went, and whether they went.

    `dry_run`: only tell. OSError. The rc file keeps all else; where nothing else is in it, it goes, unless it is reached by a link. The line goes first:
    stopped between the two, it would read a file that is not there.
    """
    changed: dict[str, bool] = {}
    if where.rc:
        rc = os.path.realpath(where.rc)
        before, mode = _content(rc)
        after = _without(before, os.fsencode(where.line))
        if after != before:
            changed[where.rc] = not (after or os.path.islink(where.rc))
            if not dry_run:
                if changed[where.rc]:
                    remove(rc)
                else:
                    _write(rc, after, mode)
    if os.path.lexists(where.generated):
        changed[where.generated] = True
        if not dry_run:
            remove(where.generated)
    return changed


def _without(text: bytes, line: bytes) -> bytes:
    """Return the text without that line, and without our comment before it."""
    rows = text.splitlines(keepends=True)
    kept: list[bytes] = []
    for row in rows:
        if row.rstrip(b"\r\n") != line:
            kept.append(row)
        elif kept and kept[-1].rstrip(b"\r\n") == _COMMENT:
            kept.pop()
    return b"".join(kept)


def _content(rc: str) -> tuple[bytes, int]:
    """Return what the rc file holds and its mode; nothing, and the usual mode, where there is none. NotAFile for a pipe or a device."""
    try:
        return reading.content(rc), os.stat(rc).st_mode & 0o7777
    except FileNotFoundError:
        return b"", 0o644


def _write(rc: str, content: bytes, mode: int) -> None:
    replace_file(rc, content, mode=mode)
    ops.chmod(rc, mode)  # whatever the umask took away
