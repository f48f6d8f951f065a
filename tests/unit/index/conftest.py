"""A lab for each test, closed behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.testing.index_lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "cache")
    yield made
    made.close()
