"""`pip download`, `wheel` and `lock`: what they ask of alcove, and what they say and write then."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from alcove.pip.more_actions import Got, TargetWish
from alcove.requirements.resolution import Origin, Pinned

if TYPE_CHECKING:
    from tests.unit.pip.fakes import Inside

WHEEL = Pinned(
    "a", "1.0", Origin("index", "https://x.example/a-1.0.whl", "a-1.0-py3-none-any.whl", "ab")
)
SDIST = Pinned("b", "2", Origin("index", "https://x.example/b-2.tar.gz", "b-2.tar.gz", "cd"))


def test_download(inside: Inside) -> None:
    inside.actions.others.got = [
        Got(WHEEL, f"{inside.home}/d/a.whl"),
        Got(SDIST, "/elsewhere/b.tar.gz", there=True),
    ]
    answer = inside.pip("download", "a", "-d", "d", "-c", "c.txt", "--no-binary", "b", "--pre")
    assert answer == (
        "Saved ./d/a.whl\n  File was already downloaded /elsewhere/b.tar.gz\nSuccessfully downloaded a b\n",
        "",
        0,
    )
    [asked] = inside.actions.others.gathered
    assert (asked.into, asked.form, asked.wish) == (f"{inside.home}/d", "files", TargetWish())
    assert asked.request.requirements == ("a",)
    assert asked.request.constraints == ("c.txt",)
    assert (asked.request.sources.no_binary, asked.request.sources.pre) == (("b",), True)


def test_download_for_elsewhere(inside: Inside) -> None:
    words = "download a --platform win_amd64 --platform win32 --abi cp38 --implementation cp --python-version 3.8"
    for more in ("", "--only-binary :all: --no-binary b", "--only-binary a"):
        answer = inside.pip(*words.split(), *more.split())
        assert answer.code == 1
        assert answer.err.startswith("ERROR: When restricting platform and interpreter constraints")
    answer = inside.pip(*words.split(), "--only-binary", ":all:", "-r", "pylock.toml")
    assert "are not supported when selecting requirements from 'pylock.toml'" in answer.err
    for more in ("--no-deps", "--only-binary=:all:"):
        assert inside.pip(*words.split(), more).code == 0
    wish = TargetWish((3, 8), ("win_amd64", "win32"), ("cp38",), "cp")
    assert {asked.wish for asked in inside.actions.others.gathered} == {wish}


@pytest.mark.parametrize("command", ["download", "wheel", "lock"])
def test_nothing_asked_for(inside: Inside, command: str) -> None:
    answer = inside.pip(command)
    said = f'You must give at least one requirement to {command} (see "pip help {command}")'
    assert answer.err.splitlines()[-1] == f"ERROR: {said}"
    assert answer.code == 1
    answer = inside.pip(command, "-f", "links")
    assert f'(maybe you meant "pip {command} links"?)' in answer.err
    both = inside.pip(command, "a", "--require-hashes", "--no-require-hashes")
    assert both.code == 1


def test_wheel(inside: Inside) -> None:
    inside.actions.others.got = [
        Got(WHEEL, f"{inside.home}/w/a.whl"),
        Got(SDIST, f"{inside.home}/w/b.whl", built=True),
    ]
    answer = inside.pip("wheel", "-w", "w", "-e", ".", "b", "-C", "k=v", "--no-build-isolation")
    assert answer == ("Saved ./w/a.whl\nSuccessfully built b\n", "", 0)
    [asked] = inside.actions.others.gathered
    assert (asked.into, asked.form) == (f"{inside.home}/w", "wheels")
    assert (asked.request.requirements, asked.request.editables) == (("b", "."), ())
    assert asked.request.config_settings == (("k", "v"),)
    assert asked.request.build_isolation is False


def pins(inside: Inside) -> list[Got]:
    """Return one distribution of each kind of origin."""
    home = inside.home
    rows = [
        WHEEL,
        SDIST,
        Pinned("c", "1", Origin("url", "https://x.example/c.zip", "c.zip", "ef", subdirectory="s")),
        Pinned("d", "1", Origin("editable", f"file://{home}/deep/d", "")),
        Pinned("e", "1", Origin("directory", f"file://{home.parent}/e", "")),
        Pinned("f", "1", Origin("vcs", "https://x.example/f", "", vcs=("git", "v1", "c0ffee"))),
    ]
    return [Got(one) for one in reversed(rows)]


def test_lock(inside: Inside) -> None:
    inside.actions.others.got = pins(inside)
    answer = inside.pip("lock", "a", "-o", "pylock.x.toml")
    assert (answer.out, answer.code) == ("", 0)
    assert answer.err.startswith("WARNING: pip lock is currently an experimental command.")
    assert answer.err.count("WARNING") == 1
    found = tomllib.loads((inside.home / "pylock.x.toml").read_text())
    assert (found["lock-version"], found["created-by"]) == ("1.0", "alcove")
    assert found["packages"] == [
        {
            "name": "a",
            "version": "1.0",
            "wheels": [
                {
                    "name": "a-1.0-py3-none-any.whl",
                    "url": "https://x.example/a-1.0.whl",
                    "hashes": {"sha256": "ab"},
                }
            ],
        },
        {
            "name": "b",
            "version": "2",
            "sdist": {
                "name": "b-2.tar.gz",
                "url": "https://x.example/b-2.tar.gz",
                "hashes": {"sha256": "cd"},
            },
        },
        {
            "name": "c",
            "archive": {
                "url": "https://x.example/c.zip",
                "subdirectory": "s",
                "hashes": {"sha256": "ef"},
            },
        },
        {"name": "d", "directory": {"path": "deep/d", "editable": True}},
        {"name": "e", "directory": {"path": "../e"}},
        {
            "name": "f",
            "vcs": {
                "type": "git",
                "url": "https://x.example/f",
                "requested-revision": "v1",
                "commit-id": "c0ffee",
            },
        },
    ]
    assert inside.actions.others.gathered[0].form == "none"


def test_lock_to_stdout_and_under_another_name(inside: Inside) -> None:
    inside.actions.others.got = [Got(WHEEL)]
    answer = inside.pip("lock", "a", "-o", "-")
    assert tomllib.loads(answer.out)["packages"][0]["name"] == "a"
    answer = inside.pip("lock", "a", "-o", "lock.toml")
    assert "lock.toml is not a valid lock file name." in answer.err
    assert answer.code == 0
    assert (inside.home / "lock.toml").exists()
    assert inside.pip("lock", "a", "-o", "no/such/pylock.toml").code == 1


def test_lock_into_a_pipe_leaves_the_pipe_there(inside: Inside) -> None:
    inside.actions.others.got = [Got(WHEEL)]
    pipe = inside.home / "pylock.toml"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert inside.pip("lock", "a").code == 0
        assert tomllib.loads(os.read(reader, 9999).decode())["created-by"] == "alcove"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "name", ["lock", "download", "wheel", "inspect", "index", "cache", "config", "hash", "debug"]
)
def test_help(inside: Inside, name: str) -> None:
    answer = inside.pip(name, "--help")
    assert answer.code == 0
    assert f"pip {name}" in answer.out
    assert answer == inside.pip("help", name)
    assert inside.pip(name, "--frob").code == 2
