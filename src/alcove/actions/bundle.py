"""`bundle`: all files that requirements or locks lead to, for one target or many, in a directory or archive for elsewhere.

Rule: the bundle alone is enough. What an index has only as source is built here, and must fit the target; the
requirements file in it pins and hashes everything, so that the other side is one command without a network.
"""

from __future__ import annotations

import os

from alcove.actions import bundle_files
from alcove.actions.gather import gather
from alcove.actions.interpreters import find_python
from alcove.actions.missing import MissingFiles
from alcove.actions.rooms import room
from alcove.errors import AlcoveError, UsageError
from alcove.events import Silent, Step
from alcove.files import archives, atomic, ops, trees
from alcove.interpreters.declared import declared
from alcove.interpreters.target import target_of
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.bundle_files import BundledFile
    from alcove.actions.request import Request
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter
    from alcove.interpreters.target import Target
    from alcove.requirements.resolution import Pinned
    from alcove.settings import Settings

__all__ = ["Bundled", "Targets", "bundle"]

_EPOCH = "315532800"  # 1980-01-01: what backends that obey SOURCE_DATE_EPOCH write into wheels


class Targets(NamedTuple):
    """Whom a bundle is for: each of `versions` ("3.12", "3.13t") on each of `platforms` (platform tags).

    Where one of them is empty, it is that of `python` (a request as for `create`, "" for the one that it would take).
    """

    python: str = ""
    versions: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()


class Bundled(NamedTuple):
    """What was written: `path` (absolute), whom it is for, and its files."""

    path: str
    targets: tuple[str, ...]
    files: tuple[BundledFile, ...]


def bundle(
    path: str,
    request: Request,
    settings: Settings,
    *,
    targets: Targets | None = None,
    dry_run: bool = False,
    reporter: Reporter | None = None,
) -> Bundled:
    """Write a bundle of `request` to `path` (absolute): an archive by its ending (`files.archives.SUFFIXES`), else a directory.

    The same request, files and targets give the same bytes. A bundle that is there is replaced. `dry_run`: say what it would
    hold, and write nothing but what the cache keeps; a wheel that would be built has no file name, hash and size then.
    AlcoveError, with nothing written, where something does not fit a target, cannot be had (offline: all that is missing is
    named), or where `path` is something else.
    """
    tell = reporter or Silent()
    if request.editables:
        raise UsageError(
            "a bundle cannot hold an editable project, which stays in its tree",
            hint="name its directory without -e: a wheel of it is built",
        )
    bundle_files.check_place(path)
    wanted = targets or Targets()
    interpreter = find_python(settings, request=wanted.python)
    if dry_run:
        return _filled("", request, settings, interpreter, wanted=wanted, reporter=tell)._replace(
            path=path
        )
    trees.make_directories(os.path.dirname(path))
    staged = atomic.aside(path)
    try:
        trees.make_directories(f"{staged}/{bundle_files.FILES}")
        done = _filled(staged, request, settings, interpreter, wanted=wanted, reporter=tell)
        tell.emit(Step("writing", path))
        _place(staged, path)
    finally:
        trees.remove(staged)
    return done._replace(path=path)


def _filled(
    staged: str,
    request: Request,
    settings: Settings,
    interpreter: Interpreter,
    *,
    wanted: Targets,
    reporter: Reporter,
) -> Bundled:
    """Put all files into the staged directory, and what tells of them; where that is "", say what they would be."""
    from alcove.actions.workplaces import detached

    variables = {"SOURCE_DATE_EPOCH": _EPOCH, **settings.variables}
    given = settings._replace(variables=variables)
    dry = not staged
    here = room(settings.cache, "builds", reporter)
    labels, rows = [], []
    missing: list[Pinned] = []
    try:
        # What a dry run needs of builds is unpacked into a store aside.
        own = settings._replace(data=f"{here}/data") if dry else settings
        layout = detached(f"{here}/environment", interpreter, own)
        for label, target in _targets(interpreter, wanted, settings):
            reporter.emit(Step("bundling for", label))
            labels.append((label, target))
            try:
                found = gather(
                    layout,
                    request._replace(dry_run=dry, needs_all=True),
                    given,
                    into=f"{staged}/{bundle_files.FILES}",
                    form="none" if dry else "wheels",
                    target=target,
                    reporter=reporter,
                )
            except MissingFiles as error:  # those of the other targets are told, too
                missing += error.pins
                continue
            except AlcoveError as error:
                if wanted.versions or wanted.platforms:
                    error.message = f"for {label}: {error.message}"
                    error.args = (error.message,)
                raise
            rows += [(label, one) for one in found]
    finally:
        trees.remove(here)
    if missing:
        raise MissingFiles(missing)
    if dry:
        files = bundle_files.foreseen(rows)
    else:
        files = bundle_files.collected(rows)
        bundle_files.describe(staged, files, labels)
    return Bundled(staged, tuple(label for label, _ in labels), files)


def _targets(
    interpreter: Interpreter, wanted: Targets, settings: Settings
) -> list[tuple[str, Target]]:
    """Return the targets with what they are called; UsageError where one is none."""
    own = target_of(interpreter, cache=settings.cache)
    mine = _platform(own.tags)
    if not wanted.versions and not wanted.platforms:
        return [(f"Python {interpreter.version} on {mine}", own)]
    free = "t" if interpreter.free_threaded else ""
    versions: Sequence[str] = wanted.versions or (interpreter.version + free,)
    platforms: Sequence[str] = wanted.platforms or (mine,)
    return [
        (f"Python {version} on {platform}", declared(version, platform))
        for platform in dict.fromkeys(platforms)
        for version in dict.fromkeys(versions)
    ]


def _platform(tags: Sequence[str]) -> str:
    """Return the platform tag that says most of a system: of Linux the C library's."""
    found = [tag.rpartition("-")[2] for tag in tags]
    return next((tag for tag in found if not tag.startswith("linux_")), found[0])


def _place(staged: str, path: str) -> None:
    """Give the bundle its name, in the place of the one that may be there."""
    suffix = archives.suffix_of(path)
    ready = staged
    if suffix:
        ready = atomic.aside(path)
        top = os.path.basename(path)[: -len(suffix)]
        try:
            archives.write(staged, ready, suffix=suffix, top=top)
            ops.rename(ready, path)
        except BaseException:
            trees.remove(ready)
            raise
        return
    try:
        if not os.path.lexists(path):
            ops.rename(staged, path)
        elif not ops.exchange(staged, path):  # what was there goes with the staged name
            trees.remove(path)
            ops.rename(staged, path)
    except OSError as error:
        raise AlcoveError(f"{path} cannot be written: {error.strerror}") from error
