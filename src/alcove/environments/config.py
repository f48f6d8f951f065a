"""`pyvenv.cfg`: the keys that the standard library, editors and rivals read.

The format is that of the standard library's `site` and `venv`: `key = value` lines, keys in any case.
"""

from __future__ import annotations

import os

from alcove.errors import NotAnEnvironment
from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ACTIVATORS",
    "SYSTEM_SITE",
    "default_prompt",
    "library_of",
    "prompt_of",
    "read",
    "render",
]

# Of the command that is kept: what the settings do not say for sure, or not at all.
ACTIVATORS = "--activators"
SYSTEM_SITE = "--system-site-packages"


def read(path: str) -> dict[str, str]:
    """Return the keys (lower case) and values of the `pyvenv.cfg` at `path` (absolute).

    NotAnEnvironment where it is missing or not UTF-8.
    """
    try:
        text = reading.content(path).removeprefix(b"\xef\xbb\xbf").decode()
    except (OSError, UnicodeDecodeError) as error:
        if not os.path.isdir(os.path.dirname(path)):
            raise NotAnEnvironment(
                f"{os.path.dirname(path)}: there is no such directory",
                hint="alcove envs lists the environments",
            ) from error
        said = (error.strerror or "") if isinstance(error, OSError) else ""
        raise NotAnEnvironment(
            f"{path} cannot be read: {said or error}", hint=_hint(os.path.dirname(path))
        ) from error
    values = {}
    for line in text.splitlines():
        key, separator, value = line.partition("=")
        if separator:
            values[key.strip().lower()] = value.strip()
    return values


def _hint(root: str) -> str:
    from alcove.pasting import pasted  # noqa: PLC0415  only for a message

    ours = os.path.isdir(f"{root}/.alcove")
    return f"alcove repair --env {pasted(root)}" if ours else "create it again"


def render(values: Mapping[str, str]) -> bytes:
    """Return the text of a `pyvenv.cfg`; no value can begin a line of its own."""
    return "".join(f"{key} = {_one_line(value)}\n" for key, value in values.items()).encode()


def prompt_of(values: Mapping[str, str], default: str) -> str:
    """Return the prompt, which `venv` writes as a `repr` and others as it is."""
    value = values.get("prompt", "")
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        text = value[1:-1]
        try:
            value = text.encode("latin-1", "backslashreplace").decode("unicode_escape")
            # Half a character is none; a byte of a file's name is.
            value.encode("utf-8", "surrogateescape")
        except UnicodeError:
            return text  # no `repr`: somebody wrote it
    return value or default


def default_prompt(path: str) -> str:
    """Return the prompt of the environment at `path` (absolute) where nobody said one.

    It is the name of the directory, or for `.venv` that of its project.

    >>> default_prompt("/home/me/shop/.venv")
    'shop'
    """
    parent, name = os.path.split(path)
    return (
        os.path.basename(parent) if name in (".venv", "venv") and os.path.basename(parent) else name
    )


def library_of(path: str) -> str:
    """Return the folder below `lib/` that the `pyvenv.cfg` at `path` (absolute) speaks of, or "" where it does not say."""
    try:
        values = read(path)
    except NotAnEnvironment:
        return ""
    parts = (values.get("version") or values.get("version_info") or "").split(".")
    if len(parts) < 2 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return ""
    start = "pypy" if values.get("implementation", "") == "PyPy" else "python"
    return f"{start}{parts[0]}.{parts[1]}"


def _one_line(value: str) -> str:
    if value.isprintable():
        return value
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in value
    )
