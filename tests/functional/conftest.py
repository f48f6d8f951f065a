"""What the tests of the whole command share: a machine, and an index of stand-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functional.machine import Machine
from tests.functional.standins import standins

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex


@pytest.fixture(scope="session")
def standin_index(tmp_path_factory: pytest.TempPathFactory) -> DiskIndex:
    """Return the index of stand-ins; no test changes it."""
    return standins(tmp_path_factory.mktemp("standins"))


@pytest.fixture
def machine(tmp_path: Path, standin_index: DiskIndex) -> Machine:
    """Return a fresh machine whose index is that of the stand-ins."""
    return Machine(tmp_path / "machine", index_url=standin_index.url)
