"""Work done side by side: jobs that run once, wherever they are first wanted.

Rule: a job that no worker has begun runs in the thread that asks for its result, so nobody waits for a queue,
and jobs may ask for jobs. Workers are daemons: they never keep a process from ending after Ctrl-C (which
`concurrent.futures` does).
"""

from __future__ import annotations

import importlib  # noqa: F401  before there are threads: see `Workers`
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Job", "Workers"]

T = TypeVar("T")

_MOST = 12  # threads: they wait for servers, mostly


class Job(Generic[T]):
    """A piece of work whose outcome, value or exception, is kept."""

    __slots__ = ("_claim", "_done", "_error", "_value", "_work")

    def __init__(self, work: Callable[[], T]) -> None:
        self._work: Callable[[], T] | None = work
        self._claim = threading.Lock()
        self._done = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do the work unless somebody else has begun."""
        if not self._claim.acquire(blocking=False):
            return
        work, self._work = self._work, None
        try:
            self._value = work() if work else None
        except BaseException as error:  # noqa: BLE001  raised again where the result is asked for
            self._error = error
        finally:
            self._done.set()

    def is_done(self) -> bool:
        """Say whether the outcome is known."""
        return self._done.is_set()

    def result(self) -> T:
        """Return the value, or raise what the work raised; does the work if nobody has begun."""
        self.run()
        self._done.wait()
        if self._error is not None:
            raise self._error
        return cast("T", self._value)


class Workers:
    """Up to `most` threads, started when there is work.

    By then `importlib` is there: a thread that imports something of it (`importlib.machinery`) while another one is about to
    import it for the first time would give it a second import system, which knows nothing.
    """

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._queue: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def submit(self, job: Job[Any]) -> None:
        """Let a worker do the job soon; nothing happens after `close`."""
        with self._lock:
            if self._closed:
                return
            self._queue.put(job)
            if self._idle < self._queue.qsize() and len(self._threads) < self._most:
                thread = threading.Thread(target=self._serve, daemon=True)
                try:
                    thread.start()  # first: what an interrupt kept from starting cannot be joined
                except (
                    RuntimeError
                ):  # the system gives no more (`ulimit -u`): those that ask do the rest
                    self._most = len(self._threads)
                else:
                    self._threads.append(thread)

    def close(self, *, patience: float = 0.0) -> None:
        """Let the workers end after their present job, waiting at most `patience` seconds for all."""
        with self._lock:
            self._closed = True
            threads = list(self._threads)
            while not self._queue.empty():
                self._queue.get()
            for _ in threads:
                self._queue.put(None)
        for thread in threads:
            thread.join(patience / len(threads))

    def _serve(self) -> None:
        while True:
            self._idle += 1  # a hint only: a thread too many or too few does no harm
            job = self._queue.get()
            self._idle -= 1
            if job is None:
                return
            job.run()
