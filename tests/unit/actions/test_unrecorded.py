"""What others placed without a RECORD: nobody knows its files, so it is not said to be gone while they stay."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from alcove.actions.install import uninstall
from alcove.errors import TransactionError
from alcove.settings import read
from tests.unit.dry import untouched
from tests.unit.transactions.machine import Machine


@pytest.mark.parametrize("dry_run", [True, False])
def test_it_is_not_uninstalled(tmp_path: Path, *, dry_run: bool) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    machine.show(layout, [machine.unpacked("one")])
    info = Path(layout.site_packages, "foo-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n")
    (info / "INSTALLER").write_text("conda\n")
    uninstall(layout, ["one"], settings, command="alcove uninstall one")  # and takes in the other
    with (
        untouched(machine.root) if dry_run else nullcontext(),
        pytest.raises(TransactionError, match=r"foo 1\.0 has no RECORD") as e,
    ):
        uninstall(layout, ["foo"], settings, command="alcove uninstall foo", dry_run=dry_run)
    assert "by hand" in (e.value.hint or "")
    (info / "RECORD").write_text("foo-1.0.dist-info/METADATA,,\n")
    uninstall(layout, ["foo"], settings, command="alcove uninstall foo", dry_run=dry_run)
    assert info.exists() is dry_run
