"""What stands already for what a lock pins."""

from __future__ import annotations

import pytest

from alcove.actions.addresses import stated
from alcove.actions.keeping import is_that_commit
from alcove.environments.generation import Placement
from alcove.requirements.resolution import Origin, Pinned

COMMIT = "0123456789abcdef0123456789abcdef01234567"
URL = "https://example.org/demo.git"
ORIGIN = Origin("vcs", URL, "", vcs=("git", "", COMMIT))


def placed(direct_url: str) -> Placement:
    return Placement(
        name="demo",
        version="1.0",
        source="e/x",
        sha256="",
        dist_info="demo-1.0.dist-info",
        requested=True,
        direct_url=direct_url,
        links=(),
        trees=(),
        directories=(),
        files=(),
        dist_files=(),
        dist_links=(),
        launchers=(),
        data=(),
        record="",
        natural=True,
    )


def test_the_same_commit_is_there() -> None:
    before = placed(stated(ORIGIN, ""))
    assert is_that_commit(before, Pinned("demo", "1.0", ORIGIN))
    asked_for = ORIGIN._replace(vcs=("git", "main", COMMIT))
    assert is_that_commit(before, Pinned("demo", "1.0", asked_for))
    with_login = ORIGIN._replace(url="https://me:secret@example.org/demo.git")
    assert is_that_commit(before, Pinned("demo", "1.0", with_login))


@pytest.mark.parametrize(
    "other",
    [
        ORIGIN._replace(vcs=("git", "", COMMIT[::-1])),
        ORIGIN._replace(vcs=("hg", "", COMMIT)),
        ORIGIN._replace(vcs=("git", "", "main")),
        ORIGIN._replace(url="https://example.org/fork.git"),
        ORIGIN._replace(subdirectory="sub"),
        ORIGIN._replace(kind="url", vcs=None),
    ],
)
def test_another_one_is_not(other: Origin) -> None:
    assert not is_that_commit(placed(stated(ORIGIN, "")), Pinned("demo", "1.0", other))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"url": 1}', '{"url": "https://example.org/demo.git"}']
)
def test_a_direct_url_that_says_nothing(text: str) -> None:
    pin = Pinned("demo", "1.0", ORIGIN)
    assert not is_that_commit(placed(text), pin)
    assert not is_that_commit(None, pin)
