"""`verify` while somebody changes the environment: what was only on its way is not wrong."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from alcove.actions.held import register
from alcove.actions.verify import verify
from alcove.files.locking import Lock
from alcove.settings import read
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_on_its_way_is_waited_for(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    settings = read({"HOME": machine.root, "ALCOVE_HOME": f"{machine.root}/data"}, cwd=machine.root)
    layout = machine.create()
    machine.show(layout, [machine.unpacked("demo", entry_points={"demo": "demo:main"})])
    register(layout, anew=True)
    usual = verify(layout.root, settings).findings  # its interpreter is a stand-in
    script = f"{layout.bin}/demo"
    os.rename(script, script + ".away")

    def finish() -> None:
        os.rename(script + ".away", script)
        lock.release()

    lock = Lock(f"{layout.private}/lock").acquire()
    lock.sign("process 7")
    found = verify(layout.root, settings, wait=0.05)
    assert [one.path for one in found.findings if one not in usual] == [script]
    assert "it is being changed by process 7: look again" in found.told
    threading.Timer(0.2, finish).start()
    assert verify(layout.root, settings, wait=30.0).findings == usual
    os.unlink(script)
    found = verify(layout.root, settings, wait=30.0)
    assert [one.path for one in found.findings if one not in usual] == [script]
