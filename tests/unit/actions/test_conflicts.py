"""What a change broke, told of those alone that it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.actions import conflicts
from alcove.environments import installed
from alcove.interpreters.target import Target
from alcove.pip.changes import sentence

if TYPE_CHECKING:
    from pathlib import Path


def add(site: Path, name: str, version: str, *requires: str, body: str = "") -> None:
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    lines = "".join(f"Requires-Dist: {text}\n" for text in requires)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{lines}\n{body}"
    (info / "METADATA").write_text(text)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    target = Target("3.12.0", {"python_version": "3.12"}, ())
    monkeypatch.setattr(
        conflicts, "visible", lambda *_: installed.read(str(tmp_path)).distributions
    )
    monkeypatch.setattr(conflicts, "lazy_target", lambda *_: lambda: target)

    def found(*names: str) -> list[str]:
        return [sentence(one) for one in conflicts.conflicts_after(None, names, None)]  # type: ignore[arg-type]

    return found


def test_only_what_the_change_concerns(tmp_path: Path, told: object) -> None:
    add(tmp_path, "a", "1", "Foo.Bar<2")
    add(tmp_path, "foo-bar", "2.0", "gone")
    add(tmp_path, "far", "1", "other<1", body="foo and bar")
    add(tmp_path, "other", "2")
    add(tmp_path, "fits", "1", "foo_bar>=2; python_version > '3'", "foo-bar<1; extra == 'x'")
    assert told("foo-bar") == [  # type: ignore[operator]
        "a 1 requires Foo.Bar<2, but you have foo-bar 2.0 which is incompatible."
    ]
    assert told("nobody") == []  # type: ignore[operator]


def test_what_is_gone(tmp_path: Path, told: object) -> None:
    add(tmp_path, "a", "1", "b>=1")
    assert told("b") == ["a 1 requires b>=1, which is not installed."]  # type: ignore[operator]


def test_requirements_far_down(tmp_path: Path, told: object) -> None:
    lines = [f"filler{number}" for number in range(4000)]
    add(tmp_path, "a", "1", *lines, "b<1")
    add(tmp_path, "b", "1")
    found = told("b")  # type: ignore[operator]
    assert "a 1 requires b<1, but you have b 1 which is incompatible." in found
