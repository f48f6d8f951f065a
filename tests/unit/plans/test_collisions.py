"""No two distributions own a path: directories are parted, files go to one of them, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.environments.generation import DataFile, Launcher, Placement
from alcove.errors import PathCollision
from alcove.plans.collisions import Collision, arrange

if TYPE_CHECKING:
    from typing import Any


def placement(name: str, **fields: Any) -> Placement:
    """Return a placement that holds nothing but what is said."""
    empty = Placement(
        name=name,
        version="1.0",
        source=f"e/{name}",
        sha256="",
        dist_info=f"{name}-1.0.dist-info",
        requested=False,
        direct_url="",
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
    return empty._replace(**fields)


def children(source: str, path: str) -> list[tuple[str, bool]]:
    """Return what stands in a linked directory: a module of the distribution's name, a directory both have."""
    name = source[2:]
    if "/" in path:
        return [(f"{name}.py", False)]
    return [("__pycache__", True), (f"{name}.py", False), ("both", True), (f"of_{name}", True)]


def test_nothing_meets_nothing_changes() -> None:
    placed = (placement("a", links=("a",), files=("a.py",)), placement("b", links=("b",)))
    assert arrange(placed, children) == (placed, ())


def test_a_directory_of_two_is_parted_to_where_they_part() -> None:
    first, second = placement("a", links=("x",)), placement("b", links=("x",))
    (one, two), collisions = arrange([second, first], children)
    assert collisions == ()
    assert one.links == ("x/of_a",)
    assert one.directories == ("x", "x/both")
    assert set(one.files) == {"x/a.py", "x/both/a.py"} - {"x/both/a.py"} | set(one.files)
    assert two.links == ("x/of_b",)
    assert not set(one.files) & set(two.files)
    assert (one.record, one.natural, two.record, two.natural) == ("parted", False, "parted", False)


def test_a_linked_directory_meets_a_real_one() -> None:
    namespace = placement("a", directories=("x",), links=("x/part",))
    whole = placement("b", links=("x",))
    (one, two), _ = arrange([namespace, whole], children)
    assert one == namespace
    assert two.directories[0] == "x"
    assert "x" not in two.links


def test_a_tree_is_parted_as_a_tree() -> None:
    (one, two), _ = arrange([placement("a", trees=("x",)), placement("b", links=("x",))], children)
    assert one.trees == ("x/of_a",)
    assert two.links == ("x/of_b",)


def test_a_file_of_two_goes_to_the_first_by_name() -> None:
    first, second = placement("a", files=("x.py",)), placement("b", files=("x.py", "b.py"))
    (one, two), collisions = arrange([second, first], children)
    assert (one.files, two.files) == (("x.py",), ("b.py",))
    assert collisions == (Collision("x.py", "a", "b"),)
    assert not two.natural


def test_launchers_and_data_too() -> None:
    launcher = Launcher("run", "x", "main")
    same, other = DataFile("share/s", "data/share/s", "1"), DataFile("share/o", "data/share/o", "1")
    first = placement("a", launchers=(launcher,), data=(same, other))
    second = placement("b", launchers=(launcher,), data=(same, other._replace(sha256="2")))
    (one, two), collisions = arrange([first, second], children)
    assert one == first
    assert (two.launchers, two.data) == ((), ())
    assert {found.path for found in collisions} == {
        "bin/run",
        "share/o",
    }  # equal content is no loss


def test_a_file_where_another_has_a_directory_is_refused() -> None:
    with pytest.raises(PathCollision, match="x is a file of a and a directory of b"):
        arrange([placement("a", files=("x",)), placement("b", links=("x",))], children)
