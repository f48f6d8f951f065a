"""From where a distribution comes to its entry in the store: files of an index, archives, trees, repositories."""

from __future__ import annotations

import os

from alcove.actions.addresses import at_commit, bare, check_stated, fragment, stated
from alcove.actions.compatible import must_be, must_fit
from alcove.actions.expected import Expected
from alcove.actions.obtained import Obtained, Source, Wheel, in_store, metadata_of
from alcove.actions.writing import Writing
from alcove.builds import vcs
from alcove.builds.key import cache_key
from alcove.errors import HashMismatch, InvalidRequirement, NoSuchDistribution
from alcove.files.digest import is_among
from alcove.requirements import addresses, spec
from alcove.requirements.resolution import Origin
from alcove.resolve.candidates import Direct, Facts
from alcove.store.unpack import unpack
from alcove.wheels import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alcove.actions.building import Builder
    from alcove.actions.compatible import Chooser
    from alcove.actions.source_trees import Sources
    from alcove.events import Reporter
    from alcove.index.downloads import Downloaded
    from alcove.index.file import File
    from alcove.index.session import Index
    from alcove.requirements.resolution import Pinned
    from alcove.requirements.spec import Asked
    from alcove.store.layout import Store
    from alcove.store.side_by_side import Unpackers
    from alcove.wheels.entry import Entry
    from alcove.wheels.metadata import Metadata

__all__ = ["Origins"]

_ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar")


class Origins:
    """Gets metadata and entries from wherever a requirement points; keeps what it built for the same run."""

    def __init__(
        self,
        index: Index,
        chooser: Chooser,
        builder: Builder,
        *,
        store: Store,
        environ: Mapping[str, str],
        reporter: Reporter,
        sources: Sources | None = None,
        settings: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
    ) -> None:
        self._sources = sources
        self._settings = settings or {}
        self._index = index
        self._chooser = chooser
        self._builder = builder
        self._store = store
        self._environ = environ
        self._reporter = reporter
        self._wheels: dict[tuple[str, bool], str] = {}
        self._repositories: dict[Origin, str] = {}
        self._checkouts: dict[Origin, str] = {}
        self._asked: dict[tuple[str, bool], Asked] = {}
        self._contents: dict[tuple[str, bool], bytes] = {}
        self._writing = Writing()
        self._unpackers: Unpackers | None = None

    def begin(self, count: int) -> int:
        """Make ready to unpack so many wheels; return how many threads have something to do at the same time."""
        from alcove.store.side_by_side import WAITING, Unpackers

        self._unpackers = Unpackers(self._store, count=count)
        return self._unpackers.most * WAITING

    def end(self) -> None:
        """End what `begin` made ready."""
        if self._unpackers is not None:
            self._unpackers.close()

    def stop(self) -> None:
        """Begin to unpack nothing more, and wait for what is being unpacked."""
        if self._unpackers is not None:
            self._unpackers.stop()
        self._writing.stop()

    # -- metadata -------------------------------------------------------------------------------------------------

    def metadata_of_sdist(self, found: Downloaded, file: File) -> metadata.Metadata:
        """Return the metadata of an sdist that does not say it statically: its backend is asked."""
        settings = self._settings.get(file.project, ())
        key = self._key(f"sha256:{found.sha256}", settings)
        built = self._builder.known(key)
        if built:
            return metadata.parse(metadata_of(built), file.filename)
        content, _ = self._builder.metadata(found.path, key=key, settings=settings)
        self._contents[file.url, False] = content
        return metadata.parse(content, file.filename)

    def direct(self, asked: Asked) -> Direct:
        """Return the candidate at the URL or path of a requirement."""
        key = _key(asked)
        self._asked[key] = asked
        if asked.url.partition(":")[0].partition("+")[1]:
            return self._repository(asked)
        path = asked.path
        if path and os.path.isdir(path):
            return self._tree(asked, path)
        if path and not os.path.exists(path):
            raise InvalidRequirement(
                f"{asked.origin}: {path} does not exist", hint="check the path"
            )
        return self._archive(asked)

    def _tree(self, asked: Asked, path: str) -> Direct:
        key = _key(asked)
        content, wheel = self._builder.metadata(
            path,
            editable=asked.editable,
            settings=asked.config_settings,
            subdirectory=fragment(asked.url, "subdirectory"),
        )
        self._contents[key] = content
        if wheel:
            self._wheels[key] = wheel
        kind = "editable" if asked.editable else "directory"
        return _direct(
            asked, metadata.parse(content, path), Origin(kind, bare(asked.url), ""), "directory"
        )

    def _archive(self, asked: Asked) -> Direct:
        url = asked.url
        hashes = [one[7:] for one in asked.hashes if one.startswith("sha256:")]
        wanted = fragment(url, "sha256") or (hashes[0] if len(hashes) == 1 else "")
        path, digest = self._index.fetch(url, sha256=wanted)
        check_stated(path, asked)
        if asked.hashes and not is_among(path, digest, asked.hashes):
            raise HashMismatch(
                f"{asked.origin}: {bare(url)} has the sha256 {digest}, which is not among those given",
                hint="compare with where the hash comes from; the file may have been replaced",
            )
        name = bare(url).rpartition("/")[2].replace("%2B", "+").replace("%2b", "+")
        subdirectory = fragment(url, "subdirectory")
        origin = Origin(
            "file" if asked.path else "url",
            bare(url),
            name,
            digest,
            os.stat(path).st_size,
            subdirectory,
        )
        if name.endswith(".whl"):
            must_fit(self._chooser, name)
            return _direct(asked, metadata.parse(metadata_of(path), name), origin, "wheel")
        if not name.endswith(_ARCHIVES):
            raise InvalidRequirement(
                f"{asked.origin}: {bare(url)} is neither a wheel nor an archive",
                hint="a .whl, .tar.gz or .zip",
            )
        key = self._key(f"sha256:{digest}", asked.config_settings, subdirectory)
        built = self._builder.known(key)
        if built:
            content = metadata_of(built)
        else:
            content = self._metadata_of_archive(asked, path, key, subdirectory)
        return _direct(asked, metadata.parse(content, name), origin, "sdist")

    def _metadata_of_archive(self, asked: Asked, path: str, key: str, subdirectory: str) -> bytes:
        content, wheel = self._builder.metadata(
            path, key=key, settings=asked.config_settings, subdirectory=subdirectory
        )
        self._contents[_key(asked)] = content
        if wheel:
            self._wheels[_key(asked)] = wheel
        return content

    def _repository(self, asked: Asked) -> Direct:
        if asked.editable:
            return self._clone(asked)
        source = vcs.parse(asked.url)
        into = self._builder.room(source.public)
        checkout = vcs.checkout(source, into, environ=self._environ, reporter=self._reporter)
        key = self._key(
            f"{source.vcs}+{source.public}@{checkout.commit}",
            asked.config_settings,
            source.subdirectory,
        )
        wheel = self._builder.known(key) or self._builder.wheel(
            into, key=key, settings=asked.config_settings, subdirectory=source.subdirectory
        )
        origin = Origin(
            "vcs",
            source.public,
            "",
            subdirectory=source.subdirectory,
            vcs=(source.vcs, source.revision, checkout.commit),
        )
        self._repositories[origin] = wheel
        self._checkouts[origin] = into
        return _direct(asked, metadata.parse(metadata_of(wheel), asked.url), origin, "vcs")

    def _clone(self, asked: Asked) -> Direct:
        """Return the editable candidate of a repository, checked out to where somebody can work on it."""
        from alcove.actions.source_trees import provide

        places = self._places(asked)
        path = provide(asked, places, environ=self._environ, reporter=self._reporter)
        url = addresses.url_of(path)
        tree = asked._replace(url=url, path=path)
        self._asked[url, True] = tree
        return self._tree(tree, path)

    def from_commit(self, origin: Origin) -> Direct:
        """Return the candidate that a lock names by a repository and a commit, got like one that was asked for."""
        return self.direct(spec.parse(at_commit(origin), origin="the lock", directory=os.sep))

    def _places(self, asked: Asked) -> Sources:
        if self._sources is None:
            raise InvalidRequirement(f"{asked.origin}: {asked.text} cannot be editable here")
        return self._sources

    # -- entries --------------------------------------------------------------------------------------------------

    def obtain(
        self,
        pinned: Pinned,
        file: File | None,
        *,
        known: Entry | None,
        expect: Callable[[Metadata | Entry], None],
    ) -> Obtained:
        """Return the entry of a pinned distribution, fetched, built and unpacked where it must be.

        `known`: what `obtained.in_store` says of it. `expect` is given what its wheel says of its needs, before it is
        unpacked, and may raise.
        """
        if known is not None:
            expect(known)
            return Obtained(known, "")
        return self._taken(self._find(pinned, file), pinned, file, expect=expect)

    def wheel_of(self, pinned: Pinned, file: File | None) -> Wheel:
        """Return the wheel of a pinned distribution, fetched or built; `file`: the one of an index, where it is of one."""
        return self._built(self._find(pinned, file), pinned)

    def _built(self, found: Wheel | Source, pinned: Pinned) -> Wheel:
        """Return the wheel, built where it must be; InvalidWheel where it is one of something else than was decided."""
        if isinstance(found, Source):
            found = Wheel(self._builder.wheel(found.path, **found.how()), "", found.direct_url)
        must_be(pinned, found.path)
        return found

    def _find(self, pinned: Pinned, file: File | None) -> Wheel | Source:
        """Return the wheel where it is there or can be fetched, else what it is to be built of, fetched."""
        origin = pinned.origin
        if origin.kind != "index" or (file is None and origin.url):
            return self._at_address(origin)
        if file is None:
            raise NoSuchDistribution(
                f"{pinned.name} {pinned.version} has no file", hint="run the command again"
            )
        found = self._index.obtain(file)
        if file.kind == "wheel":
            return Wheel(found.path, found.sha256, "")
        settings = self._settings.get(file.project, ())
        key = self._key(f"sha256:{found.sha256}", settings)
        wheel = self._builder.known(key)
        return Wheel(wheel, "", "") if wheel else Source(found.path, key, settings, "", False, "")

    def archive_of(self, pinned: Pinned, file: File | None) -> str:
        """Return the path of the archive that a pinned distribution is offered as, fetched."""
        if file is not None:
            return self._index.obtain(file).path
        return self._index.fetch(pinned.origin.url, sha256=pinned.origin.sha256)[0]

    def tree_of(self, origin: Origin) -> str:
        """Return the directory of a repository's tree; it goes with the builder."""
        if origin not in self._checkouts:
            raise NoSuchDistribution(f"{origin.url} was not fetched", hint="run the command again")
        return self._checkouts[origin]

    def obtain_url(self, pinned: Pinned) -> Obtained:
        """Return the entry of what a lock names: an archive by its sha256, a tree, a repository by its commit."""
        origin = pinned.origin
        if origin.filename.endswith(".whl"):
            must_fit(self._chooser, origin.filename)
        if (known := in_store(self._store, pinned)) is not None:
            return Obtained(known, "")
        return self._taken(self._at_address(origin), pinned, None)

    def _at_address(self, origin: Origin) -> Wheel | Source:
        key = (origin.url, origin.kind == "editable")
        asked = self._asked.get(key)
        settings = asked.config_settings if asked else ()
        known = self._repositories.get(origin) or self._wheels.get(key)
        if origin.kind in ("index", "url", "file"):
            path, digest = self._index.fetch(origin.url, sha256=origin.sha256)
            text = "" if origin.kind == "index" else stated(origin, digest)
            if origin.filename.endswith(".whl"):
                return Wheel(path, digest, text)
            built = self._key(f"sha256:{digest}", settings, origin.subdirectory)
            wheel = known or self._builder.known(built)
            if wheel:
                return Wheel(wheel, "", text)
            return Source(path, built, settings, origin.subdirectory, False, text)
        if origin.kind == "vcs" and known is None:
            known = self._repositories[self.from_commit(origin).facts.origin]
        text = stated(origin, "")
        if known:
            return Wheel(known, "", text)
        editable = origin.kind == "editable"
        tree = addresses.path_of(origin.url, "/")
        return Source(tree, "", settings, origin.subdirectory, editable, text)

    def _taken(
        self,
        found: Wheel | Source,
        pinned: Pinned,
        _file: File | None,
        *,
        expect: Callable[[Metadata | Entry], None] | None = None,
    ) -> Obtained:
        """Return the entry of what was found for a pinned distribution, built and unpacked where it must be."""
        wheel = self._built(found, pinned)
        with self._writing:
            entry = self._beside(wheel, expect) or unpack(
                self._store,
                wheel.path,
                sha256=wheel.sha256,
                verified=bool(wheel.sha256),
                expect=expect,
                reporter=self._reporter,
            )
        return Obtained(entry, wheel.direct_url)

    def _beside(
        self, wheel: Wheel, expect: Callable[[Metadata | Entry], None] | None
    ) -> Entry | None:
        """Return the entry of a wheel where another process brought it into the store."""
        if self._unpackers is None or not (wheel.sha256 and isinstance(expect, Expected | None)):
            return None
        needs = expect.needs if expect else None
        return self._unpackers.unpack(
            wheel.path, sha256=wheel.sha256, needs=needs, reporter=self._reporter
        )

    def _key(
        self, origin: str, settings: tuple[tuple[str, str], ...] = (), subdirectory: str = ""
    ) -> str:
        grouped: dict[str, list[str]] = {}
        for name, value in settings:
            grouped.setdefault(name, []).append(value)
        return cache_key(
            origin, self._builder.identity, config_settings=grouped, subdirectory=subdirectory
        )


def _direct(asked: Asked, found: metadata.Metadata, origin: Origin, kind: str) -> Direct:
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version

    name = canonicalize_name(found.name)
    try:
        version = str(Version(found.version))
    except InvalidVersion:
        raise InvalidRequirement(
            f"{asked.origin}: {asked.text} is of version {found.version!r}, which is none"
        ) from None
    return Direct(
        name, version, Facts(found.requires, origin, found.requires_python, found.extras, kind)
    )


def _key(asked: Asked) -> tuple[str, bool]:
    return bare(asked.url), asked.editable
