"""`--dry-run` says what would be done and does nothing; static metadata is taken as it is (PEP 643), and nothing is built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from alcove.testing.sdists import project, sdist
from alcove.testing.wheels import wheel
from tests.unit.dry import whole

if TYPE_CHECKING:
    from tests.functional.commands.conftest import User

RAISES = "raise SystemExit('the backend was asked')\n"
NO_WHEEL = "def build_wheel(*arguments):\n    raise SystemExit('a wheel was asked for')\n"


@pytest.fixture
def sources(user: User) -> dict[str, str]:
    """Return the paths of archives and a tree that cannot be built, among the wheels."""
    place = str(user.wheels)
    return {
        "static": sdist(place, "static", "1.0", requires=["spoon"], hooks=RAISES),
        "asked": sdist(place, "asked", "2.0", dynamic=["requires-dist"], hooks=NO_WHEEL),
        "tree": project(str(user.home / "tree"), "tree", "3.0", hooks=NO_WHEEL),
    }


def pip(user: User, *words: str) -> Any:
    done = subprocess.run(
        [
            str(user.env / "bin" / "pip"),
            "install",
            "-q",
            "--no-index",
            "-f",
            str(user.wheels),
            *words,
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=user.project,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return json.loads(done.stdout)


def test_nothing_is_built_to_say_what_would_be_installed(
    user: User, sources: dict[str, str]
) -> None:
    dry = ("--no-index", "-f", str(user.wheels), "--dry-run", "--json")
    wanted = ("static", "asked", sources["tree"])
    data = str(user.home / "alcove-data")
    before = whole(data)
    found = json.loads(user.type("install", *dry, *wanted).stdout)
    assert whole(data) == before
    assert os.listdir(user.home / "alcove-cache" / "builds") == []
    added = {row["name"]: row["version"] for row in found["added"]}
    assert added == {"asked": "2.0", "spoon": "1.0", "static": "1.0", "tree": "3.0"}
    found = json.loads(user.type("install", *dry, sources["static"]).stdout)
    assert [row["name"] for row in found["added"]] == ["spoon", "static"]
    # What was not built is not remembered as a decision either.
    done = user.type("install", *dry[:3], "static", code=1)
    assert "the backend was asked" in done.stderr
    assert "static" not in user.type("list").stdout


def test_the_report_has_the_metadata_of_what_was_not_built(
    user: User, sources: dict[str, str]
) -> None:
    report = pip(user, "--dry-run", "--report", "-", "static", sources["asked"])
    rows = {row["metadata"]["name"]: row for row in report["install"]}
    assert sorted(rows) == ["asked", "spoon", "static"]
    assert rows["static"]["metadata"]["requires_dist"] == ["spoon"]
    assert rows["static"]["download_info"]["url"].endswith("static-1.0.tar.gz")
    assert rows["asked"]["download_info"]["archive_info"]["hashes"]["sha256"]
    assert rows["asked"]["is_direct"] is True


def test_create_says_what_it_then_makes(user: User, sources: dict[str, str]) -> None:
    words = ("create", "other", "-p", sys.executable, "--no-index", "-f", str(user.wheels))
    wanted = ("--with", "feast", "--with", "Odd.Name", "--with", "pip")
    wheel(str(user.wheels), "Odd.Name", "2.0")
    data = str(user.home / "alcove-data")
    before = whole(str(user.project)), whole(data)
    found = user.ask(*words, *wanted, "--dry-run")
    unbuilt = ("--with", "static", "--with", "asked", "-e", sources["tree"])
    lines = user.type(*words, *unbuilt, "--dry-run").stdout.splitlines()
    assert (whole(str(user.project)), whole(data)) == before
    assert os.listdir(user.home / "alcove-cache" / "builds") == []
    assert found == user.ask(*words, *wanted)
    assert [one["name"] for one in found["distributions"]] == [
        "feast",
        "flavour",
        "meal",
        "Odd.Name",
        "spoon",
    ]
    assert lines[0].startswith(f"would create {user.project}/other (CPython ")
    assert lines[1:] == [
        " + asked 2.0",
        " + spoon 1.0",
        " + static 1.0",
        " + tree 3.0",
        "nothing was changed (--dry-run)",
    ]


def test_create_refuses_dry_what_it_refuses(user: User) -> None:
    inside = ("--no-index", "-f", str(user.wheels))
    for words in (
        ("create", "-p", sys.executable),
        ("create", "other", "-p", "3.99"),
        ("create", "other", "-p", sys.executable, *inside, "--with", "spoon==9"),
        ("create", "other", "-p", sys.executable, *inside, "-r", "missing.txt"),
        ("create", "other", "-n", "named"),
    ):
        real, dry = user.start(*words), user.start(*words, "--dry-run")
        assert real.returncode in (1, 2)
        assert (dry.returncode, dry.stdout, dry.stderr) == (real.returncode, "", real.stderr)


def test_undo_and_its_kin_say_what_they_would_show(user: User) -> None:
    user.install("feast", "flavour==1.0")
    user.install("flavour==2.0")
    before = whole(str(user.home)), whole(str(user.project))
    assert user.type("undo", "--dry-run").stdout.splitlines() == [
        " ~ flavour 2.0 -> 1.0",
        "generation 1 would be shown (it is 2)",
        "nothing was changed (--dry-run)",
    ]
    assert "nothing to redo" in user.type("redo", "--dry-run", code=1).stderr
    assert user.type("undo", "-q", "--dry-run").stdout == ""
    found = user.ask("rollback", "0", "--dry-run")
    assert (whole(str(user.home)), whole(str(user.project))) == before
    assert found.pop("recorded") is None
    assert found == user.ask("rollback", "0")
    (user.site_packages / "odd-1.0.dist-info").mkdir()
    (user.site_packages / "odd-1.0.dist-info" / "METADATA").write_text("Name: odd\nVersion: 1.0\n")
    before = whole(str(user.home)), whole(str(user.project))
    done = user.type("undo", "--dry-run", "--json")
    assert (whole(str(user.home)), whole(str(user.project))) == before
    assert "that would first be kept as generation 3" in done.stderr
    assert json.loads(done.stdout) == {
        "from": 3,
        "to": 0,
        "differences": [{"name": "odd", "from": "1.0", "to": ""}],
        "recorded": 3,
    }


def test_what_moves_copies_or_goes_is_told(user: User) -> None:
    user.install("spoon")
    (user.project / "plain").mkdir()
    (user.project / "work").mkdir()
    before = whole(str(user.home)), whole(str(user.project))
    last = "nothing was changed (--dry-run)"
    here = user.project
    for words, told in (
        (("move", ".venv", "work/new"), f"{user.env} would be {here}/work/new"),
        (("rename", ".venv", "other"), f"{user.env} would be {here}/other"),
        (("copy", ".venv", "work/new"), f"would create {here}/work/new with 1 distribution"),
    ):
        assert user.type(*words, "--dry-run").stdout.splitlines() == [told, last]
    assert user.ask("copy", ".venv", "-n", "second", "--dry-run") == {
        "from": str(user.env),
        "path": str(user.home / ".virtualenvs" / "second"),
        "distributions": 1,
    }
    assert user.type("delete", ".venv", "--dry-run").stdout == f"would delete {user.env}\n"
    assert (whole(str(user.home)), whole(str(user.project))) == before
    (user.project / "work" / "there").write_text("")
    for words in (
        ("move", ".venv", "work"),
        ("move", ".venv", ".venv/deep"),
        ("rename", ".venv", "a/b"),
        ("copy", ".venv", "work"),
        ("delete", "-y", "./plain"),
    ):
        real, dry = user.start(*words), user.start(*words, "--dry-run")
        assert real.returncode in (1, 2), words
        assert (dry.returncode, dry.stdout, dry.stderr) == (real.returncode, "", real.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ("install", "meal"),
        ("install", "odd"),
        ("uninstall", "odd"),
        ("wipe",),
        ("upgrade", "--all"),
        ("sync", "pins.txt"),
    ],
    ids=" ".join,
)
def test_an_environment_that_others_changed_is_only_looked_at(
    user: User, words: tuple[str, ...]
) -> None:
    user.install("flavour==1.0")
    (user.project / "pins.txt").write_text("flavour==2.0\nspoon==1.0\n")
    info = user.site_packages / "odd-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    (info / "RECORD").write_text("odd-1.0.dist-info/METADATA,,\nodd-1.0.dist-info/RECORD,,\n")
    where = ("--no-index", "-f", str(user.wheels)) if words[0] not in ("uninstall", "wipe") else ()
    data = str(user.home / "alcove-data")
    before = whole(str(user.env)), whole(data)
    done = user.type(*words, *where, "--dry-run", "--json")
    assert (whole(str(user.env)), whole(data)) == before
    assert "that would first be kept as generation 2" in done.stderr
    told = json.loads(done.stdout)
    real = json.loads(user.type(*words, *where, *_yes(words), "--json").stdout)
    assert told.pop("generation") <= real.pop("generation")
    assert told == real


def _yes(words: tuple[str, ...]) -> tuple[str, ...]:
    return ("-y",) if words[0] in ("uninstall", "wipe", "upgrade") else ()
