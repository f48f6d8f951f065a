"""One session with all indexes: what there is of a project, its metadata, its files.

Rule: the only way into `index`. All sources are merged as pip does it. A project that one of several sources lacks is a
notice. One of several that does not answer is passed over, as pip does, and that is told (`passed_over`); one that refuses
is an error, since what it has could be what is meant, and only the user can mend it.
"""

from __future__ import annotations

import math
import os
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from alcove.errors import FetchError, NoSuchDistribution
from alcove.events import Notice, Reporter, Silent, Warned
from alcove.index import spelling
from alcove.index.cache import Cache
from alcove.index.downloads import Downloaded, Downloads
from alcove.index.fetch import Fetcher, NoAnswer
from alcove.index.filenames import normalised
from alcove.index.metadata import MetadataReader
from alcove.index.page_cache import PageCache
from alcove.index.pages import Listing, Project
from alcove.index.passing import Unanswered, missed, passed_over
from alcove.index.sources import IndexSource, LinksSource, NotCached, Refused, Session, Source
from alcove.index.trust import secure, trusting
from alcove.index.urls import file_url, host, redact, scheme, without_credentials
from alcove.index.workers import Job, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from alcove.index.file import File
    from alcove.index.transport import Transport
    from alcove.index_settings import IndexSettings

__all__ = ["Index"]

T = TypeVar("T")

_PATIENCE = 0.5  # seconds that `close` waits for workers


class Index:
    """All indexes and find-links of `settings` as one; may be used from many threads.

    `cache`: absolute directory. `offline`: what is cached counts whatever its age, nothing else is there.
    `refresh`: projects (or ":all:") whose cached pages are asked for again, however young. `transport` answers http and https in tests;
    `pause` waits between tries. `needs_all`: one that does not answer is an error, also where others do.
    Close it, or use it in a `with` statement: that removes unfinished downloads.
    """

    def __init__(
        self,
        settings: IndexSettings,
        *,
        cache: str,
        offline: bool = False,
        needs_all: bool = False,
        refresh: Collection[str] = (),
        reporter: Reporter | None = None,
        transport: Transport | None = None,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        reporter = reporter or Silent()
        self._reporter = reporter
        self._offline = offline
        self._cache = Cache(cache, reporter=reporter)
        self._fetcher = Fetcher(settings, transport=transport, reporter=reporter, pause=pause)
        self._downloads = Downloads(self._cache, self._fetcher, reporter=reporter, offline=offline)
        self._metadata = MetadataReader(
            self._cache, self._fetcher, self._downloads, offline=offline
        )
        pages = PageCache(self._cache)
        self._seen: dict[str, str] = {}
        self._unasked: set[str] = set()
        self._expiries: list[float] = []
        self._is_whole = True
        self._needs_all = needs_all
        session = Session(
            self._fetcher,
            pages,
            reporter,
            offline=offline,
            refresh=refresh,
            seen=self._seen,
            unasked=self._unasked,
            expiries=self._expiries,
        )
        self._sources = _sources(settings, session)
        self._no_index = settings.no_index
        self._in_turn = settings.index_strategy == "first-index"
        self._workers = Workers()
        self._lock = threading.Lock()
        self._jobs: dict[tuple[str, ...], Job[Any]] = {}
        self._told: set[tuple[str, str]] = set()

    def project(self, name: str) -> Project:
        """Return what all sources offer of a project (any spelling of its name).

        Raises NoSuchDistribution where none has it; IndexUnreachable where a source wants a login or refuses what is asked,
        where no source answers, and where none that does has it.
        """
        return self._project_job(normalised(name)).result()

    def prefetch(self, names: Iterable[str]) -> None:
        """Begin to fetch the pages of projects side by side; returns at once, raises nothing."""
        for name in map(normalised, names):
            # threads that only read the cache would take turns at it
            if not all(source.is_near(name) for source in self._sources):
                self._ahead(self._project_job(name))

    def metadata(self, file: File) -> bytes:
        """Return METADATA of a wheel, PKG-INFO of an sdist where it is static; raises NeedsBuild otherwise."""
        return self._metadata_job(file).result()

    def prefetch_metadata(self, files: Iterable[File]) -> None:
        """Begin to fetch metadata side by side."""
        for file in files:
            self._ahead(self._metadata_job(file))

    def download(self, file: File) -> str:
        """Return the absolute path of the file, its hashes checked: in the cache, or where a `file:` URL led."""
        return self.obtain(file).path

    def obtain(self, file: File) -> Downloaded:
        """Like `download`, and tell sha256 and size, too."""
        return self._file_job(file).result()

    def prefetch_files(self, files: Iterable[File]) -> None:
        """Begin to download files side by side."""
        for file in files:
            self._ahead(self._file_job(file))

    def fetch(self, url: str, *, sha256: str = "") -> tuple[str, str]:
        """Return (absolute path, sha256) of what a direct URL (http, https, file) names.

        Credentials in the URL are used and not kept; a fragment does not matter.
        """
        self._fetcher.logins.learn([url])
        bare = without_credentials(url).partition("#")[0]
        hashes = (("sha256", sha256.lower()),) if sha256 else ()
        work = partial(self._downloads.obtain, bare, hashes=hashes)
        found: Downloaded = self._job(("url", bare, sha256), work).result()
        return found.path, found.sha256

    def seen(self) -> Mapping[str, str]:
        """Return the paths (absolute) of this disk where anything was looked for, with `files.stamps` of before."""
        return dict(self._seen)

    def unasked(self) -> frozenset[str]:
        """Return the projects of which a page of the cache was young enough not to ask for; "" is a page of many projects.

        What such a page lacks may have been published since. Empty where nobody could be asked (`offline`).
        """
        return frozenset() if self._offline else frozenset(self._unasked)

    def holds_until(self) -> float | None:
        """Return until when (epoch seconds) the indexes let one rely on what they said; None where one did not answer.

        Infinite where none was asked.
        """
        return min(self._expiries, default=math.inf) if self._is_whole else None

    def close(self) -> None:
        """End what is under way, remove unfinished files, close connections."""
        self._fetcher.stop()
        self._workers.close(patience=_PATIENCE)
        self._fetcher.close()
        self._cache.close()

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session."""
        self.close()

    def _job(self, key: tuple[str, ...], work: Callable[[], T]) -> Job[T]:
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(work)
        return cast("Job[T]", job)

    def _project_job(self, name: str) -> Job[Project]:
        return self._job(("project", name), partial(self._look_up, name))

    def _metadata_job(self, file: File) -> Job[bytes]:
        key = ("metadata", file.url, file.version)
        return self._job(key, partial(self._metadata.read, file))

    def _file_job(self, file: File) -> Job[Downloaded]:
        work = partial(
            self._downloads.obtain,
            file.url,
            hashes=file.hashes,
            filename=file.filename,
            size=file.size,
        )
        return self._job(("file", file.url, *(digest for _, digest in file.hashes)), work)

    def _ahead(self, job: Job[Any]) -> None:
        if not self._offline:
            self._workers.submit(job)

    def _look_up(self, name: str) -> Project:
        """Ask every source; those beyond the first in other threads."""
        if self._in_turn:
            return self._first_that_has(name)
        jobs = [(source, Job(partial(source.listings, name))) for source in self._sources]
        for source, job in jobs[1:]:
            if not source.is_near(name):
                self._ahead(job)
        found = [(source, _outcome(job)) for source, job in jobs]
        listings = self._taken_together(name, found)
        problems = [error for _, error in found if isinstance(error, FetchError)]
        if not listings:
            raise self._nothing(name, problems)
        missing = [source for source, outcome in found if not outcome]
        self._tell(name, missing, problems)
        return Project(name, listings)

    def _taken_together(
        self, name: str, found: Sequence[tuple[Source, list[Listing] | FetchError]]
    ) -> list[Listing]:
        """Return what all gave; in place of those that do not answer, what they gave before."""
        answered = any(not isinstance(outcome, FetchError) for _, outcome in found)
        listings: list[Listing] = []
        over: list[tuple[Source, NoAnswer, bool]] = []
        for source, outcome in found:
            if isinstance(outcome, NoAnswer):
                known = source.at_hand(name) if answered else None
                over.append((source, outcome, known is not None))
                listings += known or []
            elif not isinstance(outcome, FetchError):
                listings += outcome
        if answered:
            for source, error, is_known in over:
                if self._needs_all:
                    raise missed(source.shown, error)
                text, hint = passed_over(source.shown, error, name, known=is_known)
                if self._first("over", text):
                    self._reporter.emit(Warned(text, hint))
            self._is_whole &= not over
        return listings

    def _first_that_has(self, name: str) -> Project:
        """Ask the indexes in turn, up to the first that has it: a name that only that one should see goes no further.

        A source that cannot be asked ends the search: what it has could be what is meant.
        """
        listings: list[Listing] = []
        for source in self._sources:
            try:
                found = source.listings(name)
            except (NotCached, Refused) as error:
                raise self._nothing(name, [error]) from error
            listings += found
            if found and isinstance(source, IndexSource):
                break
        if not listings:
            raise self._nothing(name, [])
        return Project(name, listings)

    def _nothing(self, name: str, problems: list[FetchError]) -> FetchError:
        """Return the error for a project that no source gave."""
        silent = [problem for problem in problems if isinstance(problem, NoAnswer)]
        if silent:
            if len(problems) == len(self._sources):
                return silent[0]
            text = f"{silent[0].message}; the other places have no {name!r}"
            return Unanswered(text, hint=silent[0].hint)
        refused = [problem for problem in problems if isinstance(problem, Refused)]
        if refused:
            return refused[0]
        places = [problem.where for problem in problems if isinstance(problem, NotCached)]
        if places:
            listed = ", ".join(places)
            message = f"offline, and the page of {name!r} is not in the cache: {listed}"
            return FetchError(message, hint="run once without --offline")
        if not self._sources:
            hint = "drop --no-index, or name places with --find-links"
            if not self._no_index:  # there were some, each with its warning
                hint = "an index is used over https, or where its host is trusted"
            return NoSuchDistribution(
                f"nowhere to look for {name!r}: no index, no links", hint=hint
            )
        asked = ", ".join(source.shown for source in self._sources)
        return NoSuchDistribution(
            f"no project {name!r} in {asked}",
            hint=spelling.hint(name, self._known()),
            requirement=name,
        )

    def _known(self) -> Iterator[str]:
        """Give the names of projects that are known here, for a guess at what was meant."""
        for source in self._sources:
            yield from source.names()
        yield from spelling.cached_names(os.path.join(self._cache.root, "files"))

    def _tell(self, name: str, missing: list[Source], problems: list[FetchError]) -> None:
        """Say once a source that it lacks a project, or did not let us see."""
        for source in missing:
            if isinstance(source, IndexSource) and self._first("missing", source.shown):
                text = f"{source.shown} has no {name!r}: taken from the other places"
                self._reporter.emit(Notice(text))
        for problem in problems:
            if isinstance(problem, Refused) and self._first("refused", problem.message):
                self._reporter.emit(Warned(problem.message, problem.hint))
            elif isinstance(problem, NotCached) and self._first("offline", problem.where):
                self._reporter.emit(Notice(f"offline, and not in the cache: {problem.where}"))

    def _first(self, *what: str) -> bool:
        key = (what[0], what[1])
        with self._lock:
            known = key in self._told
            self._told.add(key)
        return not known


def _outcome(job: Job[list[Listing]]) -> list[Listing] | FetchError:
    """Return what a source gave, or why it gave nothing where the others may do."""
    try:
        return job.result()
    except (NotCached, Refused, NoAnswer) as error:
        return error


def _sources(settings: IndexSettings, session: Session) -> list[Source]:
    """Return the places in pip's order: find-links, the index, the extra ones; insecure ones are left out."""
    found: list[Source] = [
        LinksSource(location, session)
        for location in settings.find_links
        if _usable(location, settings, session)
    ]
    if not settings.no_index:
        urls = [settings.index_url, *settings.extra_index_urls]
        if settings.index_strategy == "first-index":
            urls = [*settings.extra_index_urls, settings.index_url]  # what was added goes first
        found += [
            IndexSource(url, session)
            for url in dict.fromkeys(_address(url).rstrip("/") for url in urls)
            if _usable(url, settings, session)
        ]
    return found


def _address(url: str) -> str:
    """Return the URL of an index that may be given by its path, as pip takes it."""
    return file_url(os.path.abspath(url)) if not scheme(url) and os.path.isdir(url) else url


def _usable(location: str, settings: IndexSettings, session: Session) -> bool:
    if scheme(location) != "http" or secure(location, settings.trusted_hosts):
        return True
    if not host(location):
        return True  # no address at all, which is said where it is asked
    text = f"{redact(location)}: not protected by TLS; it is not used"
    hint = f"use https, or set {trusting(location)}"
    if settings.index_strategy == "first-index":
        raise FetchError(text, hint=hint)  # without it, one behind it would have what it has
    session.reporter.emit(Warned(text, hint))
    return False
