"""What the user has in `site-packages` and the hidden slot: what is known to have nothing of it is not looked through."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.errors import PathCollision
from alcove.transactions import foreign, state
from tests.crash import examine
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout

OWN = ("mine.py", "ns/mine.py", "mine/x.py")
IN_A_TREE = "certifi/mine.pem"
REAL = ("one.py", "ns/deep.py", "two.py", "certifi/__init__.py")
STEPS = 14


def put(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def saved(path: str, text: str) -> None:
    """Do what editors do: the new content gets the name of the old one."""
    put(path + "~", text)
    os.replace(path + "~", path)


def distributions(machine: Machine) -> list[Placement]:
    one = {"one.py": "1", "ns/one/__init__.py": "", "ns/deep.py": "d"}
    return [
        machine.unpacked("one", files=one),
        machine.unpacked("two", files={"two.py": "2", "ns/two/__init__.py": ""}),
        machine.unpacked("three", files={"three/__init__.py": "3"}),
        machine.unpacked("certifi", files={"certifi/__init__.py": "c"}),
    ]


def walk(seed: int, machine: Machine) -> list[dict[str, str]]:
    """Change an environment in ways that follow from `seed`, as alcove and as its user; return what it holds after each."""
    chance = random.Random(seed)  # noqa: S311  no secret
    all_of_them = distributions(machine)
    layout = machine.create()
    machine.show(layout, all_of_them)
    states = []
    for step in range(STEPS):
        act = chance.choice((add, remove, edit, again, again, show, show))
        before = own(layout)
        act(chance, step, machine, layout, all_of_them)
        assert act in {add, remove} or own(layout) == before  # nobody but the user changes it
        visible = examine.visible(layout).items()
        states.append({path: text for path, text in visible if path.startswith("site/")})
    return states


def own(layout: Layout) -> dict[str, str]:
    """Return what the user has put into an environment."""
    paths = [Path(layout.site_packages, one) for one in (*OWN, IN_A_TREE)]
    return {str(one): one.read_text(encoding="utf-8") for one in paths if one.exists()}


def add(
    chance: random.Random, step: int, _machine: Machine, layout: Layout, _all: list[Placement]
) -> None:
    put(f"{layout.site_packages}/{chance.choice((*OWN, IN_A_TREE))}", f"own {step}")


def remove(
    chance: random.Random, _step: int, _machine: Machine, layout: Layout, _all: list[Placement]
) -> None:
    Path(f"{layout.site_packages}/{chance.choice((*OWN, IN_A_TREE))}").unlink(missing_ok=True)


def edit(
    chance: random.Random, step: int, _machine: Machine, layout: Layout, _all: list[Placement]
) -> None:
    path = f"{layout.site_packages}/{chance.choice(REAL)}"
    if os.path.exists(path):
        saved(path, f"edited {step}")


def again(
    chance: random.Random, _step: int, machine: Machine, layout: Layout, _all: list[Placement]
) -> None:
    numbers = [int(name.partition(".")[0]) for name in os.listdir(f"{layout.private}/generations")]
    machine.again(layout, chance.choice(sorted(numbers)))


def show(
    chance: random.Random,
    _step: int,
    machine: Machine,
    layout: Layout,
    all_of_them: list[Placement],
) -> None:
    machine.show(layout, chance.sample(all_of_them, chance.randrange(1, 5)))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_not_looked_through_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    first = walk(seed, Machine(str(tmp_path / "first")))

    def read(layout: Layout, known: Callable[[Layout], state.State | None] = state.read) -> object:
        found = known(layout)
        return found and found._replace(bare=False)

    monkeypatch.setattr(state, "read", read)
    assert walk(seed, Machine(str(tmp_path / "second"))) == first


def bare(layout: Layout) -> bool:
    found = state.read(layout)
    assert found is not None
    return found.bare


@pytest.mark.parametrize("own", OWN)
def test_the_hidden_slot_is_known_to_have_none_of_it(machine: Machine, own: str) -> None:
    layout = machine.create()
    one, two, three, _ = distributions(machine)
    machine.show(layout, [one, two])
    assert bare(layout)
    put(f"{layout.site_packages}/{own}", "own")
    machine.show(layout, [one, two, three])
    assert not bare(layout)
    shutil.rmtree(f"{layout.site_packages}/mine", ignore_errors=True)
    Path(f"{layout.site_packages}/{own}").unlink(missing_ok=True)
    machine.again(layout, 1)
    assert not os.path.exists(f"{layout.site_packages}/{own}")
    assert bare(layout)


def test_an_edit_in_a_slot_that_is_hidden_does_not_come_back(machine: Machine) -> None:
    layout = machine.create()
    one, _, three, _ = distributions(machine)
    machine.show(layout, [one, three])
    saved(f"{layout.site_packages}/one.py", "edited")
    machine.show(layout, [three])  # the edit goes with its distribution
    machine.show(layout, [one, three])
    assert Path(f"{layout.site_packages}/one.py").read_text(encoding="utf-8") == "1"


def test_an_edit_by_a_hard_link_that_was_mended_does_not_come_back(machine: Machine) -> None:
    layout = machine.create()
    large = machine.unpacked("large", files={"large.py": "#" * 70_000})
    two = distributions(machine)[1]
    machine.show(layout, [large])
    machine.show(layout, [two])
    entry = f"{layout.private}/{large.source}/lib/large.py"
    before = os.stat(entry)
    with open(entry, "a", encoding="utf-8") as stream:  # as in another environment
        stream.write("edited")
    put(entry + "~", "#" * 70_000)  # as `repair` does it
    os.utime(entry + "~", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(entry + "~", entry)
    machine.again(layout, 1)
    assert Path(f"{layout.site_packages}/large.py").read_text(encoding="utf-8") == "#" * 70_000


def test_a_file_of_the_user_in_a_whole_tree_stays_until_the_user_removes_it(
    machine: Machine,
) -> None:
    layout = machine.create()
    _, two, three, whole = distributions(machine)
    assert whole.trees
    mine = f"{layout.site_packages}/{IN_A_TREE}"
    machine.show(layout, [whole])
    put(mine, "own")
    machine.show(layout, [whole, two])
    machine.show(layout, [whole, two, three])
    assert Path(mine).read_text(encoding="utf-8") == "own"
    os.unlink(mine)
    machine.show(layout, [whole, two])
    assert not os.path.exists(mine)
    machine.show(layout, [whole, three])
    assert not os.path.exists(mine)


def test_a_link_of_the_user_in_a_whole_tree_stays_until_the_user_removes_it(
    machine: Machine, tmp_path: Path
) -> None:
    layout = machine.create()
    _, two, three, _ = distributions(machine)
    files = {"certifi/__init__.py": "c", "certifi/cacert.pem": "theirs"}
    whole = machine.unpacked("certifi", "1.0", files=files)
    theirs = tmp_path / "ca-certificates.crt"
    theirs.write_text("of the system", encoding="utf-8")
    machine.show(layout, [whole])
    directory = Path(layout.site_packages, "certifi")
    (directory / "cacert.pem").unlink()
    for name, target in (("cacert.pem", theirs), ("more", tmp_path), ("none.pem", "nowhere")):
        (directory / name).symlink_to(target)
    for more in ([two], [two, three], [three]):
        machine.show(layout, [whole, *more])
        links = {path.name: os.readlink(path) for path in directory.iterdir() if path.is_symlink()}
        assert links == {"cacert.pem": str(theirs), "more": str(tmp_path), "none.pem": "nowhere"}
    assert theirs.read_text(encoding="utf-8") == "of the system"
    for name in ("cacert.pem", "more", "none.pem"):
        (directory / name).unlink()
    (directory / "cacert.pem").write_text("mine", encoding="utf-8")
    machine.show(layout, [whole, two])
    assert sorted(path.name for path in directory.glob("*.p*")) == ["__init__.py", "cacert.pem"]
    assert (directory / "cacert.pem").read_text(encoding="utf-8") == "mine"
    assert not os.path.lexists(directory / "more")


def test_a_file_of_the_user_in_a_whole_tree_stays_in_other_versions(machine: Machine) -> None:
    layout = machine.create()
    one, two = (
        machine.unpacked("certifi", version, files={"certifi/__init__.py": version, **more})
        for version, more in (("1.0", {}), ("2.0", {"certifi/new.pem": "theirs"}))
    )
    machine.show(layout, [one])
    for name in ("mine.pem", "new.pem"):
        put(f"{layout.site_packages}/certifi/{name}", "own")
    saved(f"{layout.site_packages}/certifi/__init__.py", "edited")
    machine.show(layout, [two])
    held = {
        path.name: path.read_text() for path in Path(layout.site_packages, "certifi").glob("*.p*")
    }
    assert held == {"__init__.py": "2.0", "mine.pem": "own", "new.pem": "theirs"}
    machine.again(layout, 1)
    assert Path(f"{layout.site_packages}/certifi/mine.pem").read_text(encoding="utf-8") == "own"


def test_a_file_of_the_user_in_a_whole_tree_stays_without_the_distribution(
    machine: Machine,
) -> None:
    layout = machine.create()
    _, two, _, whole = distributions(machine)
    mine = Path(layout.site_packages, IN_A_TREE)
    theirs = mine.with_name("__init__.py")
    machine.show(layout, [whole])
    put(str(mine), "own")
    saved(str(theirs), "edited")
    machine.show(layout, [])
    assert (mine.read_text(encoding="utf-8"), theirs.exists()) == ("own", False)
    machine.show(layout, [two])
    mine.write_text("own again", encoding="utf-8")
    for _ in range(2):
        machine.again(layout, 1)
        assert theirs.read_text(encoding="utf-8") == "c"
        assert mine.read_text(encoding="utf-8") == "own again"
        machine.again(layout, 2)
        assert mine.read_text(encoding="utf-8") == "own again"
    machine.show(layout, [two, whole])
    assert mine.read_text(encoding="utf-8") == "own again"


def test_a_file_of_the_user_where_one_of_a_whole_tree_comes_stops_the_change(
    machine: Machine,
) -> None:
    layout = machine.create()
    whole = machine.unpacked("certifi", files={"certifi/__init__.py": "", "certifi/sub/a.pem": ""})
    mine = Path(layout.site_packages, "certifi", "sub", "a.pem")
    put(str(mine), "own")
    put(str(mine.with_name("b.pem")), "own, too")
    with pytest.raises(PathCollision, match=r"certifi/sub/a\.pem belongs to no distribution"):
        machine.show(layout, [whole])
    assert mine.read_text(encoding="utf-8") == "own"
    mine.unlink()
    machine.show(layout, [whole])
    assert mine.read_text(encoding="utf-8") == ""
    assert mine.with_name("b.pem").read_text(encoding="utf-8") == "own, too"


def test_a_file_of_the_user_where_a_link_comes_is_kept_aside(machine: Machine) -> None:
    layout = machine.create()
    _, two, _, whole = distributions(machine)
    linked = machine.unpacked("other", files={"certifi/__init__.py": "other"})
    assert linked.links == ("certifi",)
    machine.show(layout, [whole])
    put(f"{layout.site_packages}/{IN_A_TREE}", "own")
    machine.show(layout, [two, linked])
    assert not os.path.exists(f"{layout.private}/{linked.source}/lib/{IN_A_TREE}")
    (kept,) = Path(layout.private, "replaced").iterdir()
    assert kept.read_text(encoding="utf-8") == "own"


def test_it_is_not_looked_through(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = machine.create()
    one, two, three, _ = distributions(machine)
    machine.show(layout, [one, two])
    machine.show(layout, [one, two, three])
    seen = []

    def find(site: str, placements: object, ask: Callable[..., list[str]] = foreign.find) -> object:
        seen.append(site)
        return ask(site, placements)

    monkeypatch.setattr(foreign, "find", find)
    machine.again(layout, 1)
    assert len(seen) == 1
