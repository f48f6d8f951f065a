"""What the pip inside decides and reports, on an index with the habits of real ones; what is expected is what pip 26.3 does."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from alcove import settings
from alcove.actions.create import Options, create
from alcove.pip.configured import defaults_of
from alcove.pip.main import Process, run
from alcove.pip.wiring import EnvironmentActions
from alcove.testing.index import DiskIndex, index
from alcove.testing.sdists import project, sdist
from alcove.testing.server import serve
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from pathlib import Path


class Said(NamedTuple):
    """What the pip wrote, and its exit code."""

    stdout: str
    stderr: str
    code: int


class User:
    """A user with an index, who makes environments and calls their pip, in this process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        wheels = str(root / "wheels")
        found = index(str(root / "index"))
        found.add(wheel(wheels, "taken", "1.0"))
        found.add(wheel(wheels, "taken", "2.0"), yanked="it <breaks> & burns")
        found.add(wheel(wheels, "needs", "1.0", requires=["taken==2.0"], extras=["x"]))
        found.add(wheel(wheels, "cased", entry_points={"Run": "cased:a", "run": "cased:b"}))
        found.add(sdist(str(root / "sdists"), "both", "2.0"))
        found.add(wheel(wheels, "both", "1.0"))
        found.add(wheel(wheels, "lost", requires=["nowhere>=1"]))
        self.environ = {
            "HOME": str(root / "home"),
            "ALCOVE_HOME": str(root / "data"),
            "ALCOVE_CACHE": str(root / "cache"),
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": found.url,
            "PATH": "/usr/bin:/bin",
        }

    def create(self, name: str) -> str:
        """Make an environment and return its path."""
        given = settings.read(self.environ, cwd=str(self.root))
        return create(
            str(self.root / name), given, options=Options(python=sys.executable)
        ).layout.root

    def pip(self, prefix: str, *words: str) -> Said:
        """Call the pip of an environment."""
        given = settings.read(self.environ, cwd=str(self.root))
        stdout, stderr = io.StringIO(), io.StringIO()
        process = Process(
            program="pip",
            directory=str(self.root),
            environ=self.environ,
            stdout=stdout,
            stderr=stderr,
            ask=pytest.fail,
            execute=lambda *_: pytest.fail("nothing is handed on"),
            defaults=lambda command, isolated: defaults_of(
                self.environ, given.home, prefix=prefix, command=command, isolated=isolated
            ),
            actions=lambda: EnvironmentActions(prefix, given),
        )
        with contextlib.chdir(self.root):
            code = run(words, prefix=prefix, process=process)
        return Said(stdout.getvalue(), stderr.getvalue(), code)

    def report(self, prefix: str, *words: str) -> dict[str, dict[str, Any]]:
        """Return the rows of a report by the names of their distributions."""
        said = self.pip(prefix, "install", "-q", "--dry-run", "--report", "-", *words)
        assert said.code == 0, said.stderr
        return {one["metadata"]["name"]: one for one in json.loads(said.stdout)["install"]}


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> User:
    return User(tmp_path_factory.mktemp("deciding"))


@pytest.fixture(scope="module")
def empty(user: User) -> str:
    """Return an environment that no test fills."""
    return user.create("empty")


def test_a_report_says_what_is_yanked(user: User, empty: str) -> None:
    assert not user.report(empty, "taken")["taken"]["is_yanked"]
    rows = user.report(empty, "taken", "needs")  # whichever is asked for first
    assert rows["taken"]["metadata"]["version"] == "2.0"
    assert {name: row["is_yanked"] for name, row in rows.items()} == {"taken": True, "needs": False}


def test_extras_that_nobody_asked_the_metadata_for_are_not_said_to_be_missing(user: User) -> None:
    """Where only what is named is installed, no metadata is read before."""
    prefix = user.create("bare")
    said = user.pip(prefix, "install", "--no-deps", "needs[x]==1.0")
    assert (said.code, said.stderr) == (0, "")
    said = user.pip(prefix, "install", "--no-deps", "needs[nope]==1.0")
    assert "WARNING: needs 1.0 has no extra 'nope'\nhint: there are: x\n" in said.stderr


def test_what_was_told_is_told_again_where_it_is_remembered(user: User) -> None:
    words = ("install", "needs[nope]", "both ; python_version < '3'")
    first, second = user.create("one"), user.create("two")
    said = user.pip(first, *words)
    assert "WARNING: taken 2.0 is yanked: it <breaks> & burns\n" in said.stderr
    assert "WARNING: needs 1.0 has no extra 'nope'\n" in said.stderr
    assert "is left out: its marker does not hold here" in said.stdout
    with pytest.MonkeyPatch.context() as without:  # what is remembered needs no index
        without.setattr("alcove.actions.engine.Engine.resolve", None)
        again = user.pip(second, *words)
    assert (again.stderr, again.code) == (said.stderr, 0)
    assert again.stdout.splitlines()[0] == said.stdout.splitlines()[0]
    satisfied = user.pip(second, *words)
    assert satisfied.stderr == ""
    assert "Requirement already satisfied: needs[nope]" in satisfied.stdout


def test_a_report_has_the_hash_of_an_archive_of_which_its_index_tells_none(
    user: User, empty: str
) -> None:
    with serve(DiskIndex(f"{user.root}/plain")) as server:
        listed = server.index.add(sdist(str(user.root / "sdists"), "plain", "1.0"), hashed=False)
        row = user.report(empty, "-i", server.url, "plain")["plain"]
    assert row["download_info"]["archive_info"]["hashes"] == {"sha256": listed.sha256}


def test_a_lock_is_not_made_while_one_of_several_indexes_does_not_answer(
    user: User, empty: str
) -> None:
    down = ("--extra-index-url", "http://127.0.0.1:1/simple", "--retries", "0")
    said = user.pip(empty, "lock", "taken", *down)
    assert said.code == 1
    assert (
        "http://127.0.0.1:1/simple does not answer (Connection refused): what is pinned"
        in said.stderr
    )
    assert "try again when it answers, or leave it out" in said.stderr
    assert not (user.root / "pylock.toml").exists()
    said = user.pip(empty, "download", "taken", "-d", "got", *down)
    assert (said.code, "passed over" in said.stderr) == (0, True)


def test_formats_mean_what_they_mean_to_pip(user: User, empty: str) -> None:
    def version(*words: str) -> str:
        found: str = user.report(empty, "both", *words)["both"]["metadata"]["version"]
        return found

    every = ("--only-binary", ":all:")
    one = ("--no-binary", "both")
    assert [version(), version(*every), version(*every, *one), version(*one, *every)] == [
        "2.0",
        "1.0",
        "2.0",
        "1.0",
    ]


def test_what_something_else_needs_and_nobody_has_is_said_in_pips_two_lines(
    user: User, empty: str
) -> None:
    said = user.pip(empty, "install", "lost", "taken")
    assert said.code == 1
    lines = said.stderr.splitlines()
    assert lines[0] == (
        "ERROR: Could not find a version that satisfies the requirement nowhere>=1 (from lost)"
        " (from versions: none)"
    )
    assert "ERROR: No matching distribution found for nowhere>=1 (from lost)" in lines
    assert "ResolutionImpossible" not in said.stderr


@pytest.mark.parametrize(
    ("requires", "told"),
    [
        (["nowhere"], "nowhere (build requirements): no project 'nowhere'"),
        (["taken<2", "needs"], "the requirements cannot all be met:"),
    ],
)
def test_what_a_build_requires_and_nobody_has(
    user: User, empty: str, requires: list[str], told: str
) -> None:
    path = project(str(user.root / f"tree{len(requires)}"), "odd", build_requires=requires)
    said = user.pip(empty, "install", path)
    assert said.code == 1
    name = path.rpartition("/")[2]
    assert f"ERROR: {name} cannot be built without what it requires for that: {told}" in said.stderr
    assert "command line" not in said.stderr


def test_two_scripts_that_differ_in_case(user: User) -> None:
    prefix = user.create("cased")
    assert user.pip(prefix, "install", "-q", "cased").code == 0
    shown = user.pip(prefix, "show", "-f", "cased").stdout
    assert "bin/Run" in shown
    assert "bin/run" in shown
    assert user.pip(prefix, "uninstall", "-q", "-y", "cased") == ("", "", 0)


def test_what_was_there_is_told_each_time(user: User) -> None:
    """Also where the outcome of the same request on the same content is remembered, and something else is installed."""
    (user.root / "two.txt").write_text("taken<2  # one\nneeds; python_version < '3'\nboth==1.0\n")
    said = []
    for name in ("first", "second"):
        prefix = user.create(name)
        user.pip(prefix, "install", "-q", "taken==1.0")
        words = ("install", "--only-binary=both", "-r", "two.txt", "cased")
        said.append(user.pip(prefix, *words).stdout.replace(f"./{name}/", "./ENV/"))
    assert said[0] == said[1]
    place = f"./ENV/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    lines = [line for line in said[1].splitlines() if not line.startswith("Installing")]
    assert lines[-2:] == [
        f"Requirement already satisfied: taken<2 in {place} (from -r two.txt (line 1)) (1.0)",
        "Successfully installed both-1.0 cased-1.0",
    ]


def test_a_wheel_that_came_since(user: User, tmp_path: Path) -> None:
    """What is remembered of a request holds only while the places on this disk hold what they held."""
    links = str(tmp_path / "dist")

    def installed(name: str, *words: str) -> str:
        prefix = user.create(name)
        assert user.pip(prefix, "install", "-q", *words).code == 0
        site = f"{prefix}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        with open(f"{site}/mine.py", encoding="utf-8") as stream:
            return stream.read()

    words = ("--no-index", "--find-links", links)
    wheel(links, "mine", "1.0", files={"mine.py": "1.0"})
    assert installed("since-one", *words, "mine") == "1.0"
    wheel(links, "mine", "1.1", files={"mine.py": "1.1"})
    assert installed("since-two", *words, "mine") == "1.1"
    assert installed("since-pinned", *words, "mine==1.1") == "1.1"
    wheel(links, "mine", "1.1", files={"mine.py": "1.1 again"})
    assert installed("since-again", *words, "mine==1.1") == "1.1 again"
    found = index(str(tmp_path / "index"))
    for version in ("2.0", "2.1"):
        found.add(wheel(str(tmp_path), "mine", version, files={"mine.py": version}))
        assert installed(f"since-{version}", "-i", found.url, "mine") == version
