"""What is there already is told as pip tells it: what was asked for, then what that needs, with the way to it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from alcove.pip.install import _satisfied
from alcove.pip.satisfied import told
from alcove.requirements.spec import parse
from alcove.settings import read
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.layout import Layout
    from alcove.settings import Settings

HERE: Any = SimpleNamespace(markers={"python_version": "3.12", "sys_platform": "linux"})


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    shapes: dict[str, list[str]] = {
        "flask": [
            "Werkzeug>=3.1",
            "jinja2 >= 3",
            "tomli ; python_version < '3.11'",
            "dotenv ; extra == 'env'",
        ],
        "werkzeug": ["MarkupSafe>=2.1.1"],
        "jinja2": ["markupsafe>=2"],
        "markupsafe": [],
        "dotenv": ["zope ; sys_platform == 'linux'"],
        "zope": ["flask"],
        "six": [],
    }
    placed = [
        machine.unpacked(name, requires=needs, extras=["env"] if name == "flask" else [])
        for name, needs in shapes.items()
    ]
    machine.show(layout, placed)
    return layout


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"HOME": str(tmp_path)}, cwd=str(tmp_path))


def lines(
    layout: Layout, settings: Settings, *asked: tuple[str, str], besides: tuple[str, ...] = ()
) -> list[str]:
    """Return the lines without what they have in common."""
    found = told(
        layout,
        [parse(text, origin=origin, directory="/") for text, origin in asked],
        settings,
        base_paths=lambda: (),
        besides=besides,
        markers=lambda: HERE,
    )
    start = "Requirement already satisfied: "
    said = [_satisfied(one, str) for one in found]
    assert all(one.startswith(start) for one in said)
    return [one[len(start) :].replace(f" in {layout.site_packages}", "") for one in said]


def test_as_pip_says_it(layout: Layout, settings: Settings) -> None:
    # What pip 26.3 prints for the same distributions, but for the place.
    assert lines(layout, settings, ("flask", "command line")) == [
        "flask (1.0)",
        "Werkzeug>=3.1 (from flask) (1.0)",
        "jinja2>=3 (from flask) (1.0)",
        "markupsafe>=2 (from jinja2>=3->flask) (1.0)",
    ]


def test_extras_files_and_markers(layout: Layout, settings: Settings) -> None:
    asked = ("flask[env]>=1 ; python_version > '3'", "need/r.txt:3:1")
    assert lines(layout, settings, ("six", "command line"), asked, besides=("jinja2",)) == [
        "six (1.0)",
        "flask[env]>=1 (from -r need/r.txt (line 3)) (1.0)",
        "Werkzeug>=3.1 (from flask[env]>=1->-r need/r.txt (line 3)) (1.0)",
        "dotenv (from flask[env]>=1->-r need/r.txt (line 3)) (1.0)",
        "zope (from dotenv->flask[env]>=1->-r need/r.txt (line 3)) (1.0)",
        "MarkupSafe>=2.1.1 (from Werkzeug>=3.1->flask[env]>=1->-r need/r.txt (line 3)) (1.0)",
    ]


def test_without_needs(layout: Layout, settings: Settings) -> None:
    asked = [parse("flask", origin="command line", directory="/")]
    found = told(layout, asked, settings, base_paths=lambda: ())
    assert [one.requirement for one in found] == ["flask"]
