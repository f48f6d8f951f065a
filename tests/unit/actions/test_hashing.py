"""Hash-checking mode: what pip refuses, and what stands for what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.actions.compatible import Chooser
from alcove.actions.hashing import check_dependencies, check_hashes, stated
from alcove.actions.keeping import kept, stands_for
from alcove.environments.generation import Placement
from alcove.errors import InvalidRequirement
from alcove.events import Silent
from alcove.interpreters.target import Target
from alcove.requirements.resolution import Origin, Pinned, Resolution
from alcove.requirements.spec import Asked, parse
from alcove.testing.index_lab import INDEX, Lab
from alcove.testing.transport import FakeTransport, Reply

if TYPE_CHECKING:
    from pathlib import Path

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


def test_all_that_lack_a_hash_are_told_with_the_one_that_there_is() -> None:
    with pytest.raises(InvalidRequirement) as caught:
        check_hashes(
            [asked("A==1"), asked("b==2", *HASH), asked("c==3 ; python_version > '3'")],
            sha256=lambda one: "f" * 64 if one.name == "a" else "",
        )
    assert caught.value.message.split("\n")[1:] == [
        f"    a==1 --hash=sha256:{'f' * 64} (f:1:1)",
        "    c==3 ; python_version > '3' (f:1:1)",
    ]


def test_the_hash_that_an_index_states(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    page = f"<a href='six-1.0-py3-none-any.whl#sha256={'a' * 64}'><a href='six-2.zip#sha256={'b' * 64}'>"
    transport = FakeTransport({f"{INDEX}/six/": Reply(page, headers={"Content-Type": "text/html"})})
    index = lab.open(transport)
    chooser = Chooser(Target("3.12.1", {}, ("py3-none-any",)))
    assert stated(index, chooser, asked("Six==1")) == "a" * 64
    assert stated(index, chooser, asked("six === 2")) == "b" * 64
    for other in ("six==3", "six>=1", "none==1", "six @ https://h.example/six-1.zip"):
        assert stated(index, chooser, asked(other)) == ""
    lab.close()


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
