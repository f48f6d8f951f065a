"""The place where the crash tests work, and the count of their points at the end of the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEMORY = "/dev/shm"  # noqa: S108  file operations by the ten thousand; where there is none, the disk will do


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return an empty directory, in memory where the machine has such a place."""
    if not os.access(_MEMORY, os.W_OK):
        yield str(tmp_path_factory.mktemp("crash"))
        return
    directory = tempfile.mkdtemp(prefix="alcove-crash-", dir=_MEMORY)
    yield directory
    shutil.rmtree(directory)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many points there were, of each kind."""
    counts: dict[str, int] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties if report.when == "call" else ():
            if name.startswith("stopped: "):
                counts[name[9:]] = counts.get(name[9:], 0) + int(str(value))
    if counts:
        listed = ", ".join(f"{kind} {count}" for kind, count in counts.items())
        terminalreporter.section("stopped anywhere")
        terminalreporter.line(f"{sum(counts.values())} points: {listed}")
