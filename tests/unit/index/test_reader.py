"""Answers of indexes that are not what they say."""

from __future__ import annotations

import pytest

from alcove.errors import FetchError
from alcove.files.data import dumps
from alcove.index.fetch import Answer
from alcove.index.reader import read_rows

URL = "https://index.example/simple/six/"
JSON = "application/vnd.pypi.simple.v1+json"


def answer(body: bytes, kind: str) -> Answer:
    return Answer(200, {"content-type": kind}, URL, body)


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (JSON, b"<!DOCTYPE html>", "says that it is JSON, and is HTML"),
        (JSON, b"", "no index page in JSON"),
        (JSON, b'{"files": [', "no index page in JSON"),
        (JSON, b"[]", "no list of files"),
        (JSON, b'{"files": {}}', "no list of files"),
        (JSON, b'{"files": [{"filename": "x"}]}', "no url"),
        (JSON, b'{"files": [3]}', "no url"),
        (JSON, b"\xff\xfe{}", "no index page in JSON"),
        (JSON, b"[" * 200_000, "no index page in JSON"),
        (JSON, b'{"meta": {"api-version": "2.0"}, "files": []}', "version 2.0"),
        ("text/html", b' \n{"files": []}', "says that it is HTML, and is JSON"),
        ("text/html", b"PK\3\4\0\0", "binary data"),
        ("text/html", b"<meta name='pypi:repository-version' content='2.0'>", "version 2.0"),
        ("application/octet-stream", b"<a href='six-1.zip'>", "application/octet-stream"),
        ("", b"<a href='six-1.zip'>", "no content type"),
    ],
)
def test_a_clear_error(kind: str, body: bytes, message: str) -> None:
    with pytest.raises(FetchError, match=message) as caught:
        read_rows(answer(body, kind))
    assert URL in caught.value.message


@pytest.mark.parametrize(
    "kind", ["text/html", "TEXT/HTML; charset=utf-8", "application/vnd.pypi.simple.v1+html"]
)
def test_html_by_each_of_its_names(kind: str) -> None:
    found = read_rows(answer(b"\xef\xbb\xbf<a href='six-1.zip'>", kind))
    assert (found.form, found.base, len(found.rows)) == ("html", URL, 1)


def test_html_in_another_charset_and_in_one_that_nobody_knows() -> None:
    body = "<a href='six-1.zip' data-yanked='é'>".encode("latin-1")
    assert "é" in read_rows(answer(body, "text/html; charset=latin-1")).rows[0][1]
    assert len(read_rows(answer(body, "text/html; charset=martian")).rows) == 1


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=latin-1", JSON])
def test_a_byte_order_mark_counts_more_than_what_is_said(codec: str, kind: str) -> None:
    text = "<a href='six-1.zip' data-yanked='é'>"
    if kind == JSON:
        text = '{"files": [{"url": "six-1.zip", "yanked": "é"}]}'
    [(name, known)] = read_rows(answer(text.encode(codec), kind)).rows
    assert (name, "é" in str(known)) == ("six-1.zip", True)


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-16-be", '"utf-16le"'])
def test_utf_16_without_a_mark_needs_to_be_said(charset: str) -> None:
    body = "<a href='six-1.zip'>".encode("utf-16-be" if "be" in charset else "utf-16-le")
    assert len(read_rows(answer(body, f"text/html; charset={charset}")).rows) == 1
    with pytest.raises(FetchError, match="in utf-8, and is binary data or of another charset"):
        read_rows(answer(body, "text/html"))


@pytest.mark.parametrize(
    "charset",
    [
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "utf-7",
        "zlib",
        "rot13",
        "a\0b",
        "x" * 999,
    ],
)
def test_a_codec_that_is_no_charset_of_a_page_counts_as_none(charset: str) -> None:
    body = b"<a href='six-1.zip' data-yanked='+AGE-'>" + b"-" * 100_000
    [(name, known)] = read_rows(answer(body, f"text/html; charset={charset}")).rows
    assert (name, "+AGE-" in known) == ("six-1.zip", True)


def test_a_base_is_followed_within_the_network_only() -> None:
    page = "<base href='{}'><a href='six-1.zip'>"
    good = read_rows(answer(page.format("/f/").encode(), "text/html"))
    assert good.base == "https://index.example/f/"
    bad = read_rows(answer(page.format("file:///etc/").encode(), "text/html"))
    assert bad.base == URL


def test_json_with_a_newer_minor_version() -> None:
    page = {
        "meta": {"api-version": "1.9"},
        "files": [{"url": "six-1.zip", "filename": "six-1.zip"}],
    }
    assert read_rows(answer(dumps(page), "application/json")).form == "json"
