"""Whether a program that runs still does anything: what it printed, and the CPU time of it and all that it started.

Rule: every doubt speaks for the program. Any output and any CPU time is a sign of life, and only time in which
alcove itself could look counts.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Idleness", "cpu_time", "is_measurable"]

_LOOKS = 10  # at the CPU time, in the time that a program may be idle
_LONGEST = 1.0  # seconds that one look stands for, however long ago the one before it was
_UNKNOWN = -1


class Idleness:
    """Measures for how long the program that leads `session` has given no sign of life; `limit` in seconds.

    Where the system does not tell CPU times, output alone is a sign.
    """

    def __init__(self, session: int, *, limit: float) -> None:
        self._session = session
        self._limit = limit
        self._printed = 0
        self._used: int | None = _UNKNOWN
        self._looked = time.monotonic()
        self._idle = 0.0
        self._next = 0.0  # of the idleness, when the CPU time is looked at again

    def too_long(self, printed: int) -> bool:
        """Take note that `printed` bytes are there, and say whether the limit has been reached."""
        now = time.monotonic()
        # alcove may have been stopped, or the whole machine: then the program was, too, or did what was not seen
        self._idle += min(now - self._looked, _LONGEST)
        self._looked = now
        if printed != self._printed:
            self._printed = printed
            return self._lives()
        if self._idle < self._next:
            return False
        self._next += self._limit / _LOOKS
        used = cpu_time(self._session)
        if used != self._used:  # less is a sign, too: a process that had used some has ended
            self._used = used
            return self._lives()
        return self._idle >= self._limit

    def _lives(self) -> bool:
        self._idle = 0.0
        self._next = self._limit / _LOOKS
        return False


def is_measurable() -> bool:
    """Say whether this system tells the CPU time of processes, as Linux does."""
    return os.path.exists("/proc/self/stat")


class _Process(NamedTuple):
    number: int
    parent: int
    session: int
    ticks: int


def cpu_time(session: int, *, proc: str = "/proc") -> int | None:
    """Return the CPU time that the processes of `session`, and what they started, have used until now.

    In the system's clock ticks, children that ended included; None where `proc` (absolute) does not tell.
    """
    found = list(_processes(proc))
    if not found:
        return None
    inside = {one.number for one in found if one.session == session}
    while True:  # what was started in a session of its own belongs to it
        more = {one.number for one in found if one.parent in inside} - inside
        if not more:
            return sum(one.ticks for one in found if one.number in inside)
        inside |= more


def _processes(proc: str) -> Iterator[_Process]:
    try:
        names = os.listdir(proc)
    except OSError:
        return
    for name in names:
        if not name.isdecimal():
            continue
        try:
            with open(f"{proc}/{name}/stat", "rb") as stream:
                # proc_pid_stat(5): the name, in parentheses, may hold anything; behind it stand numbers
                fields = stream.read().rpartition(b")")[2].split()
            # state, ppid, pgrp, session, …, utime (the 14th field of all), stime, cutime, cstime
            parent, session, *ticks = (int(fields[place]) for place in (1, 3, 11, 12, 13, 14))
        except (OSError, ValueError, IndexError):  # it has ended, or is not ours to read
            continue
        yield _Process(int(name), parent, session, sum(ticks))
