"""The cache: whole or not there, and never in the way."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from alcove.errors import FetchError
from alcove.events import Warned
from alcove.files import ops
from alcove.index.cache import Cache, _safe
from alcove.index.page_cache import PageCache
from alcove.index.pages import Listing
from alcove.testing.index_lab import Told

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://me:secret@index.example/simple/six/"


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path), reporter=Told())


def listing() -> Listing:
    return Listing("html", "https://files.example/", table=[("1.0", 0, 4)], body=b"text")


def test_what_was_written_is_read(cache: Cache) -> None:
    cache.write("metadata", "key", b"data")
    assert cache.read("metadata", "key") == b"data"
    assert cache.read("metadata", "other") is None


def test_every_torn_or_garbled_file_counts_as_missing(cache: Cache) -> None:
    cache.write("metadata", "key", b"some data")
    path = cache._path("metadata", "key")
    with open(path, "rb") as stream:
        good = stream.read()
    for end in range(len(good)):
        with open(path, "wb") as stream:
            stream.write(good[:end])
        assert cache.read("metadata", "key") is None
    for place in range(len(good)):
        garbled = bytearray(good)
        garbled[place] ^= 1
        with open(path, "wb") as stream:
            stream.write(garbled)
        assert cache.read("metadata", "key") is None


def test_a_cache_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    told = Told()
    (tmp_path / "file").write_text("")
    cache = Cache(str(tmp_path / "file"), reporter=told)
    cache.write("pages", "a", b"")
    cache.write("pages", "b", b"")
    assert len(told.of(Warned)) == 1
    with pytest.raises(FetchError, match="cannot write the cache"):
        cache.stage()


def test_no_space_leaves_nothing(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ops, "rename", full)
    cache.write("pages", "a", b"data")
    assert os.listdir(os.path.join(cache.root, "tmp")) == []
    assert cache.read("pages", "a") is None


def test_what_killed_processes_left_is_swept_after_a_day(cache: Cache) -> None:
    directory = os.path.join(cache.root, "tmp")
    os.makedirs(directory)
    for name in ("old", "new"):
        with open(os.path.join(directory, name), "wb"):
            pass
    day = time.time() - 25 * 3600
    os.utime(os.path.join(directory, "old"), (day, day))
    cache.drop(cache.stage())
    assert os.listdir(directory) == ["new"]


@pytest.mark.parametrize("name", ["../../x", "..", "", "a/b", "a\0b", "x" * 400, "a\\b", "ü" * 200])
def test_names_of_files_stay_in_their_directory(name: str) -> None:
    safe = _safe(name)
    assert safe not in {"", ".", ".."}
    assert not set("/\\\0") & set(safe)
    assert len(safe.encode()) <= 255


def test_the_cache_is_for_its_user_only(cache: Cache) -> None:
    cache.write("pages", "a", b"data")
    assert os.stat(cache.root).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, 600.0),
        ({"cache-control": "max-age=60"}, 60.0),
        ({"cache-control": 'Public, Max-Age="60"', "age": "20"}, 40.0),
        ({"cache-control": "max-age=60", "age": "99"}, 0.0),
        ({"cache-control": "no-cache"}, 0.0),
        ({"cache-control": "max-age=soon"}, 0.0),
    ],
)
def test_how_long_a_page_is_fresh(cache: Cache, headers: dict[str, str], fresh: float) -> None:
    pages = PageCache(cache)
    pages.store(URL, listing(), headers)
    kept = pages.load(URL)
    assert kept
    assert kept.fresh == fresh
    assert kept.is_fresh() == (fresh > 0)


def test_a_page_comes_back_as_it_was(cache: Cache) -> None:
    pages = PageCache(cache)
    pages.store(URL, listing(), {"etag": '"1"', "last-modified": "then"})
    kept = pages.load("https://index.example/simple/six/")
    assert kept
    assert kept.listing
    assert (kept.listing.form, kept.listing.base) == ("html", "https://files.example/")
    assert (kept.listing.table, kept.listing.body) == (listing().table, b"text")
    assert kept.questions() == {"If-None-Match": '"1"', "If-Modified-Since": "then"}


def test_a_missing_page_is_remembered_and_never_fresh(cache: Cache) -> None:
    pages = PageCache(cache)
    pages.store(URL, None, {"etag": '"1"', "cache-control": "max-age=999"})
    kept = pages.load(URL)
    assert kept
    assert kept.listing is None
    assert not kept.is_fresh()
    assert kept.questions() == {}


def test_no_store_is_obeyed_and_no_secret_is_written(cache: Cache) -> None:
    pages = PageCache(cache)
    pages.store(URL, listing(), {"cache-control": "no-store"})
    assert pages.load(URL) is None
    pages.store(URL, listing(), {})
    for folder, _, names in os.walk(cache.root):
        for name in names:
            with open(os.path.join(folder, name), "rb") as stream:
                assert b"secret" not in stream.read()


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"[]\n", b"nonsense", b'{"form":1}\n', b'{"form":2,"url":"x"}\n', b"\xff\n"],
)
def test_pages_of_another_form_count_as_missing(cache: Cache, content: bytes) -> None:
    pages = PageCache(cache)
    pages.store(URL, listing(), {})
    [key] = os.listdir(
        os.path.join(cache.root, "pages", *os.listdir(os.path.join(cache.root, "pages")))
    )
    cache.write("pages", key, content)
    assert pages.load(URL) is None
