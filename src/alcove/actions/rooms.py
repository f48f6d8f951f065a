"""Directories for work that is thrown away: below the cache, or where that takes nothing, below the system's temporary one.

Rule: whoever asks for one removes it.
"""

from __future__ import annotations

import os

from alcove.events import Silent
from alcove.files import ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter

__all__ = ["room"]


def room(cache: str, folder: str, reporter: Reporter | None = None) -> str:
    """Make a directory that nobody else uses in `folder` of the cache (absolute), and return its path.

    Elsewhere where the cache can take nothing, which is told. AlcoveError where there is no other place, too.
    """
    from alcove.files import spare

    error = spare.refused(cache)
    if error is None:
        path = f"{cache}/{folder}/{os.getpid()}-{os.urandom(4).hex()}"
        try:
            trees.make_directories(f"{cache}/{folder}")
            ops.mkdir(path)
        except OSError as refused:
            error = refused
        else:
            return path
    (reporter or Silent()).emit(spare.without(cache, error))
    return spare.directory()
