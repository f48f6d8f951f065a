"""Whether a test can have a terminal of its own."""

from __future__ import annotations

import os

import pytest

__all__ = ["require_terminal"]


def require_terminal() -> None:
    """Skip the test that asks where no pseudo-terminal is to be had: no /dev/pts, no /dev/tty."""
    try:
        for descriptor in os.openpty():
            os.close(descriptor)
    except OSError as error:
        pytest.skip(f"no pseudo-terminal here: {error}")
