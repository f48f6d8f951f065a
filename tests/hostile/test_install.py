"""Every row of the table through the whole command: a clear message, exit code 1, and nothing changed anywhere.

The command runs in this process, on an environment, a store and a cache of its own.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest

from alcove.builds.activity import is_measurable
from alcove.cli.main import run
from alcove.testing.index import index
from alcove.testing.plugin import isolated_environ
from alcove.testing.sdists import project, sdist
from alcove.testing.server import serve
from alcove.testing.wheels import Parts, wheel
from tests.functional.machine import snapshot
from tests.hostile.cases import (
    ADDRESSES,
    ARCHIVES,
    BUILD_WHEEL,
    BUILDS,
    BYTES,
    DOWNLOADS,
    HANGS,
    OTHERS,
    PAGES,
    SDISTS,
    SIDECARS,
    WHEELS,
    Rows,
)
from tests.unit.builds.test_sdist import tar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from alcove.testing.server import IndexServer


class World:
    """A home with one environment and its store, and a directory beside it that nothing may touch."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.inputs = root / "inputs"
        self.capsys = capsys
        self.cache = root / "home" / "alcove-cache"

    def alcove(self, *words: str) -> tuple[int, str, str]:
        """Run `alcove WORDS` in this process; return exit code, stdout and stderr."""
        before = signal.getsignal(signal.SIGTERM)
        self.capsys.readouterr()
        try:
            code = run(words)
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = self.capsys.readouterr()
        return code, out, err

    def state(self, *, with_cache: bool) -> dict[str, str]:
        """Return all that there is, but for the inputs (and the cache)."""
        found = snapshot(self.root)
        # The log of a build that failed is kept, and named in the message.
        away = [str(self.inputs), str(self.cache / "logs" if with_cache else self.cache)]
        return {
            path: row
            for path, row in found.items()
            if not any(path == one or path.startswith(one + os.sep) for one in away)
        }

    def refused(self, said: str, *words: str, with_cache: bool = True) -> str:
        """Expect that `alcove install WORDS` says `said`, fails, and leaves everything as it is."""
        self.inputs.mkdir(exist_ok=True)
        before = self.state(with_cache=with_cache)
        code, out, err = self.alcove("install", "--env", str(self.root / "env"), *words)
        assert code == 1, err
        assert out == ""
        assert "\nerror: " in f"\n{err}", err
        assert "\nhint: " in err, err
        assert re.search(said, err), err
        assert "Traceback" not in err.replace("Traceback (most recent call last)", "", 1)
        assert "\x1b" not in err
        assert self.state(with_cache=with_cache) == before
        assert unfinished(self.cache) == []
        return err


def unfinished(cache: Path) -> list[str]:
    """Return what lies in the cache and is not whole."""
    found = [path for path in snapshot(cache) if path.endswith((".tmp", ".part"))]
    builds = cache / "builds"
    return found + (os.listdir(builds) if builds.is_dir() else [])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the home, its environment and its store once."""
    root = tmp_path_factory.mktemp("hostile")
    for name in ("home", "outside", "work"):
        (root / name).mkdir()
    (root / "outside" / "canary").write_text("untouched")
    return root


@pytest.fixture
def world(made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> World:
    """Return the world, with its own settings and nothing of this machine's."""
    environ = isolated_environ(dict(os.environ), str(made / "home"))
    for name in set(os.environ) - set(environ):
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.chdir(made / "work")
    world = World(made, capsys)
    if not (made / "env").exists():
        good = wheel(str(made / "inputs"), "good", scripts={"good": "#!python\n"})
        (made / "inputs" / "demo").mkdir()
        demo = project(str(made / "inputs" / "demo"), "warm")
        code, _, err = world.alcove(
            "create", str(made / "env"), "-p", sys.executable, "--with", good, "--with", demo
        )
        assert code == 0, err
    return world


@pytest.mark.parametrize(("parts", "said"), WHEELS.values(), ids=WHEELS)
def test_a_wheel(world: World, parts: Parts, said: str) -> None:
    world.refused(said, wheel(str(world.inputs), "x", **parts))


@pytest.mark.parametrize(("patch", "said"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive(world: World, patch: Callable[[bytes], bytes], said: str) -> None:
    world.refused(said, wheel(str(world.inputs), "x", patch=patch))


def test_a_bomb(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alcove.wheels.archive._FREE_TOTAL", 1 << 20)
    world.refused(
        "would unpack to", wheel(str(world.inputs), "x", files={"x/z": b"\0" * (8 << 20)})
    )


@pytest.mark.parametrize(("rows", "said"), SDISTS.values(), ids=SDISTS)
def test_an_sdist(world: World, rows: Rows, said: str) -> None:
    path = world.inputs / "demo-1.0.tar.gz"
    path.write_bytes(gzip.compress(tar(rows)))
    world.refused(said, str(path))


@pytest.mark.parametrize(("content", "said"), BYTES.values(), ids=BYTES)
def test_what_is_no_sdist(world: World, content: bytes, said: str) -> None:
    path = world.inputs / "demo-1.0.tar.gz"
    path.write_bytes(content)
    world.refused(said, str(path))


@pytest.mark.parametrize(("body", "said"), BUILDS.values(), ids=BUILDS)
def test_a_backend(world: World, tmp_path: Path, body: str, said: str) -> None:
    tree = project(str(tmp_path / "tree"), "demo", hooks=BUILD_WHEEL + body)
    world.refused(said, tree)


@pytest.mark.skipif(not is_measurable(), reason="the system does not tell CPU times")
@pytest.mark.parametrize(("body", "said"), HANGS.values(), ids=HANGS)
def test_a_backend_that_hangs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    monkeypatch.setenv("ALCOVE_BUILD_IDLE_TIMEOUT", "1")
    tree = project(str(tmp_path / "tree"), "demo", hooks=BUILD_WHEEL + body)
    err = world.refused(said, tree)
    assert "set ALCOVE_BUILD_IDLE_TIMEOUT to more seconds" in err


@pytest.mark.parametrize(("lines", "built"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("asked", ["demo", "demo==1.0"])
def test_a_backend_that_builds_something_else(
    world: World, asked: str, lines: str, built: str
) -> None:
    path = sdist(str(world.inputs), "demo", "1.0", hooks=lines)  # its PKG-INFO says demo 1.0
    said = f"demo 1.0 was asked for, and what was built for it is {built}\n"
    world.refused(said, asked, "--no-index", "-f", str(world.inputs), with_cache=False)
    with open(path, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    lock = world.inputs / "pylock.toml"
    lock.write_text(
        'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "demo"\nversion = "1.0"\n'
        f'sdist = {{url = "file://{path}", hashes = {{sha256 = "{digest}"}}}}\n'
    )
    world.refused(said, "-r", str(lock), with_cache=False)


@pytest.mark.parametrize(("lines", "built"), OTHERS.values(), ids=OTHERS)
def test_a_backend_that_says_something_else(world: World, lines: str, built: str) -> None:
    sdist(str(world.inputs), "demo", "1.0", hooks=lines, metadata_version="2.1")
    name, version = built.split()
    said = f"demo 1.0 has metadata of '{name}' '{version}'"
    world.refused(said, "demo", "--no-index", "-f", str(world.inputs), with_cache=False)


@pytest.fixture
def server(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexServer]:
    """Serve an index with one good wheel."""
    place = index(str(tmp_path / "index"))
    place.add(wheel(str(tmp_path / "wheels"), "x"))
    assert world.root.is_dir()  # its settings come first
    with serve(place) as served:
        monkeypatch.setenv("PIP_INDEX_URL", served.url)
        # A page of another test is kept under the same URL where its server had the same port.
        monkeypatch.setenv("ALCOVE_CACHE", str(tmp_path / "pages"))
        monkeypatch.delenv("PIP_NO_INDEX")
        yield served


@pytest.mark.parametrize(("answer", "said"), PAGES.values(), ids=PAGES)
def test_a_page(world: World, server: IndexServer, answer: dict[str, Any], said: str) -> None:
    if callable(answer["body"]):
        answer = {**answer, "body": answer["body"]()}
    server.trouble("/simple/x/", times=20, **answer)
    err = world.refused(said, "x", with_cache=False)
    assert "127.0.0.1" in err or said.startswith("nothing meets")


@pytest.mark.parametrize(("answer", "said"), DOWNLOADS.values(), ids=DOWNLOADS)
def test_a_download(world: World, server: IndexServer, answer: dict[str, Any], said: str) -> None:
    server.trouble("/files/x-1.0-py3-none-any.whl", times=20, **answer)
    err = world.refused(said, "x", with_cache=False)
    assert "x-1.0-py3-none-any.whl" in err or "127.0.0.1" in err


@pytest.mark.parametrize(("content", "said"), SIDECARS.values(), ids=SIDECARS)
def test_metadata_beside_a_wheel(
    world: World, server: IndexServer, tmp_path: Path, content: bytes, said: str
) -> None:
    needs = ["good"] if said == SIDECARS["no requirements"][1] else []
    # Of a small wheel the metadata is read in itself.
    files = {"x/__init__.py": os.urandom(100_000)}
    listed = server.index.add(wheel(str(tmp_path / "wheels"), "x", requires=needs, files=files))
    (tmp_path / "index" / "files" / f"{listed.filename}.metadata").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    server.index.listed["x"][listed.filename] = listed._replace(metadata=digest)
    server.index.yank(listed.filename)  # writes the page anew
    world.refused(said, "x==1.0", with_cache=False)


@pytest.mark.parametrize(("text", "said"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address(world: World, text: str, said: str) -> None:
    wheel(str(world.inputs), "x")
    world.refused(said, text.replace("@INPUTS@", str(world.inputs)))


def test_modes_of_a_wheel_are_not_taken_over(world: World, tmp_path: Path) -> None:
    """CVE-2026-24049: of a member's mode only "may be run" counts."""
    modes = {"wild/__init__.py": 0o104777, "wild/run.sh": 0o102755}
    path = wheel(
        str(world.inputs), "wild", files={"wild/__init__.py": "", "wild/run.sh": ""}, modes=modes
    )
    code, _, err = world.alcove(
        "create", str(tmp_path / "env"), "-p", sys.executable, "--with", path
    )
    assert code == 0, err
    found = [
        os.lstat(os.path.join(folder, name)).st_mode & 0o7777
        for folder, _, names in os.walk(world.root / "home" / "alcove-data" / "store")
        for name in names
        if "/wild-1.0-" in folder
    ]
    assert found
    assert not [oct(mode) for mode in found if mode & 0o7022]
