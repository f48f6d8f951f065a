"""What the solver is told of a distribution that others placed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions.present import facts_of
from alcove.environments.layout import Layout
from alcove.store.layout import store_at
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.generation import Placement


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b"Version: 1.0\n"])
def test_metadata_that_a_power_cut_emptied_says_nothing(tmp_path: Path, content: bytes) -> None:
    machine = Machine(str(tmp_path))
    theirs: Placement = machine.unpacked("theirs")._replace(source="kept/1", record="kept")
    layout = Layout(str(tmp_path / "env"), "python3.12")
    os.makedirs(f"{layout.private}/kept/1/dist-info")
    (tmp_path / "env/.alcove/kept/1/dist-info/METADATA").write_bytes(content)
    assert facts_of(layout, store_at(str(tmp_path)), theirs) is None
