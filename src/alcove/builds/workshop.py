"""The directory that one build works in: beside its result, removed at its end, its log kept when it failed."""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import BuildFailed
from alcove.files import atomic, ops, trees

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Workshop", "open_workshop"]

_PLAIN = re.compile(r"[^A-Za-z0-9._+-]")


class Workshop(NamedTuple):
    """Paths (absolute) of one build of `subject` (its name for messages): `root` holds `result`, which the backend fills, and the file `log`.

    `source`: where an sdist is unpacked; made by who unpacks. `kept`: where the log goes when the build fails.
    """

    subject: str
    root: str
    result: str
    source: str
    log: str
    kept: str

    def strangers(self) -> list[str]:
        """Return what lies in `root` and does not belong there: a backend wrote it outside its directory."""
        own = {os.path.basename(path) for path in (self.result, self.source, self.log)}
        return sorted(set(os.listdir(self.root)) - own)


@contextmanager
def open_workshop(out: str, subject: str, *, logs: str) -> Iterator[Workshop]:
    """Make a workshop below `out` (absolute, made where missing) and remove it at the end, whatever happens.

    The log of a failed build (BuildFailed) is kept in `logs` (absolute) under a name made from `subject`; the
    error's hint names it.
    """
    trees.make_directories(out)
    root = atomic.aside(os.path.join(out, "build"))
    name = _PLAIN.sub("_", subject)[:100].lstrip(".") or "build"
    place = Workshop(
        subject=subject,
        root=root,
        result=os.path.join(root, "result"),
        source=os.path.join(root, "source"),
        log=os.path.join(root, "log.txt"),
        kept=os.path.join(logs, f"{name}-{os.urandom(4).hex()}.log"),
    )
    try:
        ops.mkdir(root, 0o700)
        ops.mkdir(place.result)
        yield place
    except BuildFailed as error:
        if _keep(place):
            log = f"the whole log: {place.kept}"
            own = error.hint != error.advice  # the log says more than what is true of every build
            error.hint = f"{error.hint}; {log}" if own else log
        raise
    finally:
        trees.remove_all(root)


def _keep(place: Workshop) -> bool:
    try:
        if not os.path.getsize(place.log):
            return False
        trees.make_directories(os.path.dirname(place.kept))
        _move(place.log, place.kept)
    except OSError:
        return False  # there is none, or the place for it takes nothing
    return True


def _move(path: str, target: str) -> None:
    try:
        ops.rename(path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        try:
            ops.copy(path, target)
        except OSError:
            trees.remove(target)
            raise
