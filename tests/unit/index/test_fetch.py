"""Tries, redirects, logins and limits, over a transport out of a dictionary."""

from __future__ import annotations

import base64
import gzip
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from alcove.errors import FetchError, IndexUnreachable
from alcove.events import Silent
from alcove.index.fetch import Fetcher, Stopped
from alcove.index.refusals import refusal
from alcove.index.transport import Broken
from alcove.index_settings import IndexSettings
from alcove.testing.transport import Asked, FakeTransport, Reply

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://index.example/simple/six/"
LIMIT = 1 << 20


def fetcher(
    pages: dict[str, object], **settings: Any
) -> tuple[Fetcher, FakeTransport, list[float]]:
    transport = FakeTransport(pages)  # type: ignore[arg-type]
    pauses: list[float] = []
    chosen = IndexSettings(index_url="https://index.example/simple", retries=3)._replace(**settings)
    made = Fetcher(chosen, transport=transport, reporter=Silent(), pause=pauses.append)
    return made, transport, pauses


def redirect(target: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": target})


def test_what_may_pass_is_tried_again_with_growing_pauses() -> None:
    replies = [Reply(broken="reset"), Reply(status=503), Reply(b"yes", ends_after=1), Reply(b"yes")]
    made, transport, pauses = fetcher({URL: replies})
    assert made.read(URL, {}, limit=LIMIT).body == b"yes"
    assert len(transport.asked) == 4
    assert pauses == sorted(pauses)
    assert pauses[0] > 0.1


def test_the_server_says_how_long_to_wait() -> None:
    busy = Reply(status=429, headers={"Retry-After": "7"})
    forever = Reply(status=503, headers={"Retry-After": "99999"})
    made, _, pauses = fetcher({URL: [busy, forever, Reply(b"yes")]})
    made.read(URL, {}, limit=LIMIT)
    assert pauses == [7.0, 30.0]


def test_the_server_says_when_to_come_again() -> None:
    now = "Sun, 06 Nov 1994 08:49:37 GMT"
    dates = {
        "Sun, 06 Nov 1994 08:49:49 GMT": 12.0,
        "Sunday, 06-Nov-94 08:49:49 GMT": 12.0,  # the obsolete forms, which must be read, too
        "Sun Nov  6 08:49:49 1994": 12.0,
        "Mon, 07 Nov 1994 08:49:37 GMT": 30.0,
        "Sat, 05 Nov 1994 08:49:37 GMT": 0.0,
        "soon": 0.0,
        "Sun, 99 Nov 99999999999999 08:49:37 GMT": 0.0,
        "-5": 0.0,
        "9" * 400: 30.0,
    }
    for date, wait in dates.items():
        busy = Reply(status=503, headers={"Retry-After": date, "Date": now})
        made, _, pauses = fetcher({URL: [busy, Reply(b"yes")]})
        made.read(URL, {}, limit=LIMIT)
        assert pauses == [pytest.approx(wait, abs=0.5)], date
    late = Reply(
        status=503, headers={"Retry-After": now}
    )  # by the clock of this machine it is long past
    made, _, pauses = fetcher({URL: [late, Reply(b"yes")]})
    made.read(URL, {}, limit=LIMIT)
    assert pauses[0] < 1


def test_when_all_tries_failed_the_error_says_where_and_why() -> None:
    made, transport, _ = fetcher({URL: Reply(status=502)})
    with pytest.raises(IndexUnreachable, match="502") as caught:
        made.read(URL, {}, limit=LIMIT)
    assert URL in caught.value.message
    assert caught.value.hint
    assert len(transport.asked) == 4


def test_what_does_not_pass_is_not_tried_again() -> None:
    def untrusted(_: Asked) -> Reply:
        raise Broken("TLS: the certificate is not trusted: self-signed", passing=False)

    made, transport, _ = fetcher({URL: untrusted})
    with pytest.raises(IndexUnreachable, match="self-signed") as caught:
        made.read(URL, {}, limit=LIMIT)
    assert len(transport.asked) == 1
    assert "PIP_CERT" in str(caught.value.hint)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status: int) -> None:
    other = "https://index.example/other"
    made, _, _ = fetcher({URL: redirect("/other", status), other: Reply(b"yes")})
    answer = made.read(URL, {}, limit=LIMIT)
    assert (answer.body, answer.url) == (b"yes", other)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://index.example/", "only http and https"),
        ("http://index.example/", "not protected by TLS"),
        ("HTTP://other.example/", "not protected by TLS"),
        (URL, "more than 10 redirects"),
        ("https://[bad", r"redirects to https://\[bad: only http and https"),
        ("https://me:secret@[bad/x?y=z", r"redirects to https://\*\*\*\*@\[bad/x\?\.\.\.: only"),
    ],
)
def test_redirects_that_are_refused(target: str, message: str) -> None:
    made, _, _ = fetcher({URL: redirect(target)})
    with pytest.raises(FetchError, match=message):
        made.read(URL, {}, limit=LIMIT)


def test_a_trusted_host_may_do_without_tls() -> None:
    plain = "http://index.example:8080/six/"
    pages: dict[str, object] = {URL: redirect(plain), plain: Reply(b"yes")}
    made, _, _ = fetcher(pages, trusted_hosts=("index.example:8080",))
    assert made.read(URL, {}, limit=LIMIT).body == b"yes"


def test_a_login_stays_with_its_origin() -> None:
    elsewhere = "https://files.example/six.whl"
    port = "https://index.example:444/six.whl"
    pages: dict[str, object] = {
        URL: redirect(elsewhere),
        elsewhere: redirect(port),
        port: Reply(b""),
    }
    made, transport, _ = fetcher(pages, index_url="https://me:s%40fe@index.example/simple")
    made.read(URL, {}, limit=LIMIT)
    sent = [asked.headers.get("Authorization") for asked in transport.asked]
    assert sent == ["Basic " + base64.b64encode(b"me:s@fe").decode(), None, None]
    assert not any("s%40fe" in asked.url for asked in transport.asked)


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_login_is_told_from_a_missing_one(tmp_path: Path, status: int) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine index.example login me password secret\n")
    for settings, where in (
        ({}, ""),
        ({"index_url": "https://me:secret@index.example/simple"}, "the address given"),
        ({"index_url": "https://me@index.example/simple", "netrc": str(netrc)}, "netrc"),
        ({"netrc": str(netrc)}, "netrc"),
    ):
        made, _, _ = fetcher({URL: Reply(status=status)}, keyring_provider="disabled", **settings)
        answer = made.read(URL, {}, limit=LIMIT)
        assert (answer.status, answer.login) == (status, where)
        text = " ".join(refusal(status, answer.login))
        assert (where or "put USER:PASSWORD@") in text
        assert str(status) in text
        assert "secret" not in text
    made, _, _ = fetcher({URL: Reply(status=status)}, keyring_provider="disabled")
    own = URL.replace("//", "//me:secret@")
    assert made.read(own, {}, limit=LIMIT).login == "the address given"


def test_a_login_that_is_taken_is_nobodys_business() -> None:
    made, _, _ = fetcher({URL: Reply(b"")}, index_url="https://me:secret@index.example/simple")
    assert made.read(URL, {}, limit=LIMIT).login == ""


def test_netrc_is_asked_for_the_host(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine index.example login me password secret\n")
    made, transport, _ = fetcher({URL: Reply(b"")}, netrc=str(netrc))
    made.read(URL, {}, limit=LIMIT)
    expected = "Basic " + base64.b64encode(b"me:secret").decode()
    assert transport.asked[0].headers["Authorization"] == expected


def test_nothing_secret_is_in_an_error() -> None:
    address = "https://me:secret@index.example/simple/six/?token=secret#secret"
    made, _, _ = fetcher({"https://index.example/simple/six/?token=secret": Reply(broken="reset")})
    with pytest.raises(IndexUnreachable) as caught:
        made.read(address, {}, limit=LIMIT)
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"
    assert "index.example" in caught.value.message


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"page", mtime=0)),
        ("x-gzip", gzip.compress(b"page", mtime=0)),
        ("deflate", zlib.compress(b"page")),
        ("deflate", zlib.compress(b"page", wbits=-zlib.MAX_WBITS)),  # as some servers understand it
        ("identity", b"page"),
    ],
)
def test_packed_bodies(coding: str, packed: bytes) -> None:
    made, _, _ = fetcher({URL: Reply(packed, headers={"Content-Encoding": coding})})
    assert made.read(URL, {}, limit=LIMIT).body == b"page"


@pytest.mark.parametrize(
    ("coding", "body", "message"),
    [
        ("gzip", gzip.compress(bytes(200 << 20), 1, mtime=0), "larger than 1 MB"),
        ("", bytes(LIMIT + 1), "larger than 1 MB"),
        ("gzip", b"this is not gzip", "not packed as the answer says"),
        ("deflate", b"\xff\xff\xff", "not packed as the answer says"),
        ("br", b"x", "unknown coding 'br'"),
    ],
)
def test_bodies_that_are_refused(coding: str, body: bytes, message: str) -> None:
    made, _, _ = fetcher({URL: Reply(body, headers={"Content-Encoding": coding})})
    with pytest.raises(FetchError, match=message):
        made.read(URL, {}, limit=LIMIT)


def test_a_packed_body_that_ends_early_is_asked_for_again() -> None:
    packed = gzip.compress(b"page" * 99)
    headers = {"Content-Encoding": "gzip"}
    made, _, _ = fetcher(
        {URL: [Reply(packed[:-9], headers=headers), Reply(packed, headers=headers)]}
    )
    assert made.read(URL, {}, limit=LIMIT).body == b"page" * 99


@pytest.mark.parametrize(
    "url", ["ftp://index.example/", "six.whl", "https:///x", "", "git+https://x"]
)
def test_addresses_that_are_none(url: str) -> None:
    made, _, _ = fetcher({})
    with pytest.raises(FetchError, match="not an address"):
        made.read(url, {}, limit=LIMIT)


def test_nothing_is_asked_after_stop() -> None:
    made, transport, _ = fetcher({URL: Reply(b"yes")})
    made.stop()
    with pytest.raises(Stopped):
        made.read(URL, {}, limit=LIMIT)
    assert not transport.asked
