"""Directories outside the slots that this user may not write into, found before a change that would have to.

Rule: only what the change really does there counts. A read-only directory that nothing goes from stops nobody.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import TransactionError
from alcove.files import refusals
from alcove.pasting import pasted
from alcove.transactions import data_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.transactions.data_files import Row

__all__ = ["refuse"]


def refuse(
    layout: Layout,
    shown: Generation,
    want: Generation,
    *,
    sure: Iterable[str],
    going: dict[str, Row],
) -> None:
    """Raise TransactionError for the first directory that the change from `shown` to `want` would be refused at.

    `sure`: directories (relative, "" for the environment) in which it writes; `going`: the data files that it removes.
    """
    for folder in (*sorted(sure), *_losing(layout, going)):
        _refuse(f"{layout.root}/{folder}" if folder else layout.root)
    _refuse(f"{layout.private}/generations")
    if _scripts(shown) != _scripts(want):
        _refuse(layout.bin)


def _refuse(folder: str) -> None:
    error = refusals.foreseen(folder) if os.path.isdir(folder) else None
    if error is None:
        return
    if error.errno == errno.EROFS:
        hint = "mount it for writing, and run the command again"
    elif not hasattr(os, "geteuid") or os.stat(folder).st_uid == os.geteuid():
        hint = f"chmod u+wx {pasted(folder)}, and run the command again"
    else:
        hint = "let its owner change the environment, or make one of your own"
    raise TransactionError(
        f"{folder} may not be written by this user, and the change has to: {error.strerror}; nothing was changed",
        hint=hint,
    )


def _scripts(generation: Generation) -> set[str]:
    return {launcher.name for one in generation.placements for launcher in one.launchers}


def _losing(layout: Layout, going: dict[str, Row]) -> Iterator[str]:
    """Yield the relative directories that lose a name: a file that is still what was placed, or a directory, empty by then."""
    names = data_files.by_directory(going)
    lost: dict[str, set[str]] = {}
    above = {one for directory in names for one in _up_from(directory)}
    for directory in sorted(above, key=lambda one: (one.count("/"), len(one)), reverse=True):
        folder = f"{layout.root}/{directory}" if directory else layout.root
        try:
            there = set(os.listdir(folder))
        except OSError:  # it is gone, or none
            continue
        leaving = lost.get(directory, set()) & there
        for name in names.get(directory, set()) & there:
            path = f"{directory}/{name}" if directory else name
            if data_files.is_placed(f"{folder}/{name}", going[path], layout):
                leaving.add(name)
        if leaving:
            yield directory
        if directory and leaving == there and not os.path.islink(folder):
            parent, _, name = directory.rpartition("/")
            lost.setdefault(parent, set()).add(name)


def _up_from(directory: str) -> Iterator[str]:
    """Yield a relative directory and those above it, "" at the end."""
    yield directory
    while directory:
        directory = directory.rpartition("/")[0]
        yield directory
