"""overlayfs as a container has it: what an image brought can be written and removed, but none of its directories renamed."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from alcove.files import ops

if TYPE_CHECKING:
    import pytest

__all__ = ["bring"]


def bring(monkeypatch: pytest.MonkeyPatch, root: str) -> None:
    """Let all that lies below `root` (absolute) by now be of an image."""
    brought = {
        os.lstat(os.path.join(place, name)).st_ino
        for place, names, _ in os.walk(root)
        for name in names
    }
    rename, exchange = ops.rename, ops.exchange

    def refuse(path: str) -> None:
        if os.path.lexists(path) and os.lstat(path).st_ino in brought:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), path)

    def renamed(source: str, target: str) -> None:
        refuse(source)
        rename(source, target)

    def exchanged(left: str, right: str) -> bool:
        refuse(left)
        refuse(right)
        return exchange(left, right)

    monkeypatch.setattr(ops, "rename", renamed)
    monkeypatch.setattr(ops, "exchange", exchanged)
