"""Logins, proxies, trusted hosts: who is sent what."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from alcove.events import Warned
from alcove.index.auth import Logins
from alcove.index.proxies import proxy_for
from alcove.index.trust import secure, trusted
from alcove.index.urls import (
    credentials,
    file_url,
    local_path,
    origin,
    redact,
    scheme,
    without_credentials,
)
from alcove.index_settings import IndexSettings
from alcove.testing.index_lab import Told

if TYPE_CHECKING:
    from pathlib import Path


def logins(told: Told | None = None, **settings: Any) -> Logins:
    chosen = IndexSettings(index_url="https://index.example/simple")._replace(**settings)
    return Logins(chosen, reporter=told or Told())


def test_the_longest_index_url_of_the_origin_counts() -> None:
    made = logins(
        index_url="https://all:1@index.example/",
        extra_index_urls=("https://team:2@index.example/team/simple",),
    )
    assert made.first("https://index.example/team/simple/six/") == ("team", "2")
    assert made.first("https://index.example/other/six/") == ("all", "1")
    assert made.first("https://index.example:8443/team/simple/six/") is None
    assert made.first("http://index.example/team/simple/six/") is None
    assert made.first("https://evil.example/index.example/") is None


def test_netrc_completes_a_user_without_password(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(
        "machine index.example login me password secret\nmachine b.example password p\n"
    )
    made = logins(index_url="https://me@index.example/simple", netrc=str(netrc))
    assert made.first("https://index.example/simple/six/") == ("me", "secret")
    other = logins(index_url="https://you@index.example/simple", netrc=str(netrc))
    assert other.first("https://index.example/simple/six/") == ("you", "")
    assert made.first("https://b.example/") == ("", "p")
    assert made.first("https://c.example/") is None


def test_a_broken_netrc_is_told_without_its_content(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine index.example\nlogin me passwrd secret\n")
    told = Told()
    assert logins(told, netrc=str(netrc)).first("https://index.example/") is None
    [text] = told.of(Warned)
    assert str(netrc) in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("url", "no_proxy", "expected"),
    [
        ("https://index.example/", "", "http://secure.example:1"),
        ("http://index.example/", "", "http://all.example"),
        ("https://index.example/", "*", ""),
        ("https://index.example/", "index.example", ""),
        ("https://a.index.example/", ".index.example", ""),
        ("https://a.index.example/", "index.example:443", ""),
        ("https://a.index.example/", "index.example:80", "http://secure.example:1"),
        ("https://badindex.example/", "index.example", "http://secure.example:1"),
        ("https://10.1.2.3/", "10.0.0.0/8", ""),
        ("https://index.example/", "10.0.0.0/8, nonsense/99", "http://secure.example:1"),
    ],
)
def test_proxies_of_the_environment(url: str, no_proxy: str, expected: str) -> None:
    pairs = (("https", "secure.example:1"), ("all", "http://all.example"))
    assert proxy_for(url, IndexSettings(proxies=pairs, no_proxy=no_proxy)) == expected


def test_the_proxy_of_an_option_is_for_all() -> None:
    settings = IndexSettings(proxy="http://p.example", no_proxy="*", proxies=(("https", "x"),))
    assert proxy_for("https://index.example/", settings) == "http://p.example"


def test_trust() -> None:
    assert secure("https://index.example/", [])
    assert secure("http://localhost:8000/", [])
    assert secure("http://127.0.0.1:8000/", [])
    assert secure("http://[::1]:8000/", [])
    assert not secure("http://127.0.0.1.evil.example/", [])
    assert not secure("http://index.example/", ["other.example"])
    assert trusted("http://index.example/", ["INDEX.example"])
    assert trusted("http://index.example/", ["http://index.example/simple"])
    assert not trusted("http://index.example:81/", ["index.example:80"])
    assert trusted("http://[fd00::1]:81/", ["[fd00::1]:81"])
    assert trusted("http://[fd00::1]:81/", ["fd00::1"])
    assert not trusted("http:///", [""])


def test_urls() -> None:
    assert redact("https://u:p@h.example:1/a?b=c#d") == "https://****@h.example:1/a?..."
    assert redact("https://h.example/\x1b[31m\n") == "https://h.example/?[31m?"
    assert redact("/path/of/wheels") == "/path/of/wheels"
    assert redact("me:p@x@h.example/simple?token=y") == "****@h.example/simple?..."
    assert redact("//me:p@h.example/simple") == "//****@h.example/simple"
    assert redact("wheels@1.0/a:b@c") == "wheels@1.0/a:b@c"
    assert without_credentials("https://h.example/a@b") == "https://h.example/a@b"
    assert without_credentials("https://u:p@x@h.example") == "https://h.example"
    assert without_credentials("https://h.example?x=//a@b") == "https://h.example?x=//a@b"
    assert credentials("https://u%40x:p%3A@h.example/") == ("u@x", "p:")
    assert credentials("https://h.example/") is None
    assert credentials("https://[bad") is None
    assert origin("https://h.example:port/") == ("", "", 0)
    assert scheme("git+https://x") == "git+https"
    assert scheme("./a:b") == ""


@pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
def test_paths_and_file_urls() -> None:
    for path in ("/a b/%/ü#?", "/p\udcff"):  # the name of a directory may be any bytes
        assert local_path(file_url(path)) == path
    assert local_path("file://localhost/x") == "/x"
    assert local_path("file://server/x") == ""
    assert local_path("file:relative") == ""
    assert local_path("file:///a%00b") == ""
