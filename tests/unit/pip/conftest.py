"""An environment for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.pip.fakes import Inside

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def inside(tmp_path: Path) -> Inside:
    return Inside(tmp_path)
