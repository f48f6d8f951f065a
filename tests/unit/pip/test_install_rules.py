"""Which options of `pip install` go together, and where an install goes that is not for the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.pip.actions import Change, InstallOutcome, Outside

if TYPE_CHECKING:
    from tests.unit.pip.fakes import Inside

_RESTRICTED = "either --no-deps must be set, or --only-binary=:all: must be set"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--user -t d x", "Can not combine '--user' and '--target'"),
        ("--prefix p -t d x", "Can not combine '--prefix' and '--target'"),
        ("--only-deps --no-deps x", "in combination with '--no-deps'."),
        ("--only-deps -r f --no-deps", "in combination with '--no-deps', or '--requirement'."),
        ("--only-deps --group g x", "in combination with '--group'."),
        ("--build-constraint c --no-build-isolation x", "cannot be used with --no-build-isolation"),
        ("--platform p -t d x", _RESTRICTED),
        ("--python-version 3.10 -t d --only-binary y x", _RESTRICTED),
        ("--abi a -t d --only-binary :all: --no-binary y x", _RESTRICTED),
        (
            "--implementation py --no-deps x",
            "unless installing via '--target' or using '--dry-run'",
        ),
        ("--platform p -t d --no-deps -r pylock.toml", "from 'pylock.toml'"),
        ("--platform p -t d --no-deps --group a/pylock.x.toml:g", "from 'a/pylock.x.toml'"),
        ("--pre --all-releases a x", "--pre cannot be used with --all-releases or --only-final."),
        ("--user x", "User site-packages are not visible in this virtualenv."),
        ("--requirements-from-script a --requirements-from-script b", "can only be given once"),
        ("--require-hashes --no-require-hashes x", "are mutually exclusive"),
        ("--only-deps", 'requirement to install (see "pip help install")'),
        ("-f l", 'requirement to install (maybe you meant "pip install l"?)'),
    ],
)
def test_what_is_refused(inside: Inside, words: str, message: str) -> None:
    answer = inside.pip("install", *words.split())
    assert (answer.code, answer.out) == (1, "")
    assert message in answer.err
    assert inside.actions.installs == []


@pytest.mark.parametrize(
    "words",
    [
        "--platform p -t d --no-deps x",
        "--python-version 310 --dry-run --only-binary :all: x",
        "--group g",
        "--requirements-from-script s",
        "--only-deps x",
        "--no-build-isolation --check-build-dependencies x",
    ],
)
def test_what_is_allowed(inside: Inside, words: str) -> None:
    assert inside.pip("install", *words.split()).code == 0
    assert len(inside.actions.installs) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-t out x", {"target": "{home}/out"}),
        ("-t /o/../out -U x", {"target": "/out", "replace": True}),
        ("--prefix out x", {"prefix": "{home}/out"}),
        ("--root out x", {"root": "{home}/out"}),
        ("--root /r --prefix /usr x", {"root": "/r", "prefix": "/usr"}),
        ("--root /r --prefix usr x", {"root": "/r", "prefix": "/usr"}),
    ],
)
def test_where_it_goes(inside: Inside, words: str, expected: dict[str, object]) -> None:
    assert inside.pip("install", *words.split()).code == 0
    filled = {
        name: text.format(home=inside.home) if isinstance(text, str) else text
        for name, text in expected.items()
    }
    assert inside.actions.installs[0].outside == Outside(**filled)  # type: ignore[arg-type]


def test_the_prefix_of_the_environment_is_the_environment(inside: Inside) -> None:
    link = inside.home / "link"
    link.symlink_to(inside.prefix)
    for said in (str(inside.prefix), "link", f"{inside.prefix}/bin/.."):
        assert inside.pip("install", "--prefix", said, "x").code == 0
        assert inside.actions.installs[-1].outside is None


def test_a_user_install_where_the_environment_sees_the_user(inside: Inside) -> None:
    inside.settings("true")
    inside.environ["PYTHONUSERBASE"] = "/users"
    assert inside.pip("install", "--user", "x").code == 0
    assert inside.actions.installs[0].outside == Outside(user_base="/users")
    answer = inside.pip("install", "--user", "--prefix", "p", "x")
    assert "Can not combine '--user' and '--prefix'" in answer.err
    inside.environ["PYTHONNOUSERSITE"] = "1"
    answer = inside.pip("install", "--user", "x")
    assert "User site-packages are disabled for this Python." in answer.err
    assert inside.pip("install", "--user", "--no-user", "x").code == 0
    assert inside.actions.installs[-1].outside is None


def test_a_pip_that_goes_elsewhere_is_installed(inside: Inside) -> None:
    inside.add("pip", "26.3", INSTALLER="alcove\n")
    assert inside.pip("install", "pip").code == 0
    assert inside.actions.installs == []
    assert inside.pip("install", "-t", os.fspath(inside.home), "pip").code == 0
    assert inside.actions.installs[0].requirements == ("pip",)


def test_conflicts_are_told_and_are_no_failure(inside: Inside) -> None:
    inside.actions.outcome = InstallOutcome((), (Change("b", "2", "1"),), ("a 1 requires b<2.",))
    answer = inside.pip("install", "b")
    assert answer.code == 0
    assert answer.err.startswith("ERROR: pip's dependency resolver does not")
    assert answer.err.endswith("\na 1 requires b<2.\n")
    assert inside.pip("install", "--no-warn-conflicts", "b").err == ""
