"""What `alcove verify` says to do names the environment: it may be pasted anywhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.cli.commands import verify_command
from alcove.cli.parse import parse
from alcove.events import Silent
from alcove.settings import read
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_environment_without_its_switch_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    os.unlink(layout.current)
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    values = parse(["verify", "--env", layout.root])
    assert verify_command.run(values, settings, Silent()) == 1
    said = capsys.readouterr()
    assert f"put it right: alcove repair --env {layout.root}\n" in said.out + said.err
