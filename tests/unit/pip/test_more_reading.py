"""`pip inspect`, `hash`, `cache` and `index versions`, without processes and network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.pip.metadata_json import as_json
from alcove.pip.more_actions import TargetWish
from alcove.pip.targets import given, version_info
from tests.unit.pip.fakes import UNWRITTEN, FullStream

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.pip.fakes import Inside


def test_inspect_has_pips_keys_in_pips_order(inside: Inside) -> None:
    direct = {
        "url": "https://me:secret@x.example/a.whl",
        "archive_info": {"hashes": {"sha256": "ab"}},
    }
    info = inside.add(
        "a",
        "1.0",
        "Requires-Dist: b>=1\nClassifier: X\nClassifier: Y\nSummary: s\nKeywords: one,two\n",
        direct_url__json=json.dumps(direct),
        INSTALLER="alcove\n",
        REQUESTED="",
    )
    inside.add("wsgiref", "1")  # the standard library's are never counted
    answer = inside.pip("inspect")
    assert (answer.err, answer.code) == ("", 0)
    report = json.loads(answer.out)
    assert list(report) == ["version", "pip_version", "installed", "environment"]
    assert (report["version"], report["pip_version"]) == ("1", "26.3")
    assert report["environment"] == inside.actions.facts.markers
    [row] = report["installed"]
    assert row == {
        "metadata": {
            "metadata_version": "2.1",
            "name": "a",
            "version": "1.0",
            "summary": "s",
            "description": "body\n",
            "keywords": ["one", "two"],
            "classifier": ["X", "Y"],
            "requires_dist": ["b>=1"],
        },
        "metadata_location": str(info),
        "direct_url": {
            "url": "https://x.example/a.whl",
            "archive_info": {"hash": "sha256=ab", "hashes": {"sha256": "ab"}},
        },
        "installer": "alcove",
        "requested": True,
    }
    assert list(row["metadata"])[:5] == [
        "metadata_version",
        "name",
        "version",
        "summary",
        "description",
    ]


def test_an_answer_that_cannot_be_written_is_no_installation(inside: Inside) -> None:
    for number in range(9):
        inside.add(f"demo{number}", "1", "\n" + "text\n" * 2000)
    inside.stdout = FullStream()
    assert inside.pip("inspect") == ("", UNWRITTEN, 1)


def test_what_the_system_refuses_is_told_of_the_command(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("alcove.pip.inspect.selected", refuse)
    told = (
        "ERROR: Could not carry out pip inspect due to an OSError: [Errno 5] Input/output error\n"
    )
    assert inside.pip("inspect") == ("", told, 1)


def test_inspect_of_other_directories(inside: Inside, tmp_path: Path) -> None:
    there = tmp_path / "other" / "there-2.dist-info"
    there.mkdir(parents=True)
    (there / "METADATA").write_text("Metadata-Version: 2.1\nName: there\nVersion: 2\n")
    report = json.loads(inside.pip("inspect", "--path", str(there.parent)).out)
    assert [row["metadata"]["name"] for row in report["installed"]] == ["there"]
    answer = inside.pip("inspect", "--path", "x", "--local")
    assert answer.err == "ERROR: Cannot combine '--path' with '--user' or '--local'\n"


def test_metadata_that_goes_on_over_lines() -> None:
    found = as_json(
        b"Name: a\r\nLicense: MIT\r\n        two\r\n          three\r\nKeywords: a b\r\n\r\nx\r\n\r\ny\r\n"
    )
    assert found == {
        "name": "a",
        "description": "x\n\ny\n",
        "keywords": ["a", "b"],
        "license": "MIT\ntwo\n  three",
    }
    assert as_json(b"") == {}


def test_hash(inside: Inside) -> None:
    (inside.home / "f").write_bytes(b"x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert inside.pip("hash", "f") == (f"f:\n--hash=sha256:{digest}\n", "", 0)
    assert inside.pip("hash", "-a", "sha384", "f").out.startswith(
        "f:\n--hash=sha384:d752c2c51fba0e29aa190570"
    )
    assert inside.pip("hash", "-a", "md5", "f").code == 2


def test_hash_without_a_file_or_of_none(inside: Inside) -> None:
    assert inside.pip("hash") == ("", "\nUsage: pip hash [options] <file> ...\n", 1)
    answer = inside.pip("hash", "nope")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("ERROR: nope: No such file or directory\nhint: ")


@pytest.fixture
def cache(inside: Inside, tmp_path: Path) -> Path:
    """Fill a cache with two wheels, two files of an index, a decision, and one that is being written."""
    root = tmp_path / "cache"
    inside.actions.others.cached = str(root)
    for name, size in (
        ("wheels/ab/cd/alpha-1.0-py3-none-any.whl", 5),
        ("wheels/ab/ef/beta-2.0-py3-none-any.whl", 12_000),
        ("index-v1/pages/aa/aabb", 7),
        ("index-v1/files/bb/bbcc/x.whl", 3),
        ("index-v1/tmp/1-busy", 1),
        ("resolutions/aa/bb.json", 2),
        ("interpreters/1.json", 1),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    return root


def files(root: Path) -> list[str]:
    """Return the relative paths of all files."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_cache_tells(inside: Inside, cache: Path) -> None:
    assert inside.pip("cache", "dir").out == f"{cache}\n"
    assert inside.pip("cache", "list").out == (
        "Cache contents:\n\n - alpha-1.0-py3-none-any.whl (5 bytes)\n - beta-2.0-py3-none-any.whl (12 kB)\n"
    )
    assert inside.pip("cache", "list", "beta", "--format=abspath").out == (
        f"{cache}/wheels/ab/ef/beta-2.0-py3-none-any.whl\n"
    )
    assert inside.pip("cache", "list", "gamma").out == "No locally built wheels cached.\n"
    assert inside.pip("cache", "list", "gamma", "--format=abspath").out == ""
    told = inside.pip("cache", "info").out
    assert "Number of HTTP files: 2\n" in told
    assert "Package index page cache size: 10 bytes\n" in told
    assert f"Locally built wheels location: {cache}/wheels\n" in told
    assert "Number of locally built wheels: 2\n" in told


def test_cache_remove_by_name_and_version(inside: Inside, cache: Path) -> None:
    answer = inside.pip("cache", "remove", "alpha-1*")
    assert answer == ("Files removed: 1 (5 bytes)\nDirectories removed: 1\n", "", 0)
    assert not (cache / "wheels/ab/cd").exists()
    assert (cache / "wheels/ab/ef/beta-2.0-py3-none-any.whl").exists()
    answer = inside.pip("cache", "remove", "alph")
    assert answer.err == 'WARNING: No matching packages for pattern "alph"\n'
    assert answer.code == 0


def test_cache_purge_takes_what_can_be_had_again_and_nothing_in_use(
    inside: Inside, cache: Path
) -> None:
    answer = inside.pip("cache", "purge")
    assert answer.out.startswith("Files removed: 5 (12 kB)\nDirectories removed: ")
    assert files(cache) == ["index-v1/tmp/1-busy", "interpreters/1.json"]
    assert not (cache / "wheels").exists()
    assert inside.pip("cache", "purge").err == "WARNING: No matching packages\n"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Need an action (dir, info, list, purge, remove) to perform."),
        ("frob", "Need an action (dir, info, list, purge, remove) to perform."),
        ("dir x", "Too many arguments"),
        ("list x y", "Too many arguments"),
        ("purge x", "Too many arguments"),
        ("remove", "Please provide a pattern"),
        ("dir --no-cache-dir", "pip cache commands can not function since cache is disabled."),
    ],
)
def test_cache_refuses(inside: Inside, words: str, problem: str) -> None:
    assert inside.pip("cache", *words.split()) == ("", f"ERROR: {problem}\n", 1)


def test_cache_elsewhere(inside: Inside) -> None:
    assert inside.pip("cache", "dir", "--cache-dir", "c").out == f"{inside.home}/c\n"


def test_index_versions(inside: Inside) -> None:
    inside.actions.others.offered["a-b"] = ["2.0rc1", "1.1", "1.0"]
    inside.add("a.b", "1.0")
    assert inside.pip("index", "versions", "A.b").out == (
        "A.b (1.1)\nAvailable versions: 1.1, 1.0\n  INSTALLED: 1.0\n  LATEST:    1.1\n"
    )
    answer = inside.pip("index", "versions", "A.b", "--json", "--pre", "--python-version", "3.8")
    assert json.loads(answer.out) == {
        "name": "A.b",
        "versions": ["2.0rc1", "1.1", "1.0"],
        "latest": "2.0rc1",
        "installed_version": "1.0",
    }
    name, options, wish, check = inside.actions.others.asked_versions[-1]
    assert (name, options.pre, wish, check) == ("a-b", True, TargetWish((3, 8)), True)
    told = inside.pip("index", "versions", "a-b", "--pre", "--ignore-requires-python").out
    assert told.endswith("LATEST:    2.0rc1 (pre-release; install with `pip install --pre`)\n")
    assert inside.actions.others.asked_versions[-1][3] is False
    for words, latest in (
        ("--all-releases a-b", "2.0rc1"),
        ("--all-releases :all: --only-final A.B", "1.1"),
        ("--only-final :all: --all-releases a_b", "2.0rc1"),
        ("--only-final a-b", "1.1"),
    ):
        assert f"({latest})" in inside.pip("index", "versions", "a-b", *words.split()).out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Need an action (versions) to perform."),
        ("versions", "You need to specify exactly one argument"),
        ("versions a b", "You need to specify exactly one argument"),
        ("versions nope", "No matching distribution found for nope"),
    ],
)
def test_index_refuses(inside: Inside, words: str, problem: str) -> None:
    assert inside.pip("index", *words.split()) == ("", f"ERROR: {problem}\n", 1)


@pytest.mark.parametrize("text", ["3.x", "3.8.1.2", "x"])
def test_a_python_version_that_is_none(inside: Inside, text: str) -> None:
    answer = inside.pip("index", "versions", "a", "--python-version", text)
    assert answer.code == 2
    assert f"invalid --python-version value: '{text}'" in answer.err


def test_targets_as_pip_reads_and_shows_them() -> None:
    assert version_info("37") == (3, 7)
    wish = TargetWish((3, 8), ("win_amd64",), ("cp38",), "cp")
    assert given(wish) == (
        "platforms=['win_amd64'] version_info='3.8' abis=['cp38'] implementation='cp'"
    )
