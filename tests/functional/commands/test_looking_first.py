"""The dry runs of commands that write something beside environments: each is held against what the command then does."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.sdists import sdist
from tests.unit.dry import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.commands.conftest import User

LAST = "nothing was changed (--dry-run)"


@pytest.fixture
def looked(user: User) -> Iterator[User]:
    """Give a user all of whose files but those of the cache stay as they are."""
    cache = str(user.home / "alcove-cache")

    def seen() -> dict[str, tuple[object, ...]]:
        places = str(user.project), str(user.home)
        return {
            path: facts
            for place in places
            for path, facts in whole(place).items()
            if not path.startswith(cache) and path != str(user.home)
        }

    user.type("list")  # what the first command notes
    before = seen()
    yield user
    assert seen() == before


def test_bundle(user: User) -> None:
    sdist(str(user.wheels), "soup", "2.0", requires=["spoon"])
    where = ("--no-index", "-f", str(user.wheels), "-p", sys.executable)
    words = ("bundle", "-o", "kit", "soup", "meal", *where)
    before = whole(str(user.home / "alcove-data")), whole(str(user.project))
    told = user.ask(*words, "--dry-run")
    lines = user.type(*words, "--dry-run").stdout.splitlines()
    assert (whole(str(user.home / "alcove-data")), whole(str(user.project))) == before
    assert os.listdir(user.home / "alcove-cache" / "builds") == []
    done = user.ask(*words)
    assert (told["path"], told["targets"]) == (done["path"], done["targets"])
    assert len(told["files"]) == len(done["files"]) == 4
    for dry, real in zip(told["files"], done["files"], strict=True):
        known = [key for key in dry if key != "size" and (dry[key] or dry["name"] != "soup")]
        assert {key: dry[key] for key in known} == {key: real[key] for key in known}
        assert ("filename" in known) == (dry["name"] != "soup")
    assert lines == [
        " + flavour-2.0-py3-none-any.whl",
        " + meal-1.0-py3-none-any.whl",
        " + soup 2.0 (to be built)",
        " + spoon-1.0-py3-none-any.whl",
        f"would write {user.project}/kit: 4 files, for {done['targets'][0]}",
        LAST,
    ]
    (user.project / "other").write_text("mine\n")
    for more in (("-o", "other", "meal"), ("-o", "new", "meal>9")):
        real, dry = (user.start("bundle", *more, *where, *last) for last in ((), ("--dry-run",)))
        assert (dry.returncode, dry.stdout, dry.stderr) == (1, "", real.stderr)


def test_temp(looked: User) -> None:
    where = ("--no-index", "-f", str(looked.wheels))
    words = ("temp", "-p", sys.executable, *where, "--with", "meal", "--dry-run")
    lines = looked.type(*words, "--", "python", "-c", "open('x', 'w')").stdout.splitlines()
    assert lines[0] == """would run in it: python -c 'open('"'"'x'"'"', '"'"'w'"'"')'"""
    assert lines[1].startswith("would create ")
    assert lines[2:] == [" + flavour 2.0", " + meal 1.0", LAST]
    assert looked.type(*words, "-q").stdout == ""
    told = json.loads(looked.type(*words, "--json", "--", "python", "-V").stdout)
    assert [one["name"] for one in told["distributions"]] == ["flavour", "meal"]
    assert told["runs"] == ["python", "-V"]
    assert not os.path.lexists(told["path"])
    assert "--dry-run --json" in looked.type("temp", "--json", "--", "true", code=2).stderr
    assert "9" in looked.type(*words, "--with", "spoon==9", code=1).stderr


def test_each(looked: User) -> None:
    lines = looked.type("each", "--dry-run", "python", "-c", "open('x', 'w')").stdout.splitlines()
    assert lines[0].startswith(f"{looked.env}: {looked.env}/bin/python -c ")
    assert lines[1:] == ["nothing was run (--dry-run)"]
    told = json.loads(looked.type("each", "--json", "--dry-run", "python").stdout)
    assert told == [{"path": str(looked.env), "exit_code": None, "error": ""}]
    real, dry = (looked.start("each", *more, "no-such", "x") for more in ((), ("--dry-run",)))
    assert real.returncode == dry.returncode == 1
    said = f"there is no program 'no-such' in {looked.env} or on PATH"
    assert said in real.stderr
    assert dry.stderr == f"error: {looked.env}: {said}\n"


def test_trust(user: User) -> None:
    record = user.home / "alcove-data" / "shells" / "trusted.json"
    for words, answer in (((), True), (("--never",), False), (("--forget",), None)):
        before = record.read_bytes() if record.exists() else None
        lines = user.type("trust", *words, "--dry-run").stdout.splitlines()
        told = user.ask("trust", *words, "--dry-run")
        assert (record.read_bytes() if record.exists() else None) == before
        assert told == user.ask("trust", *words) == {"path": str(user.env), "trusted": answer}
        said = user.type("trust", *words).stdout.removeprefix(f"{user.env}: ")
        assert lines == [f"{user.env}: this would be: {said[:-1]}", LAST]
    assert json.loads(record.read_text()) == {}


def test_project_and_pin(user: User) -> None:
    (user.project / "work").mkdir()
    for words, line in (
        (("project", "work"), f"this would be: {user.env} belongs to {user.project}/work"),
        (("project", "--unset"), f"this would be: {user.env} has no project"),
        (("python", "pin", "3"), f"{user.project}/.python-version would say 3: "),
    ):
        before = whole(str(user.project))
        lines = user.type(*words, "--dry-run").stdout.splitlines()
        told = user.ask(*words, "--dry-run")
        assert whole(str(user.project)) == before
        assert lines[0].startswith(line)
        assert lines[1:] == [LAST]
        assert told == user.ask(*words)
    assert (user.project / ".python-version").read_text() == "3\n"
    assert "not a directory" in user.type("project", "nowhere", "--dry-run", code=2).stderr
    assert LAST not in user.type("python", "pin", "--dry-run").stdout


def test_shell_init(user: User) -> None:
    rc = user.home / ".bashrc"
    rc.write_text("mine\n")
    program = user.home / "bin" / "alcove"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    def typed(*words: str) -> str:
        path = {"PATH": f"{program.parent}:/usr/bin:/bin"}
        return user.type("shell-init", "bash", *words, variables=path).stdout

    generated = f"{user.home}/alcove-data/shells/init.bash"
    for words, lines in (
        (("--install",), [f"would write {generated}", f"{rc} would read it", LAST]),
        (("--install",), [f"would write {generated}", f"{rc} reads it", LAST]),
        (("--uninstall",), [f"would put back as it was: {rc}", f"would remove {generated}", LAST]),
    ):
        before = whole(str(user.home / "alcove-data")), rc.read_text()
        assert typed(*words, "--dry-run").splitlines() == lines
        told = typed(*words, "--dry-run", "--json")
        assert (whole(str(user.home / "alcove-data")), rc.read_text()) == before
        assert told == typed(*words, "--json")
    assert rc.read_text() == "mine\n"
    assert "--dry-run tells" in user.type("shell-init", "bash", "--dry-run", code=2).stderr
