"""The real HTTP client against a real server: ranges, breaks, redirects, logins, packing, TLS, proxies."""

from __future__ import annotations

import base64
import contextlib
import gzip
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import alcove
from alcove.errors import FetchError, IndexUnreachable, UsageError
from alcove.index import Index
from alcove.index_settings import IndexSettings
from alcove.testing.index_lab import Told, file_of, metadata, noise, sha256, wheel
from alcove.testing.web import Serve, WebServer

LOGIN = base64.b64encode(b"me:secret").decode()


def open_index(tmp_path: Path, web: WebServer, **settings: Any) -> Index:
    chosen = IndexSettings(index_url=f"{web.url}/simple", timeout=5, retries=2)._replace(**settings)
    return Index(chosen, cache=str(tmp_path / "cache"), reporter=Told(), pause=lambda _: None)


def test_a_page_packed_and_asked_for_again(tmp_path: Path, web: WebServer) -> None:
    packed = gzip.compress(b"<a href='/f/six-1.zip'>")
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "ETag": '"1"'}
    fresh = {**headers, "Cache-Control": "max-age=0"}
    web.add("/simple/six/", Serve(packed, headers=fresh), Serve(status=304))
    for _ in range(2):
        with open_index(tmp_path, web) as index:
            assert index.project("six").files("1")[0].url == f"{web.url}/f/six-1.zip"
    assert web.asked[1][1]["if-none-match"] == '"1"'
    assert web.asked[0][1]["user-agent"] == f"alcove/{alcove.__version__}"


def test_busy_then_fine(tmp_path: Path, web: WebServer) -> None:
    web.page("/simple/six/", "<a href='six-1.zip'>")
    web.pages["/simple/six/"].insert(0, Serve(status=503))
    web.pages["/simple/six/"].insert(0, Serve(b"<a href=", ends_after=3))
    with open_index(tmp_path, web) as index:
        assert index.project("six").versions() == ["1"]
    assert len(web.asked) == 3


@pytest.mark.parametrize("chunked", [False, True])
def test_a_broken_download_is_resumed(tmp_path: Path, web: WebServer, *, chunked: bool) -> None:
    body = noise(1 << 20)
    name = "/x-1-py3-none-any.whl"
    tag = {"ETag": '"1"'}
    broken = Serve(body, headers=tag, ends_after=1 << 19, chunked=chunked)
    url = web.add(name, broken, Serve(body, headers=tag))
    with open_index(tmp_path, web) as index:
        path = index.download(file_of(url, body))
    assert Path(path).read_bytes() == body
    assert web.asked[1][1]["range"] == f"bytes={1 << 19}-"
    assert web.asked[1][1]["if-range"] == '"1"'


def test_metadata_by_ranges(tmp_path: Path, web: WebServer) -> None:
    body = wheel("x", "1", front=100_000, back=200_000)
    url = web.add("/x-1-py3-none-any.whl", Serve(body))
    with open_index(tmp_path, web) as index:
        assert index.metadata(file_of(url, body)) == metadata("x", "1")
    ranges = [headers["range"] for _, headers in web.asked]
    assert ranges[0] == "bytes=-32768"
    assert len(ranges) == 2


def test_metadata_where_ranges_are_ignored(tmp_path: Path, web: WebServer) -> None:
    body = wheel("x", "1", back=3 << 20)
    url = web.add("/x-1-py3-none-any.whl", Serve(body, ranges=False))
    with open_index(tmp_path, web) as index:
        assert index.metadata(file_of(url, body)) == metadata("x", "1")
    assert ["range" in headers for _, headers in web.asked] == [True, False]


def test_a_redirect_to_another_port_loses_the_login(tmp_path: Path, web: WebServer) -> None:
    with WebServer() as other:
        target = other.page("/six/", "<a href='six-1.zip'>")
        web.add("/simple/six/", Serve(status=301, headers={"Location": target}, login=LOGIN))
        url = web.url.replace("://", "://me:secret@") + "/simple"
        with open_index(tmp_path, web, index_url=url) as index:
            assert index.project("six").files("1")[0].url == f"{other.url}/six/six-1.zip"
        assert "authorization" not in other.asked[0][1]


def test_a_login_that_is_missing(tmp_path: Path, web: WebServer) -> None:
    web.add("/simple/six/", Serve(login=LOGIN))
    with open_index(tmp_path, web) as index, pytest.raises(IndexUnreachable, match="wants a login"):
        index.project("six")


def test_a_login_of_netrc(tmp_path: Path, web: WebServer) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    headers = {"Content-Type": "text/html"}
    web.add("/simple/six/", Serve(b"<a href='six-1.zip'>", headers=headers, login=LOGIN))
    with open_index(tmp_path, web, netrc=str(netrc)) as index:
        assert index.project("six").versions() == ["1"]


def test_a_server_that_does_not_answer_in_time(tmp_path: Path, web: WebServer) -> None:
    web.add("/simple/six/", Serve(delay=3))
    start = time.monotonic()
    with open_index(tmp_path, web, timeout=0.2, retries=1) as index:
        with pytest.raises(IndexUnreachable, match="in time") as caught:
            index.project("six")
        assert caught.value.hint
    assert time.monotonic() - start < 3


def test_nobody_listens(tmp_path: Path, web: WebServer) -> None:
    with WebServer() as gone:
        url = gone.url
    with (
        open_index(tmp_path, web, index_url=f"{url}/simple") as index,
        pytest.raises(IndexUnreachable, match="refused"),
    ):
        index.project("six")


def test_a_host_without_an_address(tmp_path: Path, web: WebServer) -> None:
    with (
        open_index(tmp_path, web, index_url="https://index.invalid/simple", retries=0) as index,
        pytest.raises(IndexUnreachable) as caught,
    ):
        index.project("six")
    assert "index.invalid/simple/six/" in caught.value.message


@pytest.mark.parametrize("path", ["/simple/six/", "/simple/b%20b/"])
def test_a_garbled_answer(tmp_path: Path, web: WebServer, path: str) -> None:
    web.add(path, Serve(b"\0" * 99, headers={"Content-Type": "text/html"}))
    with open_index(tmp_path, web) as index, pytest.raises(FetchError, match="binary data"):
        index.project(path.split("/")[2].replace("%20", " "))


def test_a_large_page_that_is_packed_small(tmp_path: Path, web: WebServer) -> None:
    bomb = gzip.compress(bytes(200 << 20), 1)
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    web.add("/simple/six/", Serve(bomb, headers=headers))
    with open_index(tmp_path, web) as index, pytest.raises(FetchError, match="larger than 64 MB"):
        index.project("six")


def test_many_downloads_side_by_side(tmp_path: Path, web: WebServer) -> None:
    bodies = {f"x{number}": noise(9000 + number) for number in range(30)}
    files = [
        file_of(web.add(f"/{name}-1.zip", Serve(body, delay=0.05)), body)
        for name, body in bodies.items()
    ]
    start = time.monotonic()
    with open_index(tmp_path, web) as index:
        index.prefetch_files(files)
        for file in files:
            assert sha256(Path(index.download(file)).read_bytes()) == file.sha256
    assert time.monotonic() - start < 30 * 0.05
    assert len(web.asked) == 30


def test_a_proxy_with_a_login(tmp_path: Path, web: WebServer) -> None:
    web.page("http://index.example/simple/six/", "<a href='six-1.zip'>")
    proxy = web.url.replace("://", "://me:secret@")
    settings = {"index_url": "http://index.example/simple", "trusted_hosts": ("index.example",)}
    with open_index(tmp_path, web, proxy=proxy, **settings) as index:
        assert index.project("six").files("1")[0].url == "http://index.example/simple/six/six-1.zip"
    [(path, headers)] = web.asked
    assert path == "http://index.example/simple/six/"
    assert headers["proxy-authorization"] == f"Basic {LOGIN}"


@pytest.mark.parametrize(("status", "text"), [(403, "refuses"), (407, "wants a login")])
def test_a_proxy_that_builds_no_tunnel_is_asked_once(
    tmp_path: Path, web: WebServer, status: int, text: str
) -> None:
    web.add("index.example:443", Serve(status=status))
    with (
        open_index(tmp_path, web, index_url="https://index.example/simple", proxy=web.url) as index,
        pytest.raises(IndexUnreachable, match=rf"the proxy {text}.*\({status}\)") as caught,
    ):
        index.project("six")
    assert "PIP_PROXY" in str(caught.value.hint)
    assert web.paths() == ["index.example:443"]


@pytest.mark.parametrize("proxy", ["http://[me", "http://host:99999", "foo bar"])
def test_a_proxy_that_is_no_address(tmp_path: Path, web: WebServer, proxy: str) -> None:
    with (
        open_index(tmp_path, web, proxy=proxy) as index,
        pytest.raises(UsageError, match="is no address"),
    ):
        index.project("six")


def test_a_proxy_that_is_gone_or_unknown(tmp_path: Path, web: WebServer) -> None:
    with WebServer() as gone:
        proxy = gone.url.replace("://", "://me:secret@")
    with (
        open_index(tmp_path, web, proxy=proxy) as index,
        pytest.raises(IndexUnreachable, match="proxy") as caught,
    ):
        index.project("six")
    assert "secret" not in caught.value.message
    with (
        open_index(tmp_path, web, proxy="socks5://me:secret@127.0.0.1") as index,
        pytest.raises(UsageError) as refused,
    ):
        index.project("six")
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "the connection was closed before an answer came"),
        (b"\x16\x03\x01\r\n\r\n", "what came is no answer in HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "no answer in HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "no answer in HTTP"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nabc",
            "no answer in HTTP",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc", "no answer in HTTP"),
    ],
)
def test_what_is_no_http_is_told_in_words(
    tmp_path: Path, web: WebServer, answer: bytes, said: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=answers, args=(listening, answer), daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/simple"
        with (
            open_index(tmp_path, web, index_url=url, retries=1) as index,
            pytest.raises(IndexUnreachable, match=f"six/: .*{said}"),
        ):
            index.project("six")


def answers(listening: socket.socket, answer: bytes) -> None:
    """Give every request the same bytes, until nobody listens any more."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(answer)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a PEM file with a key and a certificate for 127.0.0.1 that nobody signed."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl on PATH to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [openssl, *command.split(), "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return str(both)


def test_tls(tmp_path: Path, certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with WebServer(tls=context) as web:
        web.page("/simple/six/", "<a href='six-1.zip'>")
        with (
            open_index(tmp_path / "a", web) as index,
            pytest.raises(IndexUnreachable, match="not trusted") as caught,
        ):
            index.project("six")
        assert "PIP_CERT" in str(caught.value.hint)
        with open_index(tmp_path / "b", web, cert=certificate) as index:
            assert index.project("six").versions() == ["1"]
        with open_index(tmp_path / "c", web, trusted_hosts=("127.0.0.1",)) as index:
            assert index.project("six").versions() == ["1"]


_AUTHORITY = """[req]
distinguished_name=name
prompt=no
[name]
CN=an authority of 2003
[authority]
basicConstraints=CA:TRUE
[server]
subjectAltName=IP:127.0.0.1
authorityKeyIdentifier=none
"""


def test_an_authority_of_a_company(tmp_path: Path) -> None:
    """RFC 5280 wants more of both certificates; so do Pythons from 3.13 on, where they are not told otherwise."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl on PATH to make certificates with")
    (tmp_path / "settings").write_text(_AUTHORITY)
    new = "req -x509 -newkey rsa:2048 -nodes -days 2 -config settings"
    for words in (
        "-extensions authority -keyout authority.key -out authority.pem",
        "-extensions server -CA authority.pem -CAkey authority.key -subj /CN=127.0.0.1 -keyout key -out pem",
    ):
        call = [openssl, *new.split(), *words.split()]
        subprocess.run(call, check=True, capture_output=True, cwd=tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem", tmp_path / "key")
    authority = str(tmp_path / "authority.pem")
    with WebServer(tls=context) as web:
        web.page("/simple/six/", "<a href='six-1.zip'>")
        with open_index(tmp_path / "a", web, cert=authority) as index:
            assert index.project("six").versions() == ["1"]


def test_a_proxy_that_is_reached_by_tls(tmp_path: Path, certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with WebServer(tls=context) as proxy:
        proxy.add("index.example:443", Serve(status=403))
        said = {"index_url": "https://index.example/simple", "proxy": proxy.url}
        with (
            open_index(tmp_path / "a", proxy, **said) as index,
            pytest.raises(IndexUnreachable, match="not trusted"),
        ):
            index.project("six")
        for more in ({"cert": certificate}, {"trusted_hosts": ("127.0.0.1",)}):
            with (
                open_index(tmp_path / "b", proxy, **said, **more) as index,
                pytest.raises(IndexUnreachable, match="refuses to connect"),
            ):
                index.project("six")
        with (  # that the index is trusted blindly says nothing of the proxy
            open_index(tmp_path / "c", proxy, **said, trusted_hosts=("index.example",)) as index,
            pytest.raises(IndexUnreachable, match="not trusted"),
        ):
            index.project("six")


def test_a_client_certificate(tmp_path: Path, certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)
    with WebServer(tls=context) as web:
        web.page("/simple/six/", "<a href='six-1.zip'>")
        with open_index(tmp_path / "a", web, cert=certificate, client_cert=certificate) as index:
            assert index.project("six").versions() == ["1"]
        with (
            open_index(tmp_path / "b", web, cert=certificate) as index,
            pytest.raises(IndexUnreachable),
        ):
            index.project("six")


def test_certificates_that_are_none(tmp_path: Path, web: WebServer) -> None:
    for settings in ({"cert": str(tmp_path / "gone.pem")}, {"client_cert": __file__}):
        with (
            open_index(tmp_path, web, **settings) as index,
            pytest.raises(UsageError, match="cannot be read as certificates"),
        ):
            index.project("six")


@pytest.mark.skipif(os.name == "nt", reason="SIGINT of POSIX")
def test_ctrl_c_in_mid_download_leaves_nothing(tmp_path: Path, web: WebServer) -> None:
    url = web.add("/x-1.zip", Serve(noise(8 << 20), slowly=0.05))
    cache = tmp_path / "cache"
    program = textwrap.dedent(f"""
        from alcove.index import Index
        from alcove.index_settings import IndexSettings
        with Index(IndexSettings(), cache={str(cache)!r}) as index:
            index.fetch({url!r})
    """)
    source = str(Path(alcove.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": source},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while not list(cache.glob("index-v1/tmp/*")):
            assert time.monotonic() < deadline, "the download never began"
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) != 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
    assert not [path for path in cache.rglob("*") if path.is_file()]
