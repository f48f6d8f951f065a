"""Which cache one command works with: what `--cache-dir` names, or one that is gone afterwards (`--no-cache-dir`)."""

from __future__ import annotations

import os
from contextlib import contextmanager

from alcove.files import trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.settings import Settings

__all__ = ["cached"]


@contextmanager
def cached(given: Settings, said: str | None) -> Iterator[Settings]:
    """Give the settings with the cache that was said: a path, "" for none that stays, None for the usual one."""
    if said is None:
        yield given
    elif said:
        yield given._replace(cache=os.path.abspath(os.path.join(given.cwd, said)))
    else:
        folder = given.variables.get("TMPDIR") or "/tmp"  # noqa: S108  a directory of our own is made below
        room = os.path.join(os.path.abspath(folder), f"alcove-{os.urandom(6).hex()}")
        trees.make_directories(room, 0o700)
        try:
            yield given._replace(cache=room)
        finally:
            trees.remove(room)
