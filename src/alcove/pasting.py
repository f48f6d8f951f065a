"""What others named or wrote, as it stands in a message: a path in a command to be copied, a text on a terminal.

Rule: no text of ours runs what somebody named a directory, or what somebody wrote into an index.
"""

from __future__ import annotations

import os

__all__ = ["TAKE_ENV", "addressed", "pasted", "repair_of", "subject", "tame"]

TAKE_ENV = frozenset(
    (
        *("info", "history", "undo", "redo", "rollback", "verify", "repair", "install"),
        *("uninstall", "wipe", "autoremove", "outdated", "upgrade", "sync", "list", "freeze"),
        *("show", "check", "tree", "why", "run", "shell", "cd", "site-packages", "project"),
        *("trust", "kernel", "ide"),
    )
)
"""The verbs of the command line that take `--env PATH` and `-n NAME`."""

# What stands for itself in every shell.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+,:@%=")


def pasted(path: str) -> str:
    r"""Return `path` as it stands in a command that a person may copy into a shell.

    >>> print(pasted("/home/me/.venv"), pasted("/tmp/it's $(x)"))
    /home/me/.venv '/tmp/it'\''s $(x)'
    """
    if _PLAIN.issuperset(path) and path:
        return path
    if os.name == "nt":  # no path there holds a double quote
        return f'"{path}"' if " " in path else path
    return "'" + path.replace("'", "'\\''") + "'"


def addressed(text: str, which: str) -> str:
    """Return a hint whose commands are for the environment that `which` says ("--env PATH", "-n NAME", "" for the nearest).

    >>> addressed("alcove list shows what is; alcove repair --env /x mends it", "-n web")
    'alcove list -n web shows what is; alcove repair --env /x mends it'
    """
    if not which:
        return text
    first, *rest = text.split("alcove ")
    pieces = [first]
    for piece in rest:
        end = 0
        while end < len(piece) and (piece[end].islower() or piece[end] == "-"):
            end += 1
        verb, after = piece[:end], piece[end:]
        if verb in TAKE_ENV and not after.startswith((" --env ", " -n ", " --store")):
            verb = f"{verb} {which}"
        pieces.append(verb + after)
    return "alcove ".join(pieces)


def repair_of(path: str) -> str:
    """Return the command that puts the environment right below whose `.alcove` `path` (absolute) lies, "" for none.

    >>> repair_of("/home/me/.venv/.alcove/current/slot.json"), repair_of("/home/me/x")
    ('alcove repair --env /home/me/.venv', '')
    """
    root, _, below = path.partition("/.alcove/")
    return f"alcove repair --env {pasted(root)}" if below else ""


def subject(error: OSError) -> str:
    """Return the path that an error of the system is about, or "".

    Of a link or a renaming it names two: the second is meant, unless what the first one names is not there.

    >>> subject(FileNotFoundError(2, "No such file or directory", "../x", None, "/nowhere/link"))
    '/nowhere/link'
    """
    first, second = error.filename, error.filename2
    is_missing = isinstance(first, str) and os.path.isabs(first) and not os.path.lexists(first)
    if second and not is_missing:
        return str(second)
    return str(first or "")


def tame(text: str) -> str:
    r"""Return `text` without a character that a terminal obeys, or that no encoding has: others choose what they say.

    Indexes, archives and backends do; and the name of a file can be any bytes.

    >>> print(tame("broken \x1b[2J\r\n"))
    broken \x1b[2J\r
    <BLANKLINE>
    """
    if text.isprintable():
        return text
    codes = (code for code in (*range(32), *range(127, 160)) if code not in (9, 10))
    text = text.translate({code: ascii(chr(code))[1:-1] for code in codes})
    return text.encode("utf-8", "backslashreplace").decode()
