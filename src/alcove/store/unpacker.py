"""What a process does that unpacks wheels for another one (`side_by_side`): it reads what to unpack, and answers.

Rule: it does what `unpack` does and nothing else, so it leaves what that leaves; but it makes durable together what it was
asked for meanwhile. It ends with its standard input, and takes back at SIGTERM what it has begun.
"""

from __future__ import annotations

import os

from alcove.errors import AlcoveError, InvalidWheel
from alcove.events import Warned
from alcove.files import data, trees
from alcove.store.layout import ASIDE, store_at
from alcove.store.publish import settle
from alcove.store.unpack import build
from alcove.wheels.entry import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.events import Event
    from alcove.store.layout import Store
    from alcove.store.publish import Built
    from alcove.wheels.metadata import Metadata

__all__ = ["Needs", "needs_of", "serve"]

_AT_ONCE = (
    64 << 20
)  # bytes of wheels, after which what was unpacked is made durable even if more is waiting

Needs = tuple[tuple[str, ...], str, tuple[str, ...]]
"""What a wheel says of its needs: Requires-Dist, Requires-Python, Provides-Extra."""


def needs_of(found: Metadata | Entry) -> Needs:
    """Return what a wheel says of its needs, to be compared."""
    return tuple(found.requires), found.requires_python, tuple(found.extras)


def serve(root: str) -> None:
    """Unpack into the store at `root` (absolute) what the lines of standard input name, and answer each in its order."""
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415  `signal` builds its enums first

    _signal.signal(_signal.SIGTERM, _end)
    bench = _Bench(store_at(root))
    try:
        bench.work(_Requests())
    except SystemExit:
        bench.clear()


def _end(*_: object) -> None:
    import _signal  # noqa: PLC0415

    _signal.signal(_signal.SIGTERM, _signal.SIG_IGN)
    raise SystemExit


class _Requests:
    """The lines of standard input."""

    def __init__(self) -> None:
        self._read = b""

    def __iter__(self) -> Iterator[bytes]:
        """Yield one line after the other, waiting for each."""
        while True:
            line, end, rest = self._read.partition(b"\n")
            if end:
                self._read = rest
                yield line
            elif not self._more():
                return

    def are_waiting(self) -> bool:
        """Tell whether there is another line already."""
        import select  # noqa: PLC0415  the process that asks needs nothing of all this

        while b"\n" not in self._read:
            if not select.select([0], [], [], 0)[0] or not self._more():
                return False
        return True

    def _more(self) -> bool:
        more = os.read(0, 1 << 16)
        self._read += more
        return bool(more)


class _Bench:
    """What is built and has no place in the store yet, with the answers that are due when it has."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._built: list[Built] = []
        self._answers: list[list[str] | None] = []
        self._size = 0  # bytes

    def work(self, requests: _Requests) -> None:
        """Do what is asked for."""
        for line in requests:
            self._answers.append(self._answer(*data.loads(line)))
            if self._size > _AT_ONCE or not requests.are_waiting():
                self._settle()

    def clear(self) -> None:
        """Leave nothing of what has no place yet, whatever this process was doing."""
        for name in os.listdir(self._store.entries):
            if name.startswith(f"{ASIDE}{os.getpid()}-"):
                trees.remove(f"{self._store.entries}/{name}")

    def _answer(self, path: str, sha256: str, needs: list[object] | None) -> list[str] | None:
        """Build an entry, and return what there is to warn of; None where it cannot be had."""
        told = _Warnings()

        def compare(found: Metadata | Entry) -> None:
            if needs is not None and data.dumps(needs_of(found)) != data.dumps(needs):
                raise InvalidWheel(f"{path} needs something else")

        try:
            found = build(
                self._store, path, sha256=sha256, verified=True, expect=compare, reporter=told
            )
            if not isinstance(found, Entry):
                self._built.append(found)
                self._size += os.stat(path).st_size
        except (AlcoveError, OSError, MemoryError):
            return None
        return told.texts

    def _settle(self) -> None:
        built, self._built, self._size = self._built, [], 0
        answers, self._answers = self._answers, []
        if built:
            try:
                settle(self._store, built)
            except (AlcoveError, OSError, MemoryError):
                answers = [None] * len(answers)
        content = b"".join(map(data.dumps, answers))
        while content:
            content = content[os.write(1, content) :]


class _Warnings:
    """Keeps what a reporter would warn of."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def emit(self, event: Event) -> None:
        """Take note of a warning, and pass over all else."""
        if isinstance(event, Warned):
            self.texts.append(event.text)
