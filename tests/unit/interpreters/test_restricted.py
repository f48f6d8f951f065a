"""What `--platform` and its like make of an interpreter's target: what packaging gives for the same words, as in pip."""

from __future__ import annotations

import pytest
from packaging import tags

from alcove.interpreters.restricted import Restriction, restricted
from alcove.interpreters.target import target_of
from tests.unit.interpreters.test_tags import interpreter


def as_text(found: object) -> tuple[str, ...]:
    """Return tags as text."""
    return tuple(str(tag) for tag in found)  # type: ignore[attr-defined]


def test_nothing_said_is_the_interpreter_itself() -> None:
    here = interpreter()
    assert restricted(here, Restriction()) == target_of(here)


def test_another_platform_and_version() -> None:
    found = restricted(interpreter(), Restriction((3, 8), ("win_amd64", "win32", "win_amd64")))
    places = ["win_amd64", "win32"]
    assert found.tags == as_text(
        [
            *tags.cpython_tags((3, 8), ["cp38"], places),
            *tags.compatible_tags((3, 8), "cp38", places),
        ]
    )
    assert found.python == "3.8.0"
    assert found.markers == interpreter().markers  # pip: markers stay those of what is here


def test_a_version_alone_keeps_the_platform() -> None:
    found = restricted(interpreter(), Restriction((3, 9, 2)))
    assert found.python == "3.9.2"
    assert "cp39-cp39-manylinux_2_17_x86_64" in found.tags
    assert "cp312-cp312-manylinux_2_17_x86_64" not in found.tags
    assert restricted(interpreter(), Restriction((3,))).tags[-1] == "py3-none-any"


@pytest.mark.parametrize(
    ("said", "first"),
    [
        (Restriction(abis=("cp37m", "none")), "cp312-cp37m-manylinux_2_17_x86_64"),
        (
            Restriction(implementation="pp", abis=("pypy310_pp73",), python=(3, 10)),
            "pp310-pypy310_pp73-",
        ),
        (Restriction(implementation="py", abis=("none",)), "py312-none-"),
        (Restriction((3, 7)), "cp37-cp37m-"),
    ],
)
def test_abis_and_implementations(said: Restriction, first: str) -> None:
    found = restricted(interpreter(), said)
    assert any(tag.startswith(first) for tag in found.tags)


def test_free_threading_stays_where_there_is_such_a_thing() -> None:
    free = interpreter(free_threaded=True, minor=13)
    assert restricted(free, Restriction((3, 14))).tags[0].startswith("cp314-cp314t-")
    assert restricted(free, Restriction((3, 12))).tags[0].startswith("cp312-cp312-")


@pytest.mark.parametrize(
    ("platform", "others"),
    [
        ("manylinux2014_x86_64", {"manylinux2010_x86_64", "manylinux1_x86_64"}),
        ("manylinux2014_aarch64", set()),
        ("manylinux2010_i686", {"manylinux1_i686"}),
        ("manylinux_2_28_x86_64", set()),
        ("linux_x86_64", set()),
        ("macosx_10_10_x86_64", {"macosx_10_9_x86_64", "macosx_10_4_intel"}),
        ("macosx_odd", set()),
        ("ios_13_0_arm64_iphoneos", {"ios_12_0_arm64_iphoneos"}),
        ("android_21_x86_64", {"android_20_x86_64"}),
    ],
)
def test_older_platforms_are_included_as_pip_does(platform: str, others: set[str]) -> None:
    found = restricted(interpreter(), Restriction(platforms=(platform,)))
    places = {tag.rpartition("-")[2] for tag in found.tags}
    assert {platform, *others} <= places
    if not others:
        assert places == {platform, "any"}
