"""What is not to be had offline: all of it is told at once, so that one look at the network is enough."""

from __future__ import annotations

from alcove.errors import FetchError, HashMismatch
from alcove.index.urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    from alcove.requirements.resolution import Pinned

    T = TypeVar("T")

__all__ = ["MissingFiles", "all_of"]


class MissingFiles(FetchError):
    """Files that are not to be had offline: every one of them is named; `pins` are what they are of."""

    def __init__(self, pins: Sequence[Pinned]) -> None:
        lines = [
            f"{one.origin.filename or f'{one.name} {one.version}'} ({redact(one.origin.url)})"
            for one in dict.fromkeys(pins)
        ]
        count = "1 file is" if len(lines) == 1 else f"{len(lines)} files are"
        super().__init__(
            "\n    ".join([f"offline, and {count} not in the cache:", *lines]),
            hint="run once without --offline",
        )
        self.pins = tuple(pins)


def all_of(work: Iterable[tuple[Pinned, Callable[[], T]]], *, offline: bool) -> list[T]:
    """Return what each piece of work gives; with `offline`, MissingFiles for all that fail for want of a file."""
    found: list[T] = []
    missing: list[Pinned] = []
    for one, get in work:
        try:
            found.append(get())
        except HashMismatch:
            raise
        except FetchError:
            if not offline:
                raise
            missing.append(one)
    if missing:
        raise MissingFiles(missing)
    return found
