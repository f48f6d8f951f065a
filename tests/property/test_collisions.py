"""However distributions lie over each other: no two own a path, in whatever order they come, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from alcove.errors import PathCollision
from alcove.plans.collisions import arrange
from tests.unit.plans.test_collisions import placement

if TYPE_CHECKING:
    from alcove.environments.generation import Placement

NAME = st.sampled_from(("a", "b", "c.py"))
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)
FILES = st.frozensets(PATH, min_size=1, max_size=5).filter(
    lambda paths: not any(one.startswith(f"{other}/") for one in paths for other in paths)
)
WORLD = st.lists(FILES, min_size=1, max_size=4)


def natural(name: str, files: frozenset[str]) -> Placement:
    """Return how these files stand alone: whole top directories, and the files beside them."""
    tops = {path.partition("/")[0] for path in files if "/" in path}
    alone = tuple(sorted(path for path in files if "/" not in path))
    return placement(name, links=tuple(sorted(tops)), files=alone)


def arranged(world: list[frozenset[str]], order: list[int]) -> tuple[Placement, ...] | None:
    """Return the placements arranged, or None where these distributions cannot be together."""

    def children(source: str, path: str) -> list[tuple[str, bool]]:
        below = [
            one[len(path) + 1 :] for one in world[int(source[3:])] if one.startswith(f"{path}/")
        ]
        return sorted({(one.partition("/")[0], "/" in one) for one in below})

    try:
        return arrange([natural(f"p{at}", world[at]) for at in order], children)[0]
    except PathCollision:
        return None


def owned(one: Placement, files: frozenset[str]) -> set[str]:
    """Return the files that a placement shows."""
    whole = tuple(f"{path}/" for path in one.links)
    return {path for path in files if path in one.files or path.startswith(whole)}


@given(WORLD, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(world: list[frozenset[str]], random: object) -> None:
    order = list(range(len(world)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert arranged(world, order) == arranged(world, list(range(len(world))))


@given(WORLD)
def test_no_two_own_a_path_and_none_is_lost(world: list[frozenset[str]]) -> None:
    found = arranged(world, list(range(len(world))))
    if found is None:
        everything = set().union(*world)
        assert any(one.startswith(f"{other}/") for one in everything for other in everything)
        return
    shown = [owned(one, world[int(one.name[1:])]) for one in found]
    assert sum(map(len, shown)) == len(set().union(*shown))
    assert set().union(*shown) == set().union(*world)
    whole = [path for one in found for path in one.links]
    assert len(whole) == len(set(whole))
    for path in whole:
        for other in found:
            real = other.directories + other.files + other.links
            assert not [one for one in real if one.startswith(f"{path}/")]


@given(WORLD)
def test_a_distribution_alone_gets_everything_back(world: list[frozenset[str]]) -> None:
    for at, files in enumerate(world):
        assert arranged(world, [at]) == (natural(f"p{at}", files),)
