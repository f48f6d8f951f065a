"""Wheels unpacked by other processes, several at a time, where threads would do it in turn.

A good part of the time that a wheel takes is Python's own, and threads wait for each other there: four of them are slower
than one. Rule: what another process (`unpacker`) cannot do, for whatever reason, it leaves to `unpack` here, which says why.
Each has a session of its own, so a terminal's Ctrl-C does not reach it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import cast

import alcove
from alcove.errors import TransactionError
from alcove.events import Step, Warned
from alcove.files import data
from alcove.store.layout import lock
from alcove.store.unpack import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from alcove.events import Reporter
    from alcove.store.layout import Store
    from alcove.store.unpacker import Needs
    from alcove.wheels.entry import Entry

__all__ = ["WAITING", "Unpackers"]

WAITING = (
    4  # wheels that may be given to each process at a time: what it has it makes durable together
)
_MOST = 8  # processes, where there are as many processors
# The start of a process takes as long as to unpack a wheel of this size; many small wheels are worth it, too.
_SMALL = 512 << 10  # bytes
_MANY = 16  # wheels
_CODE = """\
import gc, sys
gc.disable()
sys.path[:] = sys.argv[2:]
from alcove.store.unpacker import serve
serve(sys.argv[1])
"""


class Unpackers:
    """The processes that unpack for this one into one store; each is started when there is work for it."""

    def __init__(self, store: Store, *, count: int) -> None:
        """`count`: how many wheels there are to unpack at most. A program that uses the library starts no process."""
        self._store = store
        self._lock = threading.Lock()
        self._processes: list[_Process] = []
        self._stopped = False
        self._are_many = count >= _MANY
        self.most = min(_processors(), _MOST) if count > 1 and _may_start() else 0
        """How many processes there are at most."""

    def unpack(
        self, wheel_path: str, *, sha256: str, needs: Needs | None, reporter: Reporter
    ) -> Entry | None:
        """Return the entry of the wheel at `wheel_path` (absolute), of which the caller knows that its sha256 (hex) is this.

        None where no other process brought it into the store: `unpack` says why, or does it. `needs`: what it must say of
        its needs, before a byte is written; None for anything. StoreError where the store is taken, TransactionError where
        the command is being stopped.
        """
        self._go_on()
        if not self.most:
            return None
        with lock(self._store, shared=True, needed=False, reporter=reporter) as held:
            size = _size(wheel_path)
            process = self._take(size) if held.held and size else None
            if process is None:
                return None
            reporter.emit(Step("unpacking", os.path.basename(wheel_path)))
            try:
                answer = process.ask([wheel_path, sha256, needs])
            finally:
                with self._lock:
                    process.load -= size
            self._go_on()
            if answer is None:
                return None
            for text in answer:
                reporter.emit(Warned(text))
            return stored(self._store, os.path.basename(wheel_path), sha256)

    def stop(self) -> None:
        """Take back what is being unpacked, and let nobody begin."""
        self._stopped = True
        for process in self._last():
            process.stop()

    def close(self) -> None:
        """Let the processes end, once they have done what they were asked for."""
        for process in self._last():
            process.close()

    def _last(self) -> tuple[_Process, ...]:
        with self._lock:
            self.most = 0
            return tuple(self._processes)

    def _go_on(self) -> None:
        if self._stopped:
            raise TransactionError("interrupted", hint="run the command again")

    def _take(self, size: int) -> _Process | None:
        """Return the process that is to unpack a wheel of `size` bytes: the one that has least to do, or a new one.

        None where there is none to be had, or it is not worth one.
        """
        self._go_on()
        with self._lock:
            there = [one for one in self._processes if one.is_alive]
            least = min(there, key=lambda one: one.load, default=None)
            is_worth_it = self._are_many or size >= _SMALL
            if (least is None or least.load) and is_worth_it and len(self._processes) < self.most:
                try:
                    least = _Process(self._store.root)
                except (OSError, RuntimeError):  # this user may have no more of them
                    self.most = len(self._processes)
                else:
                    self._processes.append(least)
            if least is not None:
                least.load += size
            return least


class _Answer:
    """What comes of a request, when it has come."""

    __slots__ = ("_came", "_texts")

    def __init__(self) -> None:
        self._came = threading.Event()
        self._texts: list[str] | None = None

    def give(self, texts: list[str] | None) -> None:
        """Let go on who waits."""
        self._texts = texts
        self._came.set()

    def wait(self) -> list[str] | None:
        """Return what was given."""
        self._came.wait()
        return self._texts


class _Process:
    """One of the processes, as this one sees it."""

    def __init__(self, root: str) -> None:
        """`root`: the store's (absolute). OSError, RuntimeError where the system has none to give."""
        libraries = filter(os.path.isabs, sys.path)
        command = [sys.executable, "-I", "-S", "-c", _CODE, root, *libraries]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.is_alive = True
        self.load = 0  # bytes of the wheels that it was given
        self._asking = threading.Lock()
        self._asked: deque[_Answer] = deque()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        try:
            self._listener.start()
        except RuntimeError:
            self._process.communicate()  # it has nothing to do, and ends
            raise

    def ask(self, request: Sequence[object]) -> list[str] | None:
        """Return what the process warns of where it did it, else None."""
        answer = _Answer()
        with self._asking:
            if not self.is_alive:
                return None
            self._asked.append(answer)
            try:
                _to(self._process).write(data.dumps(request))
                _to(self._process).flush()
            except BrokenPipeError:
                self.is_alive = False  # the listener gives the answer: none
        return answer.wait()

    def stop(self) -> None:
        """End the process now; it takes back what it has begun."""
        self._process.terminate()
        self.close()

    def close(self) -> None:
        """Let the process end, and wait for that."""
        with self._asking:
            self.is_alive = False
            with suppress(BrokenPipeError):  # it ended before
                _to(self._process).close()
        self._process.wait()
        self._listener.join()

    def _listen(self) -> None:
        """Hand out the answers, until there are no more, or what comes is none."""
        with (
            cast("IO[bytes]", self._process.stdout) as lines,
            suppress(LookupError, data.DataError),
        ):
            for line in lines:
                self._asked.popleft().give(data.loads(line))
        with self._asking:
            self.is_alive = False
        while self._asked:
            self._asked.popleft().give(None)


def _to(process: subprocess.Popen[bytes]) -> IO[bytes]:
    """Return the stream that leads to a process, of which the type says that there may be none."""
    return cast("IO[bytes]", process.stdin)


def _may_start() -> bool:
    """Tell whether this process is a command of ours, which may start others, on a system where that was tried."""
    return alcove.is_command and sys.platform.startswith("linux") and bool(sys.executable)


def _size(path: str) -> int:
    """Return the bytes of a file, 0 where it is gone."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))
