"""The solver's port over indexes, the store, builds and what is installed: all input and output of a resolution."""

from __future__ import annotations

from functools import partial

from alcove.actions.compatible import comparable
from alcove.actions.expected import Expected
from alcove.errors import AlcoveError, BuildFailed, HashMismatch, InvalidWheel, NoSuchDistribution
from alcove.files.digest import is_among
from alcove.index.metadata import NeedsBuild
from alcove.index.workers import Job, Workers
from alcove.requirements.resolution import Origin
from alcove.resolve.candidates import Direct, Excluded, Facts, Unusable
from alcove.store import entries
from alcove.wheels import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alcove.actions.compatible import Chooser
    from alcove.actions.origins import Origins
    from alcove.index.file import File
    from alcove.index.session import Index
    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Wanted
    from alcove.store.layout import Store

__all__ = ["IndexCandidates"]


class IndexCandidates:
    """Implements `alcove.resolve.candidates.Candidates`.

    `installed`: normalised name -> (version, facts) of what is there. `pins_only`: for `sync`, which installs pins and
    asks for no metadata.
    """

    def __init__(
        self,
        index: Index,
        chooser: Chooser,
        origins: Origins,
        *,
        store: Store,
        installed: Mapping[str, tuple[str, Facts]] | None = None,
        pins_only: bool = False,
    ) -> None:
        self._index = index
        self._chooser = chooser
        self._origins = origins
        self._store = store
        self._installed = installed or {}
        self._pins_only = pins_only
        self._hinted: set[str] = set()
        self._hashes: Mapping[str, frozenset[str]] = {}
        self._pool = Workers(most=8)
        self.files: dict[tuple[str, str], File] = {}
        self._told: dict[tuple[str, str], Facts] = {}

    def restrict(self, hashes: Mapping[str, frozenset[str]]) -> None:
        """Leave out files whose hash is not among those given."""
        self._chooser = self._chooser.restricted(hashes)
        self._hashes = hashes

    def prefetch(self, wanted: Sequence[Wanted]) -> None:
        """Start fetching pages, and the metadata of the newest version that fits, side by side."""
        self._index.prefetch([one.name for one in wanted if one.name not in self._installed])
        if self._pins_only:
            return
        for one in wanted:
            if one.name not in self._installed and one.name not in self._hinted:
                self._hinted.add(one.name)
                self._pool.submit(Job(partial(self._ahead, one)))

    def close(self) -> None:
        """End what was begun ahead of time."""
        self._pool.close()

    def _ahead(self, wanted: Wanted) -> None:
        """Begin to fetch the metadata of what is likely to be asked for next; errors come when it is."""
        try:
            project = self._index.project(wanted.name)
            for version in project.versions():
                if wanted.accepts(version):
                    file = self._chooser.best(project.files(version))
                    if file is not None:
                        if not self._known(file):
                            self._index.prefetch_metadata([file])
                        return
        except AlcoveError:
            return

    def versions(self, name: str) -> Iterator[str]:
        """Give the versions that have a file for the target, the preferred one first."""
        try:
            project = self._index.project(name)
        except NoSuchDistribution:
            if name in self._installed:
                yield self._installed[name][0]
                return
            raise
        later = []
        told = False
        mine = self._installed[name][0] if name in self._installed else ""
        for version in project.versions():
            file = self._chooser.best(project.files(version))
            if version == mine:
                told = True
            elif file is None:
                continue
            elif self._chooser.prefer_binary and file.kind != "wheel":
                later.append(version)
                continue
            yield version
        yield from later
        if mine and not told:
            yield mine  # a local or removed version that is installed is still a candidate

    def yanked(self, name: str, version: str) -> str | None:
        """Give the reason where all files of a version that fit are yanked (PEP 592), else None."""
        if self._installed.get(name, ("", None))[0] == version:
            return None
        reasons = [
            file.yanked for file in self._chooser.fitting(self._index.project(name).files(version))
        ]
        if not reasons or any(reason is None for reason in reasons):
            return None
        return next((reason for reason in reasons if reason), "")

    def facts(self, name: str, version: str) -> Facts:
        """Give the facts of a version; `Unusable` where its metadata contradicts its name or cannot be read."""
        there = self._installed.get(name)
        if there is not None and there[0] == version:
            return there[1]
        file = self._chooser.best(self._index.project(name).files(version))
        if file is None:
            raise Unusable("has no file for this interpreter")
        if name in self._hashes and not comparable(file, self._hashes[name]):
            file = self._checked(file, self._hashes[name])
        self.files[name, version] = file
        origin = Origin("index", file.url, file.filename, file.sha256, file.size)
        if self._pins_only:
            return Facts((), origin, extras=None, kind=file.kind)
        if file.sha256:
            entry = entries.lookup(self._store, file.sha256, name=name, version=version)
            if entry is not None:
                return Facts(entry.requires, origin, entry.requires_python, entry.extras, file.kind)
        found = self._read(file)
        _must_agree(found, name, version)
        facts = Facts(found.requires, origin, found.requires_python, found.extras, file.kind)
        if file.kind == "wheel":
            self._told[name, version] = facts
        return facts

    def expected(self, name: str, version: str) -> Expected:
        """Return what the wheel of a distribution must say: what was told of it while that was decided."""
        return Expected(self._told.get((name, version)))

    def _checked(self, file: File, allowed: frozenset[str]) -> File:
        """Return a file whose place tells no hash of a kind that is allowed (a directory tells none) with the one that it has."""
        found = self._index.obtain(file)
        sha256 = found.sha256
        if not is_among(found.path, sha256, allowed):
            raise HashMismatch(
                f"{file.filename} has the sha256 {sha256}, which is not among those given",
                hint="compare with where the hash comes from; the file may have been replaced",
            )
        return file._replace(hashes=(("sha256", sha256),))

    def _known(self, file: File) -> bool:
        return bool(file.sha256) and (
            entries.lookup(self._store, file.sha256, name=file.project, version=file.version)
            is not None
        )

    def _read(self, file: File) -> metadata.Metadata:
        try:
            return metadata.parse(self._index.metadata(file), file.filename)
        except NeedsBuild:
            try:
                return self._origins.metadata_of_sdist(self._index.obtain(file), file)
            except BuildFailed as error:
                raise BuildFailed(f"{file.filename}: {error.message}", hint=error.hint) from error
        except InvalidWheel as error:
            raise Unusable(f"has metadata that cannot be read: {error.message}") from error

    def direct(self, asked: Asked) -> Direct:
        """Give the candidate at the URL or path of a requirement."""
        return self._origins.direct(asked)

    def why_not(self, name: str) -> Sequence[Excluded]:
        """Give the versions that have no file for the target, newest first, and why."""
        try:
            project = self._index.project(name)
        except AlcoveError:
            return ()
        rows = []
        for version in project.versions():
            files = project.files(version)
            if self._chooser.best(files) is None:
                rows.append(Excluded(version, self._chooser.reason(files)))
            if len(rows) == 50:
                break
        return rows


def _must_agree(found: metadata.Metadata, name: str, version: str) -> None:
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version

    try:
        same = canonicalize_name(found.name) == name and Version(found.version) == Version(version)
    except InvalidVersion:
        same = False
    if not same:
        raise Unusable(f"has metadata of {found.name!r} {found.version!r}")
