"""The directories of kernels that alcove wrote, wherever they are: one line each in `<data>/kernels/known`.

Rule: a line is written before its kernel, and goes when the kernel is seen to be gone; whoever writes holds the lock.
"""

from __future__ import annotations

import os

from alcove.actions.environments import known_paths
from alcove.errors import AlcoveError
from alcove.files import atomic, reading
from alcove.kernels import places, specs
from alcove.kernels.support import listed, root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.kernels.specs import Spec
    from alcove.settings import Settings

__all__ = ["every", "note", "tidy"]


def every(settings: Settings) -> tuple[list[Spec], dict[str, AlcoveError]]:
    """Return all kernels of ours, each once, by name; and by directory what is wrong with those that cannot be read.

    Looked at: what was written, where Jupyter looks, and the environments that are known.
    """
    directories = dict.fromkeys(_read(settings))
    inside = [places.below(path) for path in known_paths(settings)]
    for place in [*places.search(settings), *inside]:
        directories |= dict.fromkeys(os.path.join(place, name) for name in listed(place))
    found: list[Spec] = []
    wrong: dict[str, AlcoveError] = {}
    seen: set[str] = set()
    for directory in directories:
        real = os.path.realpath(directory)
        if real in seen:
            continue
        seen.add(real)
        try:
            spec = specs.read(directory)
        except AlcoveError as error:
            wrong[directory] = error
            continue
        if spec is not None:
            found.append(spec)
    return sorted(found, key=lambda one: (one.name, one.directory)), wrong


def note(directory: str, settings: Settings) -> None:
    """Remember the directory (absolute) of a kernel that is about to be written."""
    rows = _read(settings)
    if directory not in rows:
        _write([*rows, directory], settings)


def tidy(settings: Settings) -> None:
    """Forget the directories in which no kernel is any more."""
    rows = _read(settings)
    kept = [row for row in rows if os.path.lexists(os.path.join(row, specs.FILE))]
    if kept != rows:
        _write(kept, settings)


def _file(settings: Settings) -> str:
    return os.path.join(root(settings), "known")


def _read(settings: Settings) -> list[str]:
    try:
        rows = reading.content(_file(settings)).decode("utf-8", "surrogateescape").split("\0")
    except FileNotFoundError:
        return []
    return [row for row in rows if os.path.isabs(row)]


def _write(rows: Iterable[str], settings: Settings) -> None:
    text = "".join(f"{row}\0" for row in rows)
    atomic.replace_file(_file(settings), text.encode("utf-8", "surrogateescape"))
