"""Scripts placed below `bin`: those of a directory of a subclass, with its placeholders replaced."""

from __future__ import annotations

import os
import stat

from alcove.errors import AlcoveError
from alcove.files import atomic, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import SimpleNamespace

__all__ = ["place", "read", "replace"]


def place(path: str, content: bytes, mode: int) -> None:
    """Give the script `path` (absolute) its content and permission bits; a link that stands there is replaced."""
    if os.path.isdir(path) and not os.path.islink(path):
        raise AlcoveError(f"{path} is a directory", hint="move it away, and try again")
    trees.make_directories(os.path.dirname(path))
    atomic.replace_file(path, content)
    ops.chmod(path, mode)


def read(directory: str) -> Iterator[tuple[str, bytes, int]]:
    """Yield (path below `bin`, content, permission bits) of the scripts below `directory` for all platforms and this one.

    As in `venv`: they lie in `common` and in a folder named for `os.name`; other files and folders are not for us.
    """
    for part in ("common", os.name):
        top = os.path.join(directory, part)
        if os.path.isdir(top):
            for relative, entry in trees.walk(top):
                if entry.is_file():
                    with open(entry.path, "rb") as stream:
                        content = stream.read()
                    yield relative, content, stat.S_IMODE(entry.stat().st_mode)


def replace(text: str, context: SimpleNamespace) -> str:
    """Return `text` with the placeholders of `venv` replaced: as words of the shell that `context.script_path` names.

    Quoted as since 3.13.1 (CVE-2024-9287): a directory's name is no command.
    """
    import re

    quote = _quoting(getattr(context, "script_path", ""))
    values = {
        "__VENV_DIR__": context.env_dir,
        "__VENV_NAME__": context.env_name,
        "__VENV_PROMPT__": context.prompt,
        "__VENV_BIN_NAME__": context.bin_name,
        "__VENV_PYTHON__": context.env_exe,
    }
    # in one pass: a directory may be called __VENV_NAME__
    return re.sub("|".join(values), lambda found: quote(values[found.group()]), text)


def _quoting(path: str) -> Callable[[str], str]:
    if path.endswith(".ps1"):
        return lambda value: "'" + value.replace("'", "''") + "'"
    if path.endswith(".bat"):
        return lambda value: value
    import shlex

    return shlex.quote
