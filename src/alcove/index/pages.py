"""What indexes offer of one project: versions first, files only of the versions that somebody asks for.

Rule: a page is kept as the text of its rows, grouped by version (`Listing`); a row becomes a `File` when its
version is asked for. Of several sources the first that has a file name wins that name: a later index can add
versions and files, but never replace one (pip's merge, without its ambiguity).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alcove.files.data import dumps, loads
from alcove.index.file import File, Hashes
from alcove.index.filenames import Names, is_sdist, version_of
from alcove.index.links import egg_of, from_html, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from packaging.version import Version

__all__ = ["File", "Hashes", "Listing", "Project", "group"]

Table = list[tuple[str, int, int]]
"""(version in normal form, where its rows begin in the body, their length in bytes), newest version first."""


class Listing:
    """The files that one page offers of one project, as text.

    `form`: "html" or "json"; `base`: the URL that addresses are relative to; `body`: UTF-8.
    """

    __slots__ = ("_table", "base", "body", "form")

    def __init__(self, form: str, base: str, *, table: Table, body: bytes) -> None:
        self.form = form
        self.base = base
        self.body = body
        self._table = {version: (start, length) for version, start, length in table}

    @property
    def table(self) -> Table:
        """The versions, and where their rows stand."""
        return [(version, start, length) for version, (start, length) in self._table.items()]

    def versions(self) -> Iterable[str]:
        """Return the versions, newest first."""
        return self._table.keys()

    def has(self, version: str) -> bool:
        """Say whether `versions` has this very spelling."""
        return version in self._table

    def files(self, project: str, version: str) -> Iterator[File]:
        """Yield the files of a version that `versions()` gave, in the page's order."""
        start, length = self._table[version]
        text = self.body[start : start + length]
        if self.form == "html":
            for line in text.decode().split("\n"):
                file = from_html(line, base=self.base, project=project, version=version)
                if file:
                    yield file
        else:
            for filename, known in loads(text):
                row = from_json(filename, known, base=self.base, project=project, version=version)
                if row:
                    yield row


def group(project: str, rows: Iterable[tuple[str, Any]], *, form: str, base: str) -> Listing:
    """Return a page's rows (of `html_page` or `json_page`) of one project as a Listing."""
    names = Names(project)
    versions: dict[Version, list[Any]] = {}
    for filename, known in rows:
        spelled = names.version(filename)
        if not spelled and form == "html" and "egg=" in known and is_sdist(filename):
            spelled = names.version_of_egg(egg_of(known))
        version = version_of(spelled)
        if version is not None:
            row = known if form == "html" else (filename, known)
            versions.setdefault(version, []).append(row)
    pieces = []
    table: Table = []
    place = 0
    for version in sorted(versions, reverse=True):
        found = versions[version]
        piece = "\n".join(found).encode(errors="replace") if form == "html" else dumps(found)
        table.append((str(version), place, len(piece)))
        pieces.append(piece)
        place += len(piece)
    return Listing(form, base, table=table, body=b"".join(pieces))


class Project:
    """One project as all sources together offer it; `name` is normalised. Nothing is parsed before it is asked."""

    __slots__ = ("_files", "_listings", "_places", "name")

    def __init__(self, name: str, listings: Sequence[Listing]) -> None:
        self.name = name
        self._listings = [listing for listing in listings if listing.versions()]
        self._files: dict[str, tuple[File, ...]] = {}
        self._places: dict[str, list[tuple[Listing, str]]] | None = None

    def versions(self) -> list[str]:
        """Return all versions in normal form, newest first, yanked ones and pre-releases among them."""
        if len(self._listings) == 1:
            return list(self._listings[0].versions())
        return list(self._merged())

    def files(self, version: str) -> tuple[File, ...]:
        """Return the files of a version (any spelling of it), earlier sources first; () where there are none."""
        found = self._files.get(version)
        if found is None:
            found = self._files[version] = tuple(self._find(version))
        return found

    def _find(self, version: str) -> Iterator[File]:
        if len(self._listings) == 1 and self._listings[0].has(version):
            yield from self._listings[0].files(self.name, version)
            return
        merged = self._merged()
        places = merged.get(version)
        if places is None:  # "1.0" where the files say "1.0.0"
            wanted = version_of(version)
            version = next((each for each in merged if version_of(each) == wanted), "")
            places = merged.get(version, []) if wanted is not None else []
        seen = set()
        for listing, spelled in places:
            for file in listing.files(self.name, spelled):
                if file.filename not in seen:
                    seen.add(file.filename)
                    yield file._replace(version=version)

    def _merged(self) -> dict[str, list[tuple[Listing, str]]]:
        """Return version -> where its files are; equal versions of several sources under one spelling."""
        if self._places is None:
            self._places = _merge(self._listings, version_of)
        return self._places


def _merge(
    listings: Sequence[Listing], parse: Callable[[str], Version | None]
) -> dict[str, list[tuple[Listing, str]]]:
    if len(listings) == 1:
        return {version: [(listings[0], version)] for version in listings[0].versions()}
    found: dict[Version, list[tuple[Listing, str]]] = {}
    for listing in listings:
        for spelled in listing.versions():
            version = parse(spelled)
            if version is not None:
                found.setdefault(version, []).append((listing, spelled))
    return {found[version][0][1]: found[version] for version in sorted(found, reverse=True)}
