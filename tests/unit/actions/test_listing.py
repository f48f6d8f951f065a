"""What `diff` takes for a difference."""

from __future__ import annotations

import json
import os
from pathlib import Path

from alcove.actions.listing import diff
from tests.unit.transactions.machine import Machine
from tests.unit.transactions.test_outside import install


def test_an_editable_one_is_not_what_its_directory_makes(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layouts = []
    for editable in (True, False):
        layout = machine.create()
        moved = layout._replace(root=f"{machine.root}/{'first' if editable else 'second'}")
        os.rename(layout.root, moved.root)
        install(machine, moved, "theirs", "1.0")
        direct = {"url": "file:///src", "dir_info": {"editable": editable}}
        info = Path(moved.site_packages, "theirs-1.0.dist-info")
        (info / "direct_url.json").write_text(json.dumps(direct), encoding="utf-8")
        layouts.append(moved)
    rows, _ = diff(*layouts)
    assert [tuple(one) for one in rows] == [
        ("theirs", "1.0 editable file:///src", "1.0 @ file:///src")
    ]
    assert diff(layouts[0], layouts[0])[0] == ()
