"""Pieces of file work done by two processes at the same time: this one, and one forked for it.

Two threads are no help here: what they do between two calls of the system they do in turn, and waiting for it takes
longer than the calls. Nobody can tell beforehand how long a piece takes (a new directory costs five to twenty hard links, by
the state of the disk), so each process takes the next piece when it is done with one. Rule: the forked process works on
files and nothing else; whatever happens here, it has done that before anything else is done. It holds the locks of this
one, so where this one is killed the next command waits for it; and this one gives them back when it has ended, too.
"""

from __future__ import annotations

import os
import sys

import alcove
from alcove.errors import AlcoveError
from alcove.files import data, locking, reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

__all__ = ["MOST", "share"]

MOST = 255  # pieces: each is one byte in a pipe
_AGAIN = "run the command again"
_PROCESSOR = 36  # of the words behind the name in /proc/self/stat: proc_pid_stat(5) has it as 39, counted from 1


def share(pieces: Sequence[Callable[[], None]], last: Callable[[], None]) -> None:
    """Do each of `pieces` (at most `MOST`) once, in one process or the other, and `last` in each when none is left.

    Where no process may be forked, all is done here. An error of either ends both; it is raised, and what is no OSError of
    the other process is an AlcoveError with its words.
    """
    if not _may_fork() or not _forked(pieces, last):
        for piece in pieces:
            piece()
        last()


def _forked(pieces: Sequence[Callable[[], None]], last: Callable[[], None]) -> bool:
    """Do it in two processes; False where no process is to be had."""
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415  `signal` builds its enums first

    queue = _queue(len(pieces))
    reader, writer = os.pipe()
    # Some kernels let a new process begin on the processor of its parent, milliseconds later, though another one is free.
    allowed, others = _processors()
    mask = _signal.pthread_sigmask
    # From before the fork until this process is ready to wait for the other one no interrupt may come. In the other
    # one they stay blocked: the terminal sends Ctrl-C to both, and it is soon done.
    before = mask(_signal.SIG_BLOCK, (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP))
    try:
        child = os.fork()
    except OSError:  # as many processes as this user may have
        for descriptor in (queue, reader, writer):
            os.close(descriptor)
        mask(_signal.SIG_SETMASK, before)
        return False
    if not child:
        os.close(reader)
        _allow(0, allowed)
        _work(lambda: _take(pieces, last, queue), writer)
    locking.heirs.append(child)
    try:
        os.close(writer)
        _allow(child, others)
        mask(_signal.SIG_SETMASK, before)
        _take(pieces, last, queue)
    finally:
        try:
            answer = _await(reader)
        finally:
            os.close(queue)
    _tell(answer)
    return True


def _processors() -> tuple[set[int], set[int]]:
    """Return those that this process may run on, and of them those on which it does not run now; none where that is not told."""
    try:
        here = reading.content("/proc/self/stat").rpartition(b")")[2].split()[_PROCESSOR]
        allowed = os.sched_getaffinity(0)
        return allowed, allowed - {int(here)}
    except (OSError, LookupError, ValueError):
        return set(), set()


def _allow(process: int, processors: set[int]) -> None:
    """Let a process run on `processors` alone; where that is not to be had it runs where the system wants."""
    try:
        os.sched_setaffinity(process, processors)
    except OSError:
        return


def _queue(count: int) -> int:
    """Return a pipe to read from that holds the numbers of the pieces, a byte each, and then ends."""
    queue, writer = os.pipe()
    os.write(writer, bytes(range(count)))
    os.close(writer)
    return queue


def _take(pieces: Sequence[Callable[[], None]], last: Callable[[], None], queue: int) -> None:
    """Do one piece after the other until none is left, and `last`; where one fails, nobody begins another."""
    try:
        while number := os.read(queue, 1):
            pieces[number[0]]()
        last()
    except BaseException:
        os.read(queue, MOST)
        raise


def _may_fork() -> bool:
    """Tell whether this process is a command of ours without threads: a program that uses the library is never forked."""
    import _thread  # noqa: PLC0415  few ask

    return alcove.is_command and sys.platform.startswith("linux") and not _thread._count()  # noqa: SLF001  as `threading` does


def _work(work: Callable[[], None], writer: int) -> NoReturn:
    try:
        try:
            work()
            answer: object = None
        except OSError as error:
            answer = (error.errno, error.strerror, error.filename, error.filename2)
        except BaseException as error:  # noqa: BLE001  raised again by the parent
            answer = f"{type(error).__name__}: {error}"
        content = data.dumps(answer)
        while content:
            content = content[os.write(writer, content) :]
        os.close(writer)  # to end takes longer than to say so
    finally:
        os._exit(0)


def _await(reader: int) -> bytes:
    """Return all that the forked process wrote, when it is done; an interrupt meanwhile is raised then."""
    content, interrupt = b"", None
    while True:
        try:
            more = os.read(reader, 1 << 16)
            content += more
            if not more:
                break
        except KeyboardInterrupt as error:
            interrupt = error
    os.close(reader)
    if interrupt is not None:
        raise interrupt
    return content


def _tell(content: bytes) -> None:
    """Raise the error of the forked process, where there was one."""
    if not content:
        raise AlcoveError("a process of alcove was killed while it placed files", hint=_AGAIN)
    answer = data.loads(content)
    if isinstance(answer, str):
        raise AlcoveError(answer, hint=_AGAIN)
    if answer is not None:
        number, text, path, other = answer
        raise OSError(number, text, path, None, other)
