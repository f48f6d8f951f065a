"""Which file of a version is taken."""

from __future__ import annotations

import pytest

from alcove.actions.compatible import Chooser, must_be
from alcove.errors import InvalidWheel
from alcove.index.file import File
from alcove.interpreters.target import Target
from alcove.requirements.resolution import Origin, Pinned


def file(filename: str, *, yanked: str | None = None) -> File:
    kind = "wheel" if filename.endswith(".whl") else "sdist"
    return File("a", "1.0", filename, f"https://x.example/{filename}", kind, yanked=yanked)


@pytest.mark.parametrize(
    ("names", "best"),
    [
        # binary distribution format: "Sort as an empty tuple if unspecified", the highest is wanted
        (["1.0-py3-none-any", "1.0-1-py3-none-any"], "1.0-1-py3-none-any"),
        (["1.0-1-py3-none-any", "1.0-1a-py3-none-any"], "1.0-1a-py3-none-any"),
        (["1.0-2-py3-none-any", "1.0-10-py3-none-any", "1.0-py3-none-any"], "1.0-10-py3-none-any"),
        (["1.0-1b-py3-none-any", "1.0-1a-py3-none-any"], "1.0-1b-py3-none-any"),
        # a better tag goes before a higher build
        (["1.0-9-py3-none-any", "1.0-cp311-cp311-linux_x86_64"], "1.0-cp311-cp311-linux_x86_64"),
        (["1.0-py3-none-any", "1.0-9-py2-none-any"], "1.0-py3-none-any"),
        # pip compares tags in lower case
        (["1.0-py3-none-any", "1.0-CP311-cp311-Linux_x86_64"], "1.0-CP311-cp311-Linux_x86_64"),
    ],
)
def test_of_two_wheels_the_better_tag_and_then_the_higher_build(
    names: list[str], best: str
) -> None:
    target = Target("3.11.1", {}, ("cp311-cp311-linux_x86_64", "py3-none-any"))
    for order in (names, names[::-1]):
        files = [file("a-1.0.tar.gz"), *(file(f"a-{name}.whl") for name in order)]
        found = Chooser(target).fitting(files)
        assert found[0].filename == f"a-{best}.whl"
        assert found[-1].kind == "sdist"
        yanked = [one._replace(yanked="") if one == found[0] else one for one in files]
        assert Chooser(target).best(yanked) == found[1]


def test_another_hash_is_told_with_the_file_that_has_it() -> None:
    target = Target("3.11.1", {}, ("py3-none-any",))
    files = [
        file("a-1.0-cp27-cp27m-win32.whl")._replace(hashes=(("sha256", "b" * 64),)),
        file("a-1.0-py3-none-any.whl")._replace(hashes=(("md5", "0"), ("sha256", "c" * 64))),
    ]
    chooser = Chooser(target).restricted({"a": frozenset({"sha256:" + "a" * 64})})
    assert not chooser.fitting(files)
    said = f"has the sha256 {'c' * 64} (a-1.0-py3-none-any.whl), which is not among those given"
    assert chooser.reason(files) == said
    assert chooser.reason(files[:1]) == "has a hash that is not among those given"


def test_a_version_as_a_file_name_writes_it_is_that_version() -> None:
    filename = "demo-1.0_1-py3-none-any.whl"
    pinned = Pinned("demo", "1.0.post1", Origin("index", "", filename))
    must_be(pinned, filename)
    with pytest.raises(InvalidWheel, match=r"demo 1\.0 was asked for"):
        must_be(pinned._replace(version="1.0"), filename)
