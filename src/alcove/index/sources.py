"""The places where projects are looked for: indexes (PEP 503, PEP 691) and what `--find-links` names.

Rule: a place that has nothing of a project says so; a place that cannot be asked raises, and says then what it had when
it was asked last. What that means for the others is decided in `session.py`.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote

from alcove.errors import FetchError, IndexUnreachable
from alcove.events import Warned
from alcove.files.data import dumps, loads
from alcove.files.stamps import stamp
from alcove.index import spelling
from alcove.index.fetch import NoAnswer
from alcove.index.filenames import is_archive
from alcove.index.pages import Listing, group
from alcove.index.reader import ACCEPT, PAGE_LIMIT, Rows, read_rows
from alcove.index.refusals import refusal
from alcove.index.urls import basename, file_url, local_path, redact, scheme, without_credentials
from alcove.index.workers import Job

if TYPE_CHECKING:
    from collections.abc import Collection

    from alcove.events import Reporter
    from alcove.index.fetch import Answer, Fetcher
    from alcove.index.page_cache import PageCache

__all__ = ["IndexSource", "LinksSource", "NotCached", "Refused", "Session", "Source"]

_ALL = "*"  # the one "version" of a page of links in the cache


class NotCached(FetchError):
    """Offline, and the page is not in the cache; `where` is its URL, redacted."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"offline, and not in the cache: {where}", hint="run once without --offline"
        )
        self.where = where


class Refused(IndexUnreachable):
    """The index answered 403: some have no other way to say that there is no such project."""


class Session(NamedTuple):
    """What every source needs: who fetches, the cache, and how old a page may be; `unasked`: as `Index.unasked` says.

    `refresh`: names of projects (normalised), or ":all:", whose pages are asked for again however young. `seen`: stamps of
    the places on this disk that were looked at, by path (absolute), as they were before. `expiries`: until when (epoch
    seconds) each page of the network holds.
    """

    fetcher: Fetcher
    pages: PageCache
    reporter: Reporter
    offline: bool = False
    refresh: Collection[str] = ()
    seen: dict[str, str] | None = None
    unasked: set[str] | None = None
    expiries: list[float] | None = None

    def see(self, path: str) -> None:
        """Note that a path (absolute) of this disk is about to be looked at."""
        if self.seen is not None and path:
            self.seen.setdefault(path, stamp(path))

    def note(self, expiry: float) -> None:
        """Note until when (epoch seconds) a page that is used holds."""
        if self.expiries is not None:
            self.expiries.append(expiry)

    def refreshes(self, project: str) -> bool:
        """Say whether the page of a project is asked for again; "" is a page of many projects."""
        return ":all:" in self.refresh or project in self.refresh


class Source(Protocol):
    """A place that may have files of a project."""

    @property
    def shown(self) -> str:
        """The place as it may be shown."""

    def listings(self, project: str) -> list[Listing]:
        """Return what there is of the project (normalised), [] for nothing; raises FetchError."""

    def is_near(self, project: str) -> bool:
        """Say whether `listings` will probably answer without a network."""

    def at_hand(self, project: str) -> list[Listing] | None:
        """Return what there was of the project when it was asked for last, however long ago; None where nobody knows."""

    def names(self) -> set[str]:
        """Return the names (normalised) of what it is known to have; an index is not asked for them."""


class IndexSource:
    """An index: one page a project below `url`."""

    def __init__(self, url: str, session: Session) -> None:
        self._url = url.rstrip("/")
        self._session = session
        self._told = False
        self._down = ""  # why no page of it can be had

    @property
    def shown(self) -> str:
        """The index's address as it may be shown."""
        return redact(self._url)

    def is_near(self, project: str) -> bool:
        """Say whether the page lies on this disk, by the look of it."""
        url = self._page_url(project)
        near = scheme(url) == "file" or self._session.offline
        session = self._session
        return near or (not session.refreshes(project) and session.pages.looks_fresh(url))

    def _page_url(self, project: str) -> str:
        return f"{self._url}/{quote(project, safe='', errors='replace')}/"

    def listings(self, project: str) -> list[Listing]:
        """Return the project's page; an index that was found down is not asked again in this session."""
        url = self._page_url(project)
        if self._down:
            raise NoAnswer(url, self._down, answered=False)

        def parse(answer: Answer) -> Listing:
            found = read_rows(answer)
            return group(project, found.rows, form=found.form, base=found.base)

        try:
            page = _page(url, self._session, parse, project=project)
        except NoAnswer as error:
            self._down = "" if error.answered else error.reason
            raise
        if page is None and not self._told:
            self._told = True
            self._check_directory()
        return [page] if page else []

    def at_hand(self, project: str) -> list[Listing] | None:
        """Return the project's page out of the cache."""
        kept = self._session.pages.load(self._page_url(project))
        if kept is None:
            return None
        return [kept.listing] if kept.listing else []

    def _check_directory(self) -> None:
        """Tell where an index that lies on this disk does not lie there at all: a slip of the pen has no project, either."""
        path = local_path(self._url) if scheme(self._url) == "file" else ""
        if path and not os.path.isdir(path):
            text = f"{self.shown}: there is no such directory; it is not used"
            hint = "correct --index-url, --extra-index-url, PIP_INDEX_URL or pip.conf"
            self._session.reporter.emit(Warned(text, hint))

    def names(self) -> set[str]:
        """Return nothing: the list of a whole index is too large to be asked for."""
        return set()


class LinksSource:
    """What one `--find-links` names: a directory, an archive, or a page of links, by path or URL."""

    def __init__(self, location: str, session: Session) -> None:
        self._location = location
        self._session = session
        self._all = Job(self._read)  # read once, though many projects are asked for

    @property
    def shown(self) -> str:
        """The location as it may be shown."""
        return redact(self._location)

    def is_near(self, project: str) -> bool:
        """Say whether nothing must be fetched: one page serves all projects."""
        del project
        return self._all.is_done() or scheme(self._location) not in {"http", "https"}

    def listings(self, project: str) -> list[Listing]:
        """Return the files of the project among all."""
        found = []
        for rows in self._all.result():
            picked = [
                row for row in rows.rows if row[0][:1].lower() == project[:1] or "egg=" in row[1]
            ]
            found.append(group(project, picked, form=rows.form, base=rows.base))
        return [listing for listing in found if listing.body]

    def at_hand(self, project: str) -> None:
        """Return that nobody knows: the page of links is read whole or not at all."""
        del project

    def names(self) -> set[str]:
        """Return the names of all projects of which it has a file."""
        return {spelling.name_of(row[0]) for rows in self._all.result() for row in rows.rows} - {""}

    def _read(self) -> list[Rows]:
        kind = scheme(self._location)
        if kind in {"http", "https"}:
            if is_archive(basename(self._location)):
                return [_single(without_credentials(self._location))]
            listing = _page(self._location, self._session, _parse_links)
            return [_links(listing)] if listing else []
        path = local_path(self._location) if kind == "file" else self._location
        path = os.path.abspath(os.path.expanduser(path)) if path else ""
        self._session.see(path)
        if path and os.path.isdir(path):
            return self._directory(path)
        if path and os.path.isfile(path):
            return [_single(file_url(path))] if is_archive(path) else [self._local_page(path)]
        text = f"{self.shown}: neither a file nor a directory; it is not used"
        self._session.reporter.emit(
            Warned(text, "correct --find-links, PIP_FIND_LINKS or pip.conf")
        )
        return []

    def _directory(self, path: str) -> list[Rows]:
        try:
            names = sorted(os.listdir(path))
        except OSError as error:
            raise IndexUnreachable(
                f"{path}: {error.strerror}", hint="check its permissions"
            ) from error
        archives: list[tuple[str, Any]] = [
            (name, {"url": file_url(os.path.join(path, name))})
            for name in names
            if is_archive(name)
        ]
        # pip reads the pages that lie in such a directory, too
        pages = [name for name in names if name.lower().endswith((".html", ".htm"))]
        found = [Rows("json", file_url(path) + "/", archives)] if archives else []
        return found + [self._local_page(os.path.join(path, name)) for name in pages]

    def _local_page(self, path: str) -> Rows:
        answer = self._session.fetcher.read(file_url(path), {}, limit=PAGE_LIMIT)
        if answer.status != 200:
            reason = answer.headers.get("x-reason", "gone")
            raise IndexUnreachable(f"{path}: {reason}", hint="check its permissions")
        return read_rows(answer)


def _single(url: str) -> Rows:
    return Rows("json", url, [(basename(url), {"url": url})])


def _parse_links(answer: Answer) -> Listing:
    found = read_rows(answer)
    body = dumps([row for row in found.rows if is_archive(row[0])])
    return Listing(found.form, found.base, table=[(_ALL, 0, len(body))], body=body)


def _links(listing: Listing) -> Rows:
    return Rows(listing.form, listing.base, [(name, known) for name, known in loads(listing.body)])


class _Parse(Protocol):
    def __call__(self, answer: Answer, /) -> Listing: ...


def _page(url: str, session: Session, parse: _Parse, *, project: str = "") -> Listing | None:
    """Return a page out of the cache or from its server, which is asked whether it changed."""
    local = scheme(url) == "file"
    if local:
        session.see(local_path(url))
    kept = None if local else session.pages.load(url)
    if kept and (session.offline or (kept.is_fresh() and not session.refreshes(project))):
        if session.unasked is not None:
            session.unasked.add(project)
        session.note(kept.fetched + kept.fresh)
        return kept.listing
    if session.offline and not local:
        raise NotCached(redact(url))
    headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
    if kept:
        headers |= kept.questions()
    answer = session.fetcher.read(url, headers, limit=PAGE_LIMIT)
    if answer.status == 304 and kept:
        session.note(time.time() + session.pages.confirm(url, kept, answer.headers))
        return kept.listing
    listing = parse(answer) if _is_there(answer, url) else None
    if not local:
        session.note(time.time() + session.pages.store(url, listing, answer.headers))
    return listing


def _is_there(answer: Answer, url: str) -> bool:
    """Say whether there is a page; raises where the server gives no such answer."""
    status = answer.status
    where = redact(url)
    if status == 200:
        return True
    if status in {404, 410}:
        return False
    if status in {401, 403}:
        text, hint = refusal(status, answer.login)
        if status == 401:
            raise IndexUnreachable(f"{where}: {text}", hint=hint)
        if scheme(url) == "file":
            text, hint = answer.headers["x-reason"], "check its permissions"
        raise Refused(f"{where}: {text}", hint=hint)
    raise IndexUnreachable(f"{where}: answered {status}", hint="check the address of the index")
