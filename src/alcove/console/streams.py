"""The standard streams of a command that was started with some of them closed (`>&-`).

Rule: a descriptor below 3 is a standard stream and nothing else. Where one is free, the next file that is opened gets its
number, and what a program started later prints would end in that file.
"""

from __future__ import annotations

import os
import sys

__all__ = ["open_closed"]


def open_closed() -> None:
    """Let each of stdin, stdout and stderr that is closed read nothing and keep nothing; OSError without a null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  as long as we
