"""Locks that the kernel forgets with their holder: `flock`, and `msvcrt` on Windows (not run there).

Never asks whether a process still lives: a zombie does, and a number comes again.
"""

from __future__ import annotations

import os
import sys
import time

from alcove.files import reading
from alcove.files.refusals import DENIED, FULL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["Busy", "DirectoryLock", "Lock", "heirs"]

_POLL = 0.02  # seconds

heirs: list[int] = []
"""Processes forked by this one, which hold its locks until they have ended; they do so by themselves."""


class Busy(Exception):
    """Somebody else holds the lock; `holder` is what they wrote into it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class Lock:
    """A lock on the file `path` (absolute), made where it is missing and never removed.

    >>> with Lock("/path/of/lock").acquire(timeout=60):  # doctest: +SKIP
    ...     pass
    """

    __slots__ = ("_descriptor", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._descriptor = -1

    def acquire(self, *, shared: bool = False, timeout: float = 0.0) -> Self:
        """Take the lock, waiting up to `timeout` seconds; Busy when somebody else kept it, NotAFile where none can be.

        A shared one needs no right to write the file.
        """
        if self._descriptor >= 0:
            raise RuntimeError(f"{self.path}: taken already by this object")
        try:
            descriptor = reading.opened(self.path, flags=os.O_RDWR | os.O_CREAT)
        except OSError as error:
            if not shared or error.errno not in DENIED:
                raise
            try:
                descriptor = reading.opened(self.path)
            except FileNotFoundError:
                raise error from None  # what is wrong is that it cannot be made
        deadline = time.monotonic() + timeout if timeout else 0.0
        while not _try(descriptor, shared=shared):
            if not timeout or time.monotonic() >= deadline:
                holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
                os.close(descriptor)
                raise Busy(holder)
            time.sleep(_POLL)
        self._descriptor = descriptor
        return self

    @property
    def held(self) -> bool:
        """Whether this object has the lock."""
        return self._descriptor >= 0

    def sign(self, holder: str) -> None:
        """Write who holds the lock, for those who wait; they are told less where the disk is full."""
        try:
            # Padded, not cut: to truncate a file makes some file systems wait for the disk.
            os.pwrite(self._descriptor, holder.encode()[:199].ljust(199) + b"\n", 0)
        except OSError as error:
            if error.errno not in FULL:
                raise

    def stands(self) -> bool:
        """Tell whether the file at `path` is still the one that is locked."""
        return _stands(self.path, self._descriptor)

    def release(self) -> None:
        """Give the lock back, when all `heirs` have ended; nothing happens where it is not held."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            while heirs:
                _outlast(heirs.pop())
            _let_go(descriptor)
            os.close(descriptor)

    def __enter__(self) -> Self:
        """Return the lock, which `acquire` took before."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self.release()


class DirectoryLock:
    """A lock on the directory `path` (absolute) itself; where the platform has none (Windows), always free."""

    __slots__ = ("_descriptor", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._descriptor = -1

    def acquire(self, *, shared: bool = False) -> Self:
        """Take the lock at once, or raise Busy; FileNotFoundError, NotADirectoryError where there is no directory."""
        if os.name == "nt":
            return self
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.path, flags)
        try:
            taken = _try(descriptor, shared=shared)
        except OSError:  # some file systems have no locks
            os.close(descriptor)
            raise
        if not taken:
            os.close(descriptor)
            raise Busy("")
        self._descriptor = descriptor
        return self

    def stands(self) -> bool:
        """Tell whether the directory at `path` is still the one that is locked."""
        return os.name == "nt" or _stands(self.path, self._descriptor)

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            _let_go(descriptor)
            os.close(descriptor)

    def __enter__(self) -> Self:
        """Return the lock, which `acquire` took before."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self.release()


def _stands(path: str, descriptor: int) -> bool:
    try:
        here = os.stat(path)
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (here.st_dev, here.st_ino) == (mine.st_dev, mine.st_ino)


def _outlast(child: int) -> None:
    try:
        os.waitpid(child, 0)
    except ChildProcessError:  # somebody collected it
        return


if sys.platform != "win32":

    def _try(descriptor: int, *, shared: bool) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

else:

    def _try(descriptor: int, *, shared: bool) -> bool:  # noqa: ARG001  Windows has one kind here
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
