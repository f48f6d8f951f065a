"""Hash-checking mode: what pip refuses, and what stands for what was decided."""

from __future__ import annotations

import pytest

from alcove.actions.hashing import check_dependencies, check_hashes
from alcove.actions.keeping import kept, stands_for
from alcove.environments.generation import Placement
from alcove.errors import InvalidRequirement
from alcove.events import Silent
from alcove.requirements.resolution import Origin, Pinned, Resolution
from alcove.requirements.spec import Asked, parse

HASH = ("sha256:" + "a" * 64,)


def asked(text: str, *hashes: str, editable: bool = False) -> Asked:
    return parse(text, origin="f:1:1", directory="/", editable=editable)._replace(hashes=hashes)


def pinned(name: str, kind: str = "index", *, requested: bool = False, file: str = "") -> Pinned:
    return Pinned(name, "1.0", Origin(kind, f"u/{name}", file), (), (), requested)


def placed(name: str, version: str = "1.0", direct_url: str = "") -> Placement:
    return Placement(
        name, version, "e/x", "", "", False, direct_url, (), (), (), (), (), (), (), (), "", True
    )


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (asked("a==1"), "Hashes are required"),
        (asked("a>=1"), "pinned with =="),
        (asked("a==1.*"), "pinned with =="),
        (asked("a @ git+https://h.example/a", *HASH), "version control"),
        (asked("a @ file:///", *HASH), "point to directories"),
        (asked("a @ https://h.example/a.zip"), "Hashes are required"),
    ],
)
def test_what_cannot_be_checked(one: Asked, message: str) -> None:
    with pytest.raises(InvalidRequirement, match=message) as caught:
        check_hashes([one])
    assert caught.value.exit_code == 1
    assert "f:1:1" in caught.value.message


@pytest.mark.parametrize(
    "one",
    [
        asked("a==1", *HASH),
        asked("a===1", *HASH),
        asked("a>=1", *HASH),
        asked("a", *HASH),
        asked("a @ https://h.example/a.zip", *HASH),
        asked("a @ https://h.example/a.zip#sha256=" + "a" * 64),
    ],
)
def test_what_can_be_checked(one: Asked) -> None:
    check_hashes([one])


def test_a_constraint_may_pin_and_hash() -> None:
    check_hashes([asked("a")], [asked("a==1", *HASH)])


def test_what_others_need_must_have_a_hash() -> None:
    top = Pinned("a", "1.0", Origin("index", "u", ""), (), ("b",), True)
    resolution = Resolution((top, pinned("b")))
    with pytest.raises(InvalidRequirement, match=r"b 1\.0 from u/b \(from a\)"):
        check_dependencies(resolution, [asked("a==1", *HASH)])
    check_dependencies(resolution, [asked("a==1", *HASH), asked("b==1", *HASH)])
    check_dependencies(Resolution((top, pinned("b", "installed"))), [asked("a==1", *HASH)])


@pytest.mark.parametrize(
    ("before", "decided", "expected"),
    [
        (None, pinned("a", "url"), False),
        (placed("a"), pinned("a", "url"), True),
        (placed("a"), pinned("a", "vcs"), True),
        (placed("a"), pinned("a", "file", file="a-1.0-py3-none-any.whl"), True),
        (placed("a"), pinned("a", "file", file="a-1.0.tar.gz"), False),
        (placed("a"), pinned("a", "directory"), False),
        (placed("a"), pinned("a", "editable"), False),
        (placed("a"), pinned("a"), False),
        (placed("a", "1"), pinned("a", "url"), True),
        (placed("a", "2"), pinned("a", "url"), False),
        (placed("a", "none"), pinned("a", "url"), False),
        (placed("a", direct_url='{"dir_info": {"editable": true}}'), pinned("a", "url"), False),
    ],
)
def test_what_stands_already(before: Placement | None, decided: Pinned, expected: bool) -> None:  # noqa: FBT001
    assert stands_for(before, decided) is expected


def test_kept_and_left_out() -> None:
    resolution = Resolution((pinned("a", "url", requested=True), pinned("b", "url")))
    there = {"b": placed("b")}
    found = kept(resolution, there, force=False, only_dependencies=True, reporter=Silent())
    assert [(one.name, one.origin.kind) for one in found.distributions] == [("b", "installed")]
    found = kept(resolution, there, force=True, only_dependencies=False, reporter=Silent())
    assert [one.origin.kind for one in found.distributions] == ["url", "url"]
