"""Pages as they were last read, taken apart already, with what HTTP needs to ask whether they still hold.

Rule: keyed by the URL without credentials. A page with no word on its age is fresh for ten minutes, as those of
the public index are; `no-store` is obeyed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from alcove.files.data import DataError, dumps, loads
from alcove.index.cache import key_of
from alcove.index.pages import Listing
from alcove.index.urls import without_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.index.cache import Cache

__all__ = ["Kept", "PageCache"]

_FORM = 1  # of the header below; another number counts as missing
_FRESH = 600.0  # seconds


class Kept(NamedTuple):
    """A page of the cache: `listing` None where the index said that there is none; `fetched` in epoch seconds."""

    listing: Listing | None
    fetched: float
    fresh: float
    etag: str
    modified: str

    def is_fresh(self) -> bool:
        """Say whether the page needs no question yet; a clock that was put back counts against it."""
        return 0 <= time.time() - self.fetched < self.fresh

    def questions(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        if self.listing is None:
            return {}
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}


class PageCache:
    """Reads and writes pages in a `Cache`."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load(self, url: str) -> Kept | None:
        """Return what is known of the page at `url`, whatever its age."""
        url = without_credentials(url)
        data = self._cache.read("pages", key_of(url))
        if data is None:
            return None
        end = data.find(b"\n")
        try:
            return _kept(loads(data[:end]), data[end + 1 :], url)
        except (DataError, KeyError, TypeError, ValueError):
            return None  # of another release of alcove, or not ours

    def looks_fresh(self, url: str) -> bool:
        """Say, by the age of its file alone, whether the page is probably at hand."""
        age = self._cache.age("pages", key_of(without_credentials(url)))
        return age is not None and age < _FRESH

    def store(self, url: str, listing: Listing | None, headers: Mapping[str, str]) -> float:
        """Keep a page that was just read, `listing` None: there is no such page; return for how many seconds it holds."""
        fresh = _freshness(headers)
        if fresh is not None:
            self._write(without_credentials(url), listing, headers, fresh)
        return fresh or 0.0

    def _write(
        self, url: str, listing: Listing | None, headers: Mapping[str, str], fresh: float
    ) -> None:
        header = {
            "form": _FORM,
            "url": key_of(url),
            "fetched": time.time(),
            # a missing page is asked for again each time: it may have been published a second ago
            "fresh": fresh if listing else 0.0,
            "etag": headers.get("etag", ""),
            "modified": headers.get("last-modified", ""),
            "kind": listing.form if listing else "",
            "base": listing.base if listing and listing.base != url else "",
            "table": listing.table if listing else [],
        }
        body = listing.body if listing else b""
        self._cache.write("pages", key_of(url), dumps(header) + body)

    def confirm(self, url: str, kept: Kept, headers: Mapping[str, str]) -> float:
        """Keep a page for longer, since the index said that nothing changed (304); return for how many seconds it holds."""
        known = {"etag": kept.etag, "last-modified": kept.modified, **headers}
        # RFC 9111, 4.3.4: what the answer 304 does not say, holds as it was said before
        fresh = _freshness(headers) if "cache-control" in headers else kept.fresh
        self._write(without_credentials(url), kept.listing, known, fresh or 0.0)
        return fresh or 0.0


def _kept(header: dict[str, object], body: bytes, url: str) -> Kept:
    if header["form"] != _FORM or header["url"] != key_of(url):
        raise ValueError("of another kind")
    listing = None
    if header["kind"]:
        table = header["table"]
        if not isinstance(table, list):
            raise TypeError("no table")
        listing = Listing(str(header["kind"]), str(header["base"]) or url, table=table, body=body)
    fetched, fresh = header["fetched"], header["fresh"]
    if not isinstance(fetched, int | float) or not isinstance(fresh, int | float):
        raise TypeError("no times")
    return Kept(listing, fetched, fresh, str(header["etag"]), str(header["modified"]))


def _freshness(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds an answer may be used unasked; None where it must not be kept (RFC 9111)."""
    words: dict[str, str] = {}
    for word in headers.get("cache-control", "").lower().split(","):
        name, _, value = word.strip().partition("=")
        words[name] = value.strip('"')
    if "no-store" in words:
        return None
    if "no-cache" in words:
        return 0.0
    if "max-age" in words:
        return max(0.0, _seconds(words["max-age"]) - _seconds(headers.get("age", "")))
    return _FRESH


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0.0
