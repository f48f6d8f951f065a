"""One foreign program, run to its end: its output in a log file, its time limited, its children stopped with it.

Rule: the program gets a session of its own, so that whatever it starts ends with it when it is stopped, and no
standard input, so that it cannot wait for an answer.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from alcove.files import ops

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alcove.builds.activity import Idleness

__all__ = ["Ended", "Limits", "WentIdle", "run", "tail"]

_INTERVAL = 0.1  # seconds between two looks at the clock and the log
_GRACE = 2.0  # seconds between SIGTERM and SIGKILL
_STEP = 0.02  # seconds between two looks at whether it has ended in that time
_TAIL_BYTES = 1 << 16
_LINE = 400  # characters of a line that are shown
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Limits(NamedTuple):
    """How long a program may run (seconds, None: for ever) and how much it may print (bytes).

    `idle`: for how long it may neither print anything nor use CPU time. `cancelled` is asked about ten times a
    second, from another thread: True stops the program.
    """

    timeout: float | None = None
    idle: float | None = None
    output: int = 64 << 20
    cancelled: Callable[[], bool] | None = None


class Ended(Exception):
    """The program did not end well: `code` is its exit code, negative for a signal; `reason` says it in words."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class WentIdle(Ended):
    """The program was stopped, for it had neither printed anything nor used CPU time for the time that is allowed."""


def run(
    arguments: Sequence[str],
    *,
    directory: str,
    environ: Mapping[str, str],
    log: str,
    limits: Limits | None = None,
    live: Callable[[str], None] | None = None,
) -> None:
    """Run a program in `directory` (absolute) until it ends; its output is added to the file `log` (absolute).

    `live` is called with each line, from another thread. Ended where the exit code is not 0 or a limit was
    reached; OSError where it cannot be started. An exception (Ctrl-C) stops the program and what it started.
    """
    if not os.path.exists(log):
        ops.write(log, b"")
    descriptor = os.open(log, os.O_RDWR | os.O_APPEND)  # kept open: the program may remove the file
    try:
        process = subprocess.Popen(  # `with` would wait for the program after Ctrl-C
            list(arguments),
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
        )
        _attend(process, _Watch(process, descriptor, limits=limits or Limits(), live=live))
    finally:
        os.close(descriptor)


def _attend(process: subprocess.Popen[bytes], watch: _Watch) -> None:
    try:
        try:
            watch.start()
        except RuntimeError as error:  # a thread is one more process to `ulimit -u`
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
        process.wait()
    except BaseException:
        _stop(process)
        raise
    finally:
        watch.finish()
    if watch.reason:
        raise (WentIdle if watch.went_idle else Ended)(process.returncode, watch.reason)
    if process.returncode:
        raise Ended(process.returncode, _in_words(process.returncode))


def tail(log: str, *, lines: int = 40) -> str:
    """Return the last `lines` lines of the file `log` (absolute), made harmless for a terminal."""
    try:
        descriptor = os.open(log, os.O_RDONLY | _NO_TRICKS)
    except OSError:  # the program may have removed or replaced it
        return ""
    try:
        size = os.fstat(descriptor).st_size
        data = os.pread(descriptor, _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    except OSError:  # a pipe or a directory in its place
        return ""
    finally:
        os.close(descriptor)
    return "\n".join(_harmless(line) for line in _lines(data.strip(b"\r\n"))[-lines:])


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").split("\n")


def _harmless(line: str) -> str:
    # What a progress bar overwrote with carriage returns is not shown.
    shown = _ESCAPES.sub("", line.rstrip("\r")).rsplit("\r", 1)[-1]
    shown = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", shown)
    return shown if len(shown) <= _LINE else shown[:_LINE] + "…"


def _in_words(code: int) -> str:
    if code > 0:
        return f"exit code {code}"
    try:
        return f"stopped by {signal.Signals(-code).name}"
    except ValueError:
        return f"stopped by signal {-code}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the program with all that it started, gently first, and collect it."""
    _signal(process, signal.SIGTERM)
    try:
        _wait(process, _GRACE)
    finally:
        _signal(process, _KILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until the program has ended, but no longer than that."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(_STEP)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if os.name == "nt":
        process.kill()
        return
    try:
        os.killpg(process.pid, number)  # the number of the session and of its group
    except (ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        return


class _Watch(threading.Thread):
    """Looks at the clock and the log (an open descriptor) while the program runs."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        log: int,
        *,
        limits: Limits,
        live: Callable[[str], None] | None,
    ) -> None:
        super().__init__(name="alcove-build-watch", daemon=True)
        self.reason = ""
        self.went_idle = False
        self._process = process
        self._log = log
        self._start = self._read = os.fstat(log).st_size
        self._rest = b""
        self._limits = limits
        self._live = live
        self._done = threading.Event()
        self._deadline = None if limits.timeout is None else time.monotonic() + limits.timeout
        self._idleness: Idleness | None = None

    def run(self) -> None:
        """Tell what is printed, and stop the program where it breaks a limit."""
        if self._limits.idle is not None:
            from alcove.builds.activity import Idleness  # noqa: PLC0415 - only where something is built

            self._idleness = Idleness(self._process.pid, limit=self._limits.idle)
        while not self._done.wait(_INTERVAL):
            self._tell()
            self.reason = self._broken()
            if self.reason:
                self._end()
                return

    def finish(self) -> None:
        """Take note that the program has ended, and tell what is left to tell."""
        self._done.set()
        if self.ident is not None:
            self.join()
        self._tell(last=True)

    def _broken(self) -> str:
        if self._deadline is not None and time.monotonic() > self._deadline:
            return f"no end after {_seconds(self._limits.timeout)}"
        printed = os.fstat(self._log).st_size - self._start
        if printed > self._limits.output:
            return f"more than {self._limits.output >> 20} MiB of output"
        if self._limits.cancelled is not None and self._limits.cancelled():
            return "cancelled"
        if self._idleness and self._idleness.too_long(printed):
            self.went_idle = True
            return f"no output and no CPU time for {_seconds(self._limits.idle)}"
        return ""

    def _end(self) -> None:
        _signal(self._process, signal.SIGTERM)
        self._done.wait(_GRACE)
        _signal(self._process, _KILL)  # those of the group that did not listen

    def _tell(self, *, last: bool = False) -> None:
        if self._live is None:
            return
        size = os.fstat(self._log).st_size - self._read
        data = os.pread(self._log, max(0, size), self._read)
        self._read += len(data)
        *whole, self._rest = (self._rest + data).split(b"\n")
        if last and self._rest:
            whole.append(self._rest)
            self._rest = b""
        for line in whole:
            self._live(_harmless(line.decode("utf-8", "replace")))


def _seconds(number: float | None) -> str:
    return "1 second" if number == 1 else f"{number:g} seconds"


# Neither a link nor a pipe that the program put in the log's place.
_NO_TRICKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
