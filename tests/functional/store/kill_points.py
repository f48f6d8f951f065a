"""Unpacks a wheel and collects again and again, killed at each file operation in turn; prints what it saw.

Run as a program: `kill_points.py DIRECTORY WHEEL`. Each attempt is a child of its own, killed by SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from alcove.errors import EntryDamaged
from alcove.files import ops
from alcove.store import collect, entries, verify
from alcove.store.layout import store_at
from alcove.store.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Callable


def attempt(action: Callable[[], object], point: int) -> bool:
    """Run `action` in a child that dies before its operation number `point`; say whether it died."""
    child = os.fork()
    if not child:
        left = point

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **keywords: Any) -> Any:
                nonlocal left
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **keywords)

            return call

        for name in ops.__all__:
            setattr(ops, name, counted(getattr(ops, name)))
        try:
            action()
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status)


def main(directory: str, wheel: str) -> None:
    """Go through all points of an unpack, and of the removal of what it made."""
    store = store_at(directory)
    points = 0
    while attempt(lambda: unpack(store, wheel), points + 1):
        points += 1
        for name in entries.names(store):
            assert verify.damaged(store, name, deep=True) == [], f"torn at {points}"
        made = unpack(store, wheel).directory
        assert verify.damaged(store, made, deep=True) == [], f"not made good at {points}"
        collect.collect(store, now=time.time())
        assert os.listdir(store.entries) == [], f"something was left at {points}"
    (name,) = entries.names(store)
    removals = 0
    while attempt(lambda: collect.collect(store, now=time.time()), removals + 1):
        removals += 1
        if entries.names(store):
            assert verify.damaged(store, name, deep=True) == [], f"torn at {removals}"
        else:
            try:
                entries.read(store, name)
            except EntryDamaged:
                pass
            else:
                raise AssertionError(f"half removed at {removals}")
        collect.collect(store, now=time.time())
        assert os.listdir(store.entries) == [], f"something was left at {removals}"
        unpack(store, wheel)
    sys.stdout.write(f"{points} {removals}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
