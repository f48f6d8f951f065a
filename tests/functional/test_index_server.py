"""The server of the testing plugin, asked over HTTP, and by the real pip where there is one."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from alcove.testing.server import JSON

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex, Listed
    from alcove.testing.server import IndexServer


@pytest.fixture
def demo(alcove_index: DiskIndex, tmp_path: Path) -> Listed:
    """Add a small wheel to the index."""
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo.py", "answer = 42\n")
        archive.writestr(
            "demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
        )
        archive.writestr(
            "demo-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("demo-1.0.dist-info/RECORD", "demo.py,,\n")
    return alcove_index.add(str(path))


def ask(
    server: IndexServer, path: str, *, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Send one request; header names are given with `_` for `-`."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    try:
        connection.request(
            method, path, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.usefixtures("demo")
def test_pages_in_both_forms(alcove_index_server: IndexServer) -> None:
    answer, body = ask(alcove_index_server, "/simple/demo/")
    assert answer.getheader("Content-Type", "").startswith("text/html")
    assert b"demo-1.0-py3-none-any.whl" in body
    answer, body = ask(alcove_index_server, "/simple/demo/", Accept=JSON)
    assert (answer.getheader("Content-Type"), body[:1]) == (JSON, b"{")
    alcove_index_server.json = False
    answer, _ = ask(alcove_index_server, "/simple/demo/", Accept=JSON)
    assert answer.getheader("Content-Type", "").startswith("text/html")
    assert ask(alcove_index_server, "/simple/other/")[0].status == 404


def test_ranges_and_sidecar(alcove_index_server: IndexServer, demo: Listed) -> None:
    path = f"/files/{demo.filename}"
    with open(demo.path, "rb") as stream:
        content = stream.read()
    answer, body = ask(alcove_index_server, path, Range="bytes=-20")
    assert (answer.status, body) == (206, content[-20:])
    assert (
        answer.getheader("Content-Range")
        == f"bytes {len(content) - 20}-{len(content) - 1}/{len(content)}"
    )
    assert ask(alcove_index_server, path, Range=f"bytes={len(content)}-")[0].status == 416
    alcove_index_server.ranges = False
    answer, body = ask(alcove_index_server, path, Range="bytes=-20")
    assert (answer.status, body) == (200, content)
    assert ask(alcove_index_server, path + ".metadata")[1].startswith(b"Metadata-Version")
    answer, body = ask(alcove_index_server, path, method="HEAD")
    assert (answer.getheader("Content-Length"), body) == (str(len(content)), b"")


def test_revalidation(alcove_index_server: IndexServer, demo: Listed) -> None:
    path = f"/simple/{demo.project}/"
    etag = ask(alcove_index_server, path)[0].getheader("ETag", "")
    assert ask(alcove_index_server, path, If_None_Match=etag)[0].status == 304
    alcove_index_server.etags = False
    assert ask(alcove_index_server, path, If_None_Match=etag)[0].status == 200
    assert [request.status for request in alcove_index_server.requests] == [200, 304, 200]


def test_troubles_pass(alcove_index_server: IndexServer, demo: Listed) -> None:
    path = f"/files/{demo.filename}"
    alcove_index_server.trouble(path, status=503, times=2)
    alcove_index_server.trouble(path, cut=10)
    alcove_index_server.trouble(path, body=b"other bytes")
    assert [ask(alcove_index_server, path)[0].status for _ in range(2)] == [503, 503]
    with pytest.raises(http.client.IncompleteRead):
        ask(alcove_index_server, path)
    assert ask(alcove_index_server, path)[1] == b"other bytes"
    assert ask(alcove_index_server, path)[1][:2] == b"PK"
    assert alcove_index_server.asked(path) == 5


@pytest.mark.usefixtures("demo")
def test_credentials(alcove_index_server: IndexServer) -> None:
    alcove_index_server.credentials = ("user", "secret")
    assert ask(alcove_index_server, "/simple/demo/")[0].status == 401
    answer, _ = ask(alcove_index_server, "/simple/demo/", Authorization="Basic dXNlcjpzZWNyZXQ=")
    assert answer.status == 200


@pytest.mark.usefixtures("demo", "alcove_home")
@pytest.mark.parametrize("scheme", ["file", "http"])
def test_the_real_pip_installs_from_it(
    alcove_index: DiskIndex, alcove_index_server: IndexServer, tmp_path: Path, scheme: str
) -> None:
    python = sys._base_executable  # type: ignore[attr-defined]  # the environment's pip is ours
    if subprocess.run([python, "-c", "import pip"], check=False, capture_output=True).returncode:
        pytest.skip("no pip in the Python below that of the tests")
    url = alcove_index.url if scheme == "file" else alcove_index_server.url
    target = tmp_path / "target"
    words = ["install", "--quiet", "--index-url", url, "--target", str(target), "demo"]
    done = subprocess.run(
        [python, "-m", "pip", *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert os.path.isfile(target / "demo.py")
