"""Two pieces of file work at the same time: one in this process, the other in one forked for it.

Two threads are no help here: what they do between two calls of the system they do in turn, and waiting for it takes
longer than the calls. Rule: the forked process works on files and nothing else; whatever happens here, it has ended before
anything else is done. It holds the locks of this one, so where this one is killed the next command waits for it.
"""

from __future__ import annotations

import os
import sys

import alcove
from alcove.errors import AlcoveError
from alcove.files import data

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

__all__ = ["both"]

_AGAIN = "run the command again"


def both(there: Callable[[], None], here: Callable[[], None]) -> None:
    """Do `there` in a process of its own while `here` is done in this one.

    Where no process may be forked, one is done after the other. An error of either is raised; what is no OSError in `there`
    is an AlcoveError with its words.
    """
    if not _may_fork() or not _forked(there, here):
        here()
        there()


def _forked(there: Callable[[], None], here: Callable[[], None]) -> bool:
    """Do both at once; False where no process is to be had."""
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415  `signal` builds its enums first

    reader, writer = os.pipe()
    mask = _signal.pthread_sigmask
    # From before the fork until this process is ready to wait for the other one no interrupt may come. In the other
    # one they stay blocked: the terminal sends Ctrl-C to both, and it is soon done.
    before = mask(_signal.SIG_BLOCK, (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP))
    try:
        child = os.fork()
    except OSError:  # as many processes as this user may have
        os.close(reader)
        os.close(writer)
        mask(_signal.SIG_SETMASK, before)
        return False
    if not child:
        os.close(reader)
        _work(there, writer)
    try:
        os.close(writer)
        mask(_signal.SIG_SETMASK, before)
        here()
    finally:
        answer = _await(child, reader)
    _tell(answer)
    return True


def _may_fork() -> bool:
    """Tell whether this process is a command of ours without threads: a program that uses the library is never forked."""
    import _thread  # noqa: PLC0415  few ask

    return alcove.is_command and sys.platform.startswith("linux") and not _thread._count()  # noqa: SLF001  as `threading` does


def _work(there: Callable[[], None], writer: int) -> NoReturn:
    try:
        try:
            there()
            answer: object = None
        except OSError as error:
            answer = (error.errno, error.strerror, error.filename, error.filename2)
        except BaseException as error:  # noqa: BLE001  raised again by the parent
            answer = f"{type(error).__name__}: {error}"
        content = data.dumps(answer)
        while content:
            content = content[os.write(writer, content) :]
    finally:
        os._exit(0)


def _await(child: int, reader: int) -> bytes:
    """Return all that the forked process wrote, when it has ended; an interrupt meanwhile is raised then."""
    content, interrupt = b"", None
    while True:
        try:
            more = os.read(reader, 1 << 16)
            content += more
            if not more:
                break
        except KeyboardInterrupt as error:
            interrupt = error
    while True:
        try:
            os.close(reader)
            os.waitpid(child, 0)
            break
        except KeyboardInterrupt as error:
            interrupt = error
        except OSError:  # somebody collected it, or the file was closed before an interrupt
            break
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
