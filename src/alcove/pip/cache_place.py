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
        named = said if os.path.isabs(said) else os.path.join(given.cwd, said)
        yield given._replace(cache=os.path.normpath(named))
    else:
        room = os.path.join(_temporary(given), f"alcove-{os.urandom(6).hex()}")
        trees.make_directories(room, 0o700)
        try:
            yield given._replace(cache=room)
        finally:
            trees.remove(room)


def _temporary(given: Settings) -> str:
    """Return a directory for what does not stay: that of `TMPDIR`, else, as pip does, the first of the usual ones that takes files."""
    folder = os.path.join(given.here, given.variables.get("TMPDIR") or "/tmp")  # noqa: S108  a directory of our own is made below
    if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
        return folder
    import tempfile  # only where the usual one is not to be had

    return tempfile.gettempdir()
