"""What `Origins` would give, told of metadata alone: for dry runs.

Rule: nothing is written but what the cache keeps. No wheel is unpacked, and no more of one fetched than its metadata where
its index tells its hash; nothing is built that tells its metadata without (PEP 643).
"""

from __future__ import annotations

import os

from alcove.actions import source_trees, unbuilt
from alcove.actions.addresses import bare
from alcove.actions.compatible import must_be
from alcove.actions.obtained import Obtained, Source, Wheel, metadata_of
from alcove.actions.origins import Origins
from alcove.builds import vcs
from alcove.events import Warned
from alcove.files import digest, refusals
from alcove.index.metadata import NeedsBuild
from alcove.requirements import addresses
from alcove.store import refused
from alcove.store.unpack import stored
from alcove.wheels import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.index.file import File
    from alcove.requirements.resolution import Origin, Pinned
    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Direct
    from alcove.wheels.entry import Entry
    from alcove.wheels.metadata import Metadata

__all__ = ["Previews"]


class Previews(Origins):
    """Gives entries as they are in the store, and of what is not there one without files, which says so (`unbuilt`)."""

    def obtain(
        self,
        pinned: Pinned,
        file: File | None,
        *,
        known: Entry | None,
        expect: Callable[[Metadata | Entry], None],
    ) -> Obtained:
        """Return the entry of a pinned distribution, or what its metadata says of it."""
        if known is None and file is not None and file.kind == "wheel" and file.sha256:
            must_be(pinned, file.filename)
            self._foresee()
            content = self._index.metadata(file)
            return Obtained(unbuilt.entry_of(content, file.filename, file.sha256), "", content)
        return super().obtain(pinned, file, known=known, expect=expect)

    def _taken(
        self,
        found: Wheel | Source,
        pinned: Pinned,
        file: File | None,
        *,
        expect: Callable[[Metadata | Entry], None] | None = None,
    ) -> Obtained:
        """Return the entry that the store has of what was found, or what its metadata says of it."""
        if isinstance(found, Source):
            self._foresee()
            content = self._content(found, pinned.origin, file)
            return Obtained(unbuilt.entry_of(content, found.path), found.direct_url, content)
        must_be(pinned, found.path)
        sha256 = found.sha256 or digest.sha256_of(found.path)
        known = stored(self._store, os.path.basename(found.path), sha256)
        if known is not None:
            if expect is not None:
                expect(known)
            return Obtained(known, found.direct_url)
        self._foresee()
        content = metadata_of(found.path)
        if expect is not None:
            expect(metadata.parse(content, found.path))
        entry = unbuilt.entry_of(content, found.path, sha256)
        return Obtained(entry, found.direct_url, content)

    def _foresee(self) -> None:
        """Tell that the store would refuse what is not in it, where that can be known."""
        error = refusals.foreseen(self._store.entries)
        if error is not None:
            text = f"the store {self._store.root} would take nothing new: {error.strerror}"
            self._reporter.emit(Warned(text, refused.hint(error)))

    def _content(self, source: Source, origin: Origin, file: File | None) -> bytes:
        known = self._contents.get((file.url if file else origin.url, source.editable))
        if known is not None:
            return known
        try:
            content = self._index.metadata(file) if file else unbuilt.static(source.path)
        except NeedsBuild:
            content = None
        return content or self._builder.metadata(source.path, **source.how())[0]

    def _metadata_of_archive(self, asked: Asked, path: str, key: str, subdirectory: str) -> bytes:
        content = None if subdirectory else unbuilt.static(path)
        if content is None:
            return super()._metadata_of_archive(asked, path, key, subdirectory)
        self._contents[bare(asked.url), asked.editable] = content
        return content

    def _clone(self, asked: Asked) -> Direct:
        """Return the editable candidate of a repository as it would lie where somebody can work on it."""
        source = vcs.parse(asked.url)
        place = source_trees.place_of(asked, self._places(asked), environ=self._environ)
        into = self._builder.room()
        vcs.checkout(source, into, environ=self._environ, reporter=self._reporter)
        path = os.path.join(into, source.subdirectory) if source.subdirectory else into
        tree = asked._replace(url=addresses.url_of(place), path=path)
        self._asked[tree.url, True] = tree
        return self._tree(tree, path)
