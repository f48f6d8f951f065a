"""Tags for an interpreter that pip's options declare; compared with pip's own lists, written down here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.interpreters.declared_like import declared_like, expanded
from alcove.interpreters.target import Target, target_of
from tests.unit.interpreters.test_tags import interpreter

if TYPE_CHECKING:
    from alcove.interpreters.kept import Interpreter

Here = tuple[Target, "Interpreter"]


@pytest.fixture
def here() -> Here:
    found = interpreter(minor=11)
    return target_of(found), found


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [
        (["win_amd64"], ["win_amd64"]),
        (["manylinux1_i686", "manylinux1_i686"], ["manylinux1_i686"]),
        (["manylinux2010_x86_64"], ["manylinux2010_x86_64", "manylinux1_x86_64"]),
        (
            ["manylinux2014_x86_64", "linux_x86_64"],
            ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"],
        ),
        (["manylinux2014_aarch64"], ["manylinux2014_aarch64"]),
        (["manylinux_2_28_x86_64"], ["manylinux_2_28_x86_64"]),
        (["macosx_odd"], ["macosx_odd"]),
    ],
)
def test_platforms(platforms: list[str], expected: list[str]) -> None:
    assert expanded(platforms) == expected


def test_older_versions_of_macos() -> None:
    found = expanded(["macosx_11_0_arm64"])
    assert found[0] == "macosx_11_0_arm64"
    assert "macosx_11_0_universal2" in found


def test_nothing_declared_changes_nothing(here: Here) -> None:
    target, own = here
    found = declared_like(target, own)
    assert set(found.tags) >= set(target.tags[:50])
    assert found.tags[0] == target.tags[0]
    assert (found.python, found.markers) == (target.python, target.markers)


@pytest.mark.parametrize(
    ("said", "python", "tags"),
    [
        (
            {"python": (3, 10), "platforms": ("win_amd64",)},
            "3.10.0",
            "cp310-cp310-win_amd64 cp32-abi3-win_amd64 !cp311-cp311-win_amd64",
        ),
        (
            {"python": (3, 7, 4), "platforms": ("win32",)},
            "3.7.4",
            "cp37-cp37m-win32 py3-none-any !cp38-cp38-win32",
        ),
        (
            {"python": (3,), "platforms": ("win32",)},
            "3.0.0",
            "cp3-none-win32 py3-none-any !cp3-cp3-win32",
        ),
        (
            {"implementation": "py", "platforms": ("any",)},
            "3.11.1",
            "py311-cp311-any py3-none-any !cp311-cp311-any",
        ),
        (
            {
                "implementation": "pp",
                "abis": ("pypy310_pp73",),
                "python": (3, 10),
                "platforms": ("p",),
            },
            "3.10.0",
            "pp310-pypy310_pp73-p pp310-none-p !cp310-cp310-p",
        ),
        (
            {"abis": ("cp39",), "python": (3, 9), "platforms": ("p",)},
            "3.9.0",
            "cp39-cp39-p cp39-abi3-p !cp39-cp39d-p",
        ),
    ],
)
def test_what_is_declared(here: Here, said: dict[str, object], python: str, tags: str) -> None:
    """`tags`: the first one, one that is there, and after a `!` one that is not."""
    target, own = here
    found = declared_like(target, own, **said)  # type: ignore[arg-type]
    first, there, missing = tags.split()
    assert (found.python, found.markers) == (python, target.markers)
    assert found.tags[0] == first
    assert there in found.tags
    assert missing.removeprefix("!") not in found.tags
    assert len(set(found.tags)) == len(found.tags)
