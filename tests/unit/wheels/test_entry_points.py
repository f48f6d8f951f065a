"""entry_points.txt: what becomes a launcher, and what is refused."""

from __future__ import annotations

import pytest

from alcove.errors import InvalidWheel
from alcove.wheels import entry_points
from alcove.wheels.entry import EntryPoint

GOOD = b"""\xef\xbb\xbf
# a comment
; another
[console_scripts]\r
 a = pkg.mod:main\r
b=pkg:Class.method [extra1, extra2]
a-b.c = pkg : main
[gui_scripts]
g = pkg:gui
[pytest11]
anything = goes here ../../x
"""


def test_launchers_are_read() -> None:
    assert entry_points.launchers(GOOD, "x", "x") == (
        EntryPoint("a", "pkg.mod", "main", gui=False),
        EntryPoint("b", "pkg", "Class.method", gui=False),
        EntryPoint("a-b.c", "pkg", "main", gui=False),
        EntryPoint("g", "pkg", "gui", gui=True),
    )


def test_all_groups_are_read() -> None:
    found = list(entry_points.groups(GOOD))
    assert ("pytest11", "anything", "goes here ../../x") in found


@pytest.mark.parametrize(
    "line",
    [
        "../../x = a:b",
        "x/y = a:b",
        "x\\y = a:b",
        "python = a:b",
        "python3.11 = a:b",
        "pip = a:b",
        "activate = a:b",
        "x = a",
        "x = a:",
        "x = :b",
        "x = a:b;import os",
        "x = a:b()",
        "x = a.:b",
        "x = a\x0b:b c",
        "x = os;os:system",
        "x = a:b\nx = a:c",
    ],
)
def test_a_dangerous_line_is_refused(line: str) -> None:
    with pytest.raises(InvalidWheel):
        entry_points.launchers(f"[console_scripts]\n{line}\n".encode(), "evil", "x")


def test_names_that_differ_in_case_are_two_programs() -> None:
    points = entry_points.launchers(b"[console_scripts]\nx = a:b\nX = a:c\n", "x", "x")
    assert [(point.name, point.attribute) for point in points] == [("x", "b"), ("X", "c")]


def test_pip_may_bring_pip() -> None:
    points = entry_points.launchers(b"[console_scripts]\npip3 = pip:main\n", "pip", "pip")
    assert [point.name for point in points] == ["pip3"]
