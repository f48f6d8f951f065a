"""What was prepared aside is moved into the directory of pip's `--target`, by pip's rules for what is there.

Rule (pip): without `--upgrade` nothing that is there is replaced; with it each top-level file or directory is, but no link.
"""

from __future__ import annotations

import os

from alcove.events import Warned
from alcove.files import ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.events import Reporter

__all__ = ["move_in"]


def move_in(target: str, staged: Sequence[str], *, replace: bool, reporter: Reporter) -> None:
    """Move each of `staged` (absolute, of the same file system) to its name in `target` (absolute), where it may."""
    for path in staged:
        place = f"{target}/{os.path.basename(path)}"
        if os.path.lexists(place) and not _makes_way(place, replace=replace, reporter=reporter):
            continue
        ops.rename(path, place)


def _makes_way(place: str, *, replace: bool, reporter: Reporter) -> bool:
    if not replace:
        reporter.emit(
            Warned(
                f"Target directory {place} already exists. Specify --upgrade to force replacement."
            )
        )
        return False
    if os.path.islink(place):
        reporter.emit(
            Warned(
                f"Target directory {place} already exists and is a link. pip will not automatically"
                " replace links, please remove if replacement is desired."
            )
        )
        return False
    trees.remove(place)
    return True
