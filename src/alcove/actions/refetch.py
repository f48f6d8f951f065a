"""Entries that are missing or damaged, had again by the sha256 of their wheels: from the cache, else from where they came."""

from __future__ import annotations

import os

from alcove.errors import AlcoveError
from alcove.files import data, digest, ops, trees
from alcove.store import layout
from alcove.store.unpack import unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.generation import Placement
    from alcove.events import Reporter
    from alcove.index.session import Index
    from alcove.store.layout import Store

__all__ = ["NotToBeHad", "refetch"]


class NotToBeHad(AlcoveError):
    """The wheel of an entry is nowhere to be had."""


def refetch(
    placement: Placement, store: Store, *, cache: str, index: Index, reporter: Reporter
) -> str:
    """Unpack the wheel of a placement again and return from where it came; `cache`: absolute.

    The damaged entry leaves its name only when the wheel is at hand. NotToBeHad, with what was looked for.
    """
    wheel, source = _wheel(placement, cache=cache, index=index)
    path = layout.entry_path(store, placement.source[2:])
    aside = f"{store.entries}/{layout.ASIDE}{os.urandom(4).hex()}-{placement.source[2:100]}"
    there = os.path.lexists(path)
    if there:
        trees.move(path, aside)
    try:
        entry = unpack(store, wheel, sha256=placement.sha256, reporter=reporter)
    except BaseException:
        if there:
            ops.rename(aside, path)
        raise
    if there:
        trees.remove(aside)
    if entry.directory != placement.source[2:]:
        raise NotToBeHad(
            f"{placement.name} {placement.version} was unpacked as {entry.directory}",
            hint="alcove install puts it there anew",
        )
    return source


def _wheel(placement: Placement, *, cache: str, index: Index) -> tuple[str, str]:
    for path in _cached(placement, cache):
        if digest.sha256_of(path) == placement.sha256:
            return path, "the cache"
    reasons = []
    if placement.direct_url:
        try:
            return _direct(placement, index)
        except AlcoveError as error:
            reasons.append(error.message)
    else:
        try:
            return _from_index(placement, index)
        except AlcoveError as error:
            reasons.append(error.message)
    raise NotToBeHad(
        f"{placement.name} {placement.version}: its wheel with the sha256 {placement.sha256} is not to be had: "
        + "; ".join(reasons),
        hint=f"alcove install {placement.name}=={placement.version}, or alcove repair with --find-links DIR",
    )


def _cached(placement: Placement, cache: str) -> Iterator[str]:
    """Yield the files of the cache that may be the wheel: fetched ones lie by their sha256, built ones by other keys."""
    folder = f"{cache}/files/{placement.sha256[:2]}/{placement.sha256}"
    if os.path.isdir(folder):
        yield from (f"{folder}/{name}" for name in os.listdir(folder) if name.endswith(".whl"))
    built = f"{cache}/wheels"
    if not os.path.isdir(built):
        return
    start = placement.dist_info.removesuffix(".dist-info").lower() + "-"
    for path, entry in trees.walk(built):
        name = path.rpartition("/")[2].lower()
        if (
            name.startswith(start)
            and name.endswith(".whl")
            and entry.is_file(follow_symlinks=False)
        ):
            yield entry.path


def _direct(placement: Placement, index: Index) -> tuple[str, str]:
    """Fetch an archive from the URL that it came from, if that was a wheel."""
    try:
        value = data.loads(placement.direct_url.encode())
        url = str(value["url"])
    except (data.DataError, LookupError, TypeError):
        url = ""
    if not url.endswith(".whl"):
        raise NotToBeHad(f"it was built from {url or 'an unknown place'}")
    path, _ = index.fetch(url, sha256=placement.sha256)
    return path, url


def _from_index(placement: Placement, index: Index) -> tuple[str, str]:
    from alcove.wheels.names import canonical_version, normalise

    files = index.project(normalise(placement.name)).files(canonical_version(placement.version))
    wheels = [file for file in files if file.kind == "wheel"]
    for file in wheels:
        if file.sha256 == placement.sha256:
            return index.obtain(file).path, file.url
    for file in wheels:
        if not file.sha256:  # the index tells no hash, so the file must
            found = index.obtain(file)
            if found.sha256 == placement.sha256:
                return found.path, file.url
    raise NotToBeHad(
        f"no index or link that was asked has it (of {len(files)} files of that version)"
    )
