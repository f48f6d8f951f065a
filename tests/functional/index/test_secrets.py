"""A login is used, and stands nowhere: not in messages, not in what is remembered, not in what an environment holds."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.cli.main import run
from alcove.pip.entry import start
from alcove.pip.wiring import EnvironmentActions
from alcove.settings import read
from alcove.testing.sdists import sdist
from alcove.testing.web import Serve, WebServer
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from alcove.testing.index import DiskIndex
    from alcove.testing.server import IndexServer

SECRET = "hidden-word"  # noqa: S105  it is the point


@pytest.fixture
def environment(tmp_path: Path, alcove_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an environment, and have the retries of the index be none."""
    assert alcove_home.is_dir()
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.chdir(tmp_path)
    assert alcove("create", str(tmp_path / "env"), "-p", sys.executable) == 0
    return tmp_path / "env"


def alcove(*words: str) -> int:
    before = signal.getsignal(signal.SIGTERM)
    try:
        return run(words)
    finally:
        signal.signal(signal.SIGTERM, before)


def pip(environment: Path, *words: str) -> int:
    given = read()
    return start(
        [str(environment), "pip", *words],
        environ=given.variables,
        defaults=lambda _command, _isolated: {"retries": ["0"]},
        actions=lambda root: EnvironmentActions(root, given),
        cache=given.cache,
    )


def places(root: Path, text: str) -> list[str]:
    """Return the files and links below `root` that hold `text`."""
    found = []
    for folder, folders, names in os.walk(root):
        for name in [*folders, *names]:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                content = os.readlink(path).encode()
            elif os.path.isfile(path):
                with open(path, "rb") as stream:
                    content = stream.read()
            else:
                content = b""
            if text.encode() in content or text in name:
                found.append(path)
    return found


def test_a_login_stands_nowhere(
    environment: Path,
    tmp_path: Path,
    alcove_index: DiskIndex,
    alcove_index_server: IndexServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = tmp_path / "made"
    alcove_index.add(wheel(str(made), "first", requires=["second"]))
    alcove_index.add(wheel(str(made), "second"))
    alcove_index.add(sdist(str(made), "third", "1.0"))
    wheel(str(made), "fourth")
    alcove_index.add(str(made / "fourth-1.0-py3-none-any.whl"))
    server = alcove_index_server
    server.credentials = ("me", SECRET)
    url = server.url.replace("://", f"://me:{SECRET}@")
    files = url.removesuffix("/simple") + "/files"
    env = ("--env", str(environment))
    assert alcove("install", *env, "--index-url", url, "first", "third") == 0
    assert (
        alcove("install", *env, "--index-url", url, f"fourth @ {files}/fourth-1.0-py3-none-any.whl")
        == 0
    )
    (tmp_path / "r.txt").write_text(f"--index-url {url}\nfirst\n")
    assert alcove("sync", *env, "--index-url", url, "r.txt") in (0, 1, 2)
    (tmp_path / "r.txt").unlink()
    assert pip(environment, "install", "--index-url", url, "--force-reinstall", "second") == 0
    assert pip(environment, "install", "--index-url", url, "no-such-thing") == 1
    assert alcove("install", *env, "--index-url", url, f"{files}/missing-1.0-py3-none-any.whl") == 1
    server.credentials = ("me", "another")
    assert alcove("install", *env, "--index-url", url, "no-such-thing") == 1
    for words in (
        ("history", *env),
        ("freeze", *env),
        ("list", *env),
        ("outdated", *env, "--index-url", url),
    ):
        alcove(*words)
    pip(environment, "freeze")
    out, err = capsys.readouterr()
    assert "fourth @ http://127.0.0.1" in out
    assert SECRET not in out + err
    assert places(tmp_path, SECRET) == []


@pytest.mark.usefixtures("environment")
def test_a_login_is_for_its_host_alone(
    environment: Path, tmp_path: Path, alcove_index: DiskIndex, alcove_index_server: IndexServer
) -> None:
    """The file of a project lies elsewhere, and the page redirects there: the login stays behind."""
    from alcove.testing.index import index
    from alcove.testing.server import serve

    other = index(str(tmp_path / "other"))
    other.add(wheel(str(tmp_path / "made"), "x"))
    with serve(other) as elsewhere:
        alcove_index_server.credentials = ("me", SECRET)
        target = f"{elsewhere.url}/x/"
        os.makedirs(os.path.join(alcove_index.simple, "x"))
        alcove_index_server.trouble(
            "/simple/x/", times=9, status=302, headers=(("Location", target),)
        )
        url = alcove_index_server.url.replace("://", f"://me:{SECRET}@")
        assert alcove("install", "--env", str(environment), "--index-url", url, "x") == 0
        assert [one for one in elsewhere.requests if "authorization" in one.headers] == []
        assert len(elsewhere.requests) >= 2
    asked = [one for one in alcove_index_server.requests if one.path == "/simple/x/"]
    assert all(one.headers.get("authorization", "").startswith("Basic ") for one in asked)


def test_proxies_of_the_variables(
    environment: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The index has no address of its own: only the proxy can answer."""
    with WebServer() as proxy:
        body = Path(wheel(str(tmp_path / "made"), "x")).read_bytes()
        place = "http://index.invalid/simple"
        proxy.page(f"{place}/x/", "<a href='x-1.0-py3-none-any.whl'>x</a>")
        proxy.add(f"{place}/x/x-1.0-py3-none-any.whl", Serve(body))
        words = ("install", "--index-url", place, "--trusted-host", "index.invalid", "x")
        monkeypatch.setenv("all_proxy", proxy.url.replace("://", f"://me:{SECRET}@"))
        assert pip(environment, words[0], "--no-proxy-env", *words[1:]) == 1
        assert pip(environment, words[0], "--proxy", "", *words[1:]) == 1
        monkeypatch.setenv("no_proxy", "invalid")
        assert pip(environment, *words) == 1
        assert proxy.asked == []
        monkeypatch.delenv("no_proxy")
        assert pip(environment, *words) == 0
        sent = {headers.get("proxy-authorization") for _, headers in proxy.asked}
    assert len(sent) == 1
    assert not any("authorization" in headers for _, headers in proxy.asked)
    out, err = capsys.readouterr()
    assert SECRET not in out + err
    assert places(tmp_path, SECRET) == []
