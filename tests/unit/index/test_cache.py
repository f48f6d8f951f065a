"""The cache: whole or not there, and never in the way."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

from alcove.errors import AlcoveError, FetchError
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


@pytest.fixture
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory in which what stands in for a cache is made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def refused(tmp_path: Path, aside: Path) -> Cache:  # noqa: ARG001  it is used when it is needed
    """Return a cache in whose place a file stands."""
    (tmp_path / "file").write_text("")
    return Cache(str(tmp_path / "file"), reporter=Told())


def warnings_of(cache: Cache) -> list[str]:
    told = cache._reporter
    assert isinstance(told, Told)
    return told.of(Warned)


def test_a_cache_that_cannot_be_written_is_told_once(refused: Cache, aside: Path) -> None:
    refused.write("pages", "a", b"")
    refused.write("pages", "b", b"")
    assert os.listdir(aside) == []  # what may be missing is kept nowhere
    refused.stage()
    (told,) = warnings_of(refused)
    assert refused._cache in told


def test_files_lie_aside_until_the_session_ends(refused: Cache, aside: Path) -> None:
    staged = refused.append(refused.stage(b"some "), b"data", at=5)
    path = refused.keep(staged, "ab" * 32, "six-1.0-py3-none-any.whl")
    assert path == refused.file_path("ab" * 32, "six-1.0-py3-none-any.whl")
    assert os.path.basename(path) == "six-1.0-py3-none-any.whl"
    with open(path, "rb") as stream:
        assert stream.read() == b"some data"
    assert os.path.realpath(path).startswith(os.path.realpath(aside) + os.sep)
    assert os.stat(os.path.dirname(os.path.dirname(path))).st_mode & 0o077 == 0
    refused.close()
    with pytest.raises(FetchError):
        refused.stage()  # of a thread that is still at work
    assert os.listdir(aside) == []


@pytest.mark.parametrize("operation", ["append", "rename"])
def test_a_cache_that_fills_up_meanwhile(
    cache: Cache, aside: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    real = getattr(ops, operation)

    def full(path: str, *rest: object) -> None:
        if path.startswith(cache.root):
            if operation == "append":
                real(path, b"a part of it")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        real(path, *rest)

    staged = cache.stage(b"some ")
    monkeypatch.setattr(ops, operation, full)
    staged = cache.append(staged, b"data", at=5)
    path = cache.keep(staged, "ab" * 32, "x.whl")
    with open(path, "rb") as stream:
        assert stream.read() == b"some data"
    assert os.listdir(os.path.join(cache.root, "tmp")) == []
    assert len(warnings_of(cache)) == 1
    cache.close()
    assert os.listdir(aside) == []


def test_no_place_at_all(refused: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", os.devnull)
    with pytest.raises(AlcoveError, match="neither the cache nor a temporary directory") as caught:
        refused.stage()
    assert "TMPDIR=" in str(caught.value.hint)


def test_a_full_temporary_directory(
    refused: Cache, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = refused.stage(b"some ")

    def full(path: str, *_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    for operation in ("append", "rename", "write"):
        monkeypatch.setattr(ops, operation, full)
    with pytest.raises(FetchError, match="nor a temporary directory: No space"):
        refused.append(staged, b"data", at=5)
    with pytest.raises(FetchError, match="nor a temporary directory: No space"):
        refused.stage(b"more")
    refused.close()
    assert os.listdir(aside) == []


def test_what_another_user_left_in_the_cache_is_in_nobodys_way(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = os.path.join(cache.root, "tmp")
    os.makedirs(directory)
    with open(os.path.join(directory, "old"), "wb"):
        pass
    os.utime(os.path.join(directory, "old"), (1, 1))

    def refuse(path: str) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)

    monkeypatch.setattr("alcove.files.trees.remove", refuse)
    cache.write("pages", "a", b"data")
    assert cache.read("pages", "a") == b"data"
    assert warnings_of(cache) == []


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
