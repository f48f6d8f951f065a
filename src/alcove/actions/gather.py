"""The files of what a request asks for, decided on as if nothing were installed: for `bundle`, and the pip inside.

An environment gives interpreter and settings; it is not changed, and nothing is unpacked into the store but what builds need.
"""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import anew
from alcove.actions.compatible import fits
from alcove.actions.install import engine_for
from alcove.actions.missing import all_of
from alcove.errors import FetchError, NoSuchDistribution
from alcove.events import Silent
from alcove.files import atomic, ops, trees
from alcove.files.digest import sha256_of
from alcove.records import NamedTuple
from alcove.requirements import spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from alcove.actions.engine import Engine
    from alcove.actions.origins import Origins
    from alcove.actions.request import Request
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.index.file import File
    from alcove.interpreters.target import Target
    from alcove.requirements.resolution import Pinned
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings

__all__ = ["Gathered", "checked_out", "gather", "put", "versioned"]

_BLOCK = 1 << 20  # bytes


class Gathered(NamedTuple):
    """One distribution that was decided on.

    `path`: its file in the directory (absolute; "" where none was put there); `there`: whether it lay there before;
    `built`: whether it is a wheel that was built.
    """

    pinned: Pinned
    path: str = ""
    there: bool = False
    built: bool = False


def gather(
    layout: Layout,
    request: Request,
    settings: Settings,
    *,
    into: str,
    form: str = "files",
    target: Target | None = None,
    reporter: Reporter | None = None,
) -> list[Gathered]:
    """Return what `request` leads to for `target` (default: the environment's interpreter), what was named first.

    `form`: "files" puts into `into` (absolute, made where missing) what indexes and addresses offer, and of a repository an
    archive of its tree; "wheels" builds what is none; "none" puts nothing there, but knows the sha256 of every archive, and
    the version of what a lock pins without one; for that, which a lock is made of, every index has to answer.
    Raises as `install` does; what was put there before an error stays.
    """
    tell = reporter or Silent()
    request = request._replace(needs_all=request.needs_all or form == "none")
    with engine_for(layout, request, settings, tell) as engine:
        if target is not None:
            engine.target = target
        asked, constraints, locked = engine.read()
        found = anew.resolve(engine, asked, constraints, installed={})
        decided = found.resolution.distributions
        if request.only_dependencies:
            decided = tuple(one for one in decided if not one.requested)
        pins = _in_order(decided, asked)
        # A repository of a lock is got like one that was asked for: by its commit.
        pin = versioned if form == "none" else checked_out
        locked = [pin(found.origins, one) for one in locked]
        pins += locked
        files = found.candidates.files
        if form != "none":
            engine.index.prefetch_files(
                file for one in pins if (file := files.get((one.name, one.version))) is not None
            )
            trees.make_directories(into)
        known = dict.fromkeys(locked)

        def get(one: Pinned) -> Gathered:
            file = None if one in known else files.get((one.name, one.version))
            return _one(engine, found.origins, one, file, into=into, form=form)

        offline = request.offline or settings.offline
        rows = all_of(((one, partial(get, one)) for one in pins), offline=offline)
        if target is not None:
            _check_fit([one for one in rows if one.built], target)
        return rows


def _check_fit(built: Sequence[Gathered], target: Target) -> None:
    """Refuse a wheel that was built here and is not for the target; those of indexes were chosen for it."""
    ranks = {tag: rank for rank, tag in reversed(list(enumerate(target.tags)))}
    for one in built:
        if not fits(os.path.basename(one.path), ranks):
            raise NoSuchDistribution(
                f"{one.pinned.name} {one.pinned.version} has no wheel for Python {target.python} on that"
                f" platform, and what is built of its source here is for this machine"
                f" ({os.path.basename(one.path)})",
                hint="build a wheel of it there and name it with --find-links, or leave the target out",
            )


def _one(
    engine: Engine, origins: Origins, one: Pinned, file: File | None, *, into: str, form: str
) -> Gathered:
    if form == "none":
        return Gathered(_hashed(engine, one, file))
    if form == "wheels" or one.origin.filename.endswith(".whl"):
        wheel = origins.wheel_of(one, file)
        name = one.origin.filename if one.origin.filename.endswith(".whl") else ""
        path, there = put(wheel.path, _inside(into, name or os.path.basename(wheel.path)))
        return Gathered(one, path, there, built=not name)
    if one.origin.kind == "vcs":
        tree = origins.tree_of(one.origin)
        path, there = _archived(tree, f"{into}/{one.name}-{one.version}.zip", top=one.name)
        return Gathered(one, path, there)
    if one.origin.kind in ("directory", "editable"):
        return Gathered(one)  # a tree of this disk is where it is
    source = origins.archive_of(one, file)
    path, there = put(source, _inside(into, one.origin.filename))
    return Gathered(one, path, there)


def checked_out(origins: Origins, one: Pinned) -> Pinned:
    """Return the pin of a lock as what its commit holds, where it is one of a repository; else itself."""
    if one.origin.vcs is None:
        return one
    found = origins.from_commit(one.origin)
    return one._replace(version=found.version, origin=found.facts.origin)


def versioned(origins: Origins, one: Pinned) -> Pinned:
    """Return the pin of a lock with its version, which a lock need not say of a tree or a repository."""
    if one.origin.kind not in ("directory", "editable"):
        return checked_out(origins, one)
    text = f"{one.name} @ {one.origin.url}"
    asked = spec.parse(text, origin="the lock", directory=os.sep)
    found = origins.direct(asked._replace(editable=one.origin.kind == "editable"))
    return one._replace(version=found.version)


def _inside(directory: str, name: str) -> str:
    """Return the path of a file in a directory; what an index or a lock calls a file leads nowhere else."""
    if name in {"", ".", ".."} or any(char in name for char in "/\\:\0"):
        raise FetchError(
            f"{name!r} cannot be the name of a file",
            hint="do not use the index or lock that says it",
        )
    return f"{directory}/{name}"


def _hashed(engine: Engine, one: Pinned, file: File | None) -> Pinned:
    """Return the pin with the sha256 of its archive: as the index says it, or as the file has it."""
    origin = one.origin
    if origin.sha256 or origin.kind not in ("index", "url", "file"):
        return one
    sha256 = (
        engine.index.obtain(file).sha256 if file is not None else engine.index.fetch(origin.url)[1]
    )
    return one._replace(origin=origin._replace(sha256=sha256))


def _in_order(pins: Sequence[Pinned], asked: Sequence[Asked]) -> list[Pinned]:
    """Return the pins: what was named in the order of naming, then the rest by name."""
    places = {one.name: place for place, one in reversed(list(enumerate(asked))) if one.name}
    return sorted(
        pins,
        key=lambda one: (not one.requested, places.get(one.name, len(places)), one.name),
    )


def put(source: str, target: str) -> tuple[str, bool]:
    """Make `target` (absolute) a file like `source`, and tell whether it was so before."""
    if os.path.isfile(target) and sha256_of(target) == sha256_of(source):
        return target, True
    staged = atomic.aside(target)
    try:
        ops.stream(staged, _blocks(source))
        ops.rename(staged, target)
    except BaseException:
        trees.remove(staged)
        raise
    return target, False


def _blocks(path: str) -> Iterable[bytes]:
    with open(path, "rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _archived(tree: str, target: str, *, top: str) -> tuple[str, bool]:
    """Write all of a tree, its repository too (versions are read from it), into the folder `top` of a ZIP."""
    import zipfile

    staged = atomic.aside(target)
    try:
        ops.write(staged, b"")
        with zipfile.ZipFile(staged, "w", zipfile.ZIP_DEFLATED) as archive:
            for relative, path in _members(tree):
                if os.path.isdir(path):
                    info = zipfile.ZipInfo(f"{top}/{relative}/")
                    info.external_attr = 0o755 << 16
                    archive.writestr(info, "")
                else:
                    archive.write(path, f"{top}/{relative}")
        ops.rename(staged, target)
    except BaseException:
        trees.remove(staged)
        raise
    return target, False


def _members(tree: str) -> Iterator[tuple[str, str]]:
    """Yield (relative path, absolute path) of a tree; a link that leaves it is left out, for its target is the user's."""
    inside = os.path.realpath(tree) + os.sep
    for relative, entry in trees.walk(tree):
        if not entry.is_symlink() or (
            os.path.isfile(entry.path) and os.path.realpath(entry.path).startswith(inside)
        ):
            yield relative, entry.path
