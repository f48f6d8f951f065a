"""`--force-reinstall` of what stands: edits go, of what is named alone; the next change does not bring them again."""

from __future__ import annotations

from pathlib import Path

from alcove.actions.putting_back import put_back
from alcove.transactions.apply import Held
from tests.unit.transactions.machine import Machine, Said


def test_edits_of_what_is_named_go(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    six, seven = (
        machine.unpacked(name, files={f"{name}.py": "x = 1\n"}) for name in ("six", "sev")
    )
    machine.show(layout, [six])
    machine.show(layout, [six, seven])  # both slots hold it
    files = [Path(layout.site_packages, name) for name in ("six.py", "sev.py")]
    for path in files:
        path.write_text("x = 2\n")
    said = Said()
    with Held(layout, reporter=said) as held:
        put_back(held, ["six"], [six, seven])
    assert [path.read_text() for path in files] == ["x = 1\n", "x = 2\n"]
    assert "six 1.0 is as it was placed" in said.text
    machine.again(layout, 1)
    assert files[0].read_text() == "x = 1\n"


def test_what_is_whole_is_left_alone(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    six = machine.unpacked("six", files={"six.py": "x = 1\n"})
    machine.show(layout, [six])
    said = Said()
    before = Path(layout.private, "state").read_bytes()
    with Held(layout, reporter=said) as held:
        put_back(held, ["six"], [six])
    assert said.events == []
    assert Path(layout.private, "state").read_bytes() == before
