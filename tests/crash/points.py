"""Where a run is stopped: every operation of `alcove.files.ops` is a point, counted from 1.

Kinds: "hold" (the process stops before the operation and waits: for a copy of the disk), "kill" (the process ends before the operation), "torn" (a write leaves half its bytes, then the process ends),
"error" (EIO, once; the process goes on), "full" (ENOSPC for all that needs room, from that operation on), "power"
(the process ends, and what was written and not yet made durable is empty). What is durable is modelled as ext4 with
delayed allocation does it: an `fsync` covers names made before it, the content of its own file, and the content of
those files whose writing back was begun before (`ops.begin`); nothing else. `ops.settle` orders: what a file held then is
there wherever a later rename is.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from alcove.files import ops

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "STOPPED", "Script", "counted", "empty", "script"]

KINDS = ("kill", "torn", "error", "full", "power")
STOPPED = 77  # the exit code of a process that was stopped at its point

_WRITING = frozenset(("write", "stream", "copy", "append"))
_ROOM = _WRITING | {"mkdir", "symlink", "link"}


class Script(NamedTuple):
    """What is to happen: the kind, the number of the operation (0: only count), where a power cut lists its losses."""

    kind: str
    at: int
    lost: str = ""


class Counter:
    """The operations of one process; `lost` are (device, inode) of files whose content a power cut would take."""

    def __init__(self, script: Script, told: Callable[[int], None]) -> None:
        self.script = script
        self.told = told
        self.seen = 0
        self.lost: dict[tuple[int, int], bool] = {}  # True: writing back was begun
        self._turn = threading.Lock()  # wheels are unpacked by several threads

    def wrapped(self, name: str) -> Callable[..., Any]:
        """Return the operation `name` with its point before it."""
        real = getattr(ops, name)

        def call(*words: Any, **keywords: Any) -> Any:
            if counted(self.script.kind, name):
                self.seen += 1
                self.told(self.seen)
                if self.script.at and self._is_due():
                    self._strike(name, words)
            if self.script.kind != "power":
                return real(*words, **keywords)
            with self._turn:
                before = dict(self.lost)  # what comes meanwhile is not made durable by it
            done = real(*words, **keywords)
            with self._turn:
                self._remember(name, words, before)
            return done

        return call

    def _is_due(self) -> bool:
        if self.script.kind == "full":
            return self.seen >= self.script.at
        return self.seen == self.script.at

    def _strike(self, name: str, words: tuple[Any, ...]) -> None:
        kind = self.script.kind
        where = str(words[1] if name in ("copy", "link", "symlink", "rename") else words[0])
        if kind == "error":
            raise OSError(errno.EIO, os.strerror(errno.EIO), where)
        if kind == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), where)
        if kind == "hold":
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        if kind == "torn":
            _half(name, words)
        if kind == "power":
            self.cut()
        os._exit(STOPPED)

    def _remember(
        self, name: str, words: tuple[Any, ...], before: dict[tuple[int, int], bool]
    ) -> None:
        if name in _WRITING:
            self.lost[_key(words[1] if name == "copy" else words[0])] = False
        elif name == "begin" and (key := _key(words[0])) in self.lost:
            self.lost[key] = True
        elif name == "fsync":
            self.lost.pop(_key(words[0]), None)
            for key, begun in before.items():
                if begun:
                    self.lost.pop(key, None)
        elif name == "settle":
            self.lost.pop(_key(words[0]), None)
        elif name == "syncfs":
            for key in before:
                self.lost.pop(key, None)

    def cut(self) -> None:
        """Say which files the power cut empties."""
        with self._turn, open(self.script.lost, "w", encoding="ascii") as stream:
            stream.writelines(f"{device} {inode}\n" for device, inode in self.lost)


def counted(kind: str, name: str) -> bool:
    """Tell whether an operation is a point of this kind."""
    if kind == "torn":
        return name in _WRITING
    return name in _ROOM if kind == "full" else True


def script(wanted: Script, told: Callable[[int], None]) -> Counter:
    """Stand in for every operation of this process; `told` gets the number of each point that is reached."""
    counter = Counter(wanted, told)
    for name, wrapped in {name: counter.wrapped(name) for name in ops.__all__}.items():
        setattr(ops, name, wrapped)
    return counter


def empty(root: str, listed: str) -> int:
    """Empty the files below `root` that the power cut of `listed` took; return how many."""
    with open(listed, encoding="ascii") as stream:
        lost = {(int(device), int(inode)) for device, inode in map(str.split, stream)}
    count = 0
    for directory, _, names in os.walk(root):
        for name in names:
            path = f"{directory}/{name}"
            facts = os.lstat(path)
            if (facts.st_dev, facts.st_ino) in lost and facts.st_size:
                times = (facts.st_atime_ns, facts.st_mtime_ns)
                os.truncate(path, 0)
                os.utime(path, ns=times)
                count += 1
    return count


def _key(path: str) -> tuple[int, int]:
    facts = os.stat(path)
    return facts.st_dev, facts.st_ino


def _half(name: str, words: tuple[Any, ...]) -> None:
    if name == "copy":
        with open(words[0], "rb") as stream:
            content = stream.read()
        _torn(words[1], content, os.O_EXCL)
    elif name == "stream":
        _torn(words[0], b"".join(words[1]), os.O_EXCL)
    else:
        _torn(words[0], words[1], os.O_EXCL if name == "write" else os.O_APPEND)


def _torn(path: str, content: bytes, flag: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o666)
    os.write(descriptor, content[: len(content) // 2])
    os.close(descriptor)
