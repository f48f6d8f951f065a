"""`freeze`, `show`, `check`, `tree`, `why`: what is installed, asked in five ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from tests.functional.commands.conftest import User


def test_freeze_gives_what_installs_the_same_again(user: User) -> None:
    user.install("feast", "flavour==1.0")
    frozen = user.type("freeze").stdout
    assert frozen == "feast==1.0\nflavour==1.0\nmeal==1.0\nspoon==1.0\n"
    assert "pip==" in user.type("freeze", "--all").stdout
    (user.project / "pins.txt").write_text(frozen)
    user.type("uninstall", "-y", "feast", "meal")
    user.install("-r", "pins.txt")
    assert user.type("freeze").stdout == frozen
    names = [row["name"] for row in user.ask("freeze")]
    assert names == ["feast", "flavour", "meal", "spoon"]


def test_freeze_names_the_origin_of_an_archive(user: User) -> None:
    user.install(str(user.wheels / "spoon-1.0-py3-none-any.whl"))
    line = user.type("freeze").stdout
    assert line.startswith(f"spoon @ file://{user.wheels}/spoon-1.0-py3-none-any.whl#sha256=")


def test_show_tells_of_one_and_who_needs_it(user: User) -> None:
    user.install("feast", "flavour==1.0")
    told = user.type("show", "flavour").stdout
    assert "name: flavour\nversion: 1.0\nsummary: Tastes\n" in told
    assert "required by: meal\n" in told
    assert "files:" not in told
    assert "  single.py\n" in user.type("show", "-f", "Flavour").stdout
    (row,) = user.ask("show", "meal")
    assert row["requires"] == ["flavour"]
    assert row["required_by"] == ["feast"]


def test_show_of_what_is_not_there(user: User) -> None:
    user.install("spoon")
    done = user.type("show", "nothing", code=1)
    assert "nothing: not installed" in done.stderr
    half = user.type("show", "nothing", "spoon")
    assert "nothing is not installed" in half.stderr
    assert "name: spoon" in half.stdout


def test_check_says_what_does_not_fit(user: User) -> None:
    user.install("feast")
    assert "fits together" in user.type("check").stdout
    wheel(str(user.wheels), "strict", "1.0", requires=["flavour<2", "nowhere"])
    user.install("--no-deps", "strict")
    user.install("--no-deps", "flavour==2.0")
    told = user.type("check", code=1).stdout.splitlines()
    assert told == [
        "strict 1.0 requires nowhere, which is not installed.",
        "strict 1.0 has requirement flavour<2, but you have flavour 2.0.",
    ]
    kinds = [(row["kind"], row["name"]) for row in user.ask("check", code=1)]
    assert kinds == [("missing", "strict"), ("conflict", "strict")]


def test_tree_shows_what_needs_what_with_extras(user: User) -> None:
    user.install("feast")
    assert user.type("tree").stdout.splitlines() == [
        "feast 1.0",
        "└── meal 1.0  [meal[soup]]",
        "    ├── flavour 2.0  [flavour>=1]",
        "    └── spoon 1.0  [spoon; extra == 'soup']",
    ]
    (top,) = user.ask("tree", "meal")
    assert [child["name"] for child in top["children"]] == ["flavour"]


def test_tree_of_a_ring_ends(user: User) -> None:
    wheel(str(user.wheels), "ring-a", "1.0", requires=["ring-b"])
    wheel(str(user.wheels), "ring-b", "1.0", requires=["ring-a"])
    user.install("ring-a")
    assert user.type("tree").stdout.splitlines() == [
        "ring-a 1.0",
        "└── ring-b 1.0  [ring-b]",
        "    └── ring-a 1.0  [ring-a] (see above)",
    ]


def test_why_goes_from_the_bottom_up(user: User) -> None:
    user.install("feast")
    assert user.type("why", "flavour").stdout.splitlines() == [
        "flavour 2.0",
        "└── meal 1.0  [flavour>=1]",
        "    └── feast 1.0  [meal[soup]] (asked for)",
    ]
    assert "not installed" in user.type("why", "nothing", code=1).stderr
