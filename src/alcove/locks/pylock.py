"""pylock.toml (PEP 751), read and selected from: which distributions, and which file of each, for one interpreter.

Parsing, validation and selection are `packaging.pylock`'s; what it leaves open is checked in `locks.checks`.

>>> lock = read("/path/to/pylock.toml")  # doctest: +SKIP
>>> select(lock, target, extras=["tests"])  # doctest: +SKIP
(Pinned(name='six', version='1.16.0', origin=Origin(kind='index', …)),)
"""

from __future__ import annotations

import logging
import os
import tomllib
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.pylock import (
    PackageArchive,
    PackageDirectory,
    PackageVcs,
    PackageWheel,
    Pylock,
    PylockSelectError,
    PylockUnsupportedVersionError,
    PylockValidationError,
)
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion

from alcove.errors import LockError, LockUnsuitable
from alcove.events import Notice, Reporter, Silent, Warned
from alcove.locks.checks import (
    archive_name,
    beside,
    check_package,
    file_url,
    is_remote,
    local_path,
    sha256_of,
)
from alcove.requirements.resolution import Origin, Pinned

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from packaging.markers import Environment
    from packaging.pylock import Package, PackageSdist

    Chosen = PackageVcs | PackageDirectory | PackageArchive | PackageWheel | PackageSdist

__all__ = ["CREATED_BY", "Lock", "Target", "loads", "read", "select"]

_SILENT = Silent()
_LIMIT = 128 << 20  # bytes
CREATED_BY = "alcove"  # the value of `created-by` in our own locks
# packaging logs what is told here through the reporter; without a handler, logging would print it.
logging.getLogger("packaging.pylock").addHandler(logging.NullHandler())


class Target(Protocol):
    """What is selected for: an `interpreters.target.Target`, or anything that says the same."""

    @property
    def python(self) -> str:
        """Return the full version ("3.12.1")."""

    @property
    def markers(self) -> Mapping[str, str]:
        """Return the environment of PEP 508, without `extra`."""

    @property
    def tags(self) -> Sequence[str]:
        """Return the tags of wheels that fit, best first."""


class Lock(NamedTuple):
    """A lock that was read and checked. `path`: absolute, or an http(s) address; relative paths in it start beside it."""

    path: str
    content: Pylock


def read(path: str, *, reporter: Reporter = _SILENT) -> Lock:
    """Return the lock in the file `path` (absolute); LockError with the place in it that is wrong."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(_LIMIT + 1)
    except OSError as error:
        raise LockError(f"{path}: {error.strerror}", hint="check the path of the file") from error
    return loads(data, path=path, reporter=reporter)


def loads(data: bytes, *, path: str, reporter: Reporter = _SILENT) -> Lock:
    """Return the lock with the content `data`; `path` (absolute, or http(s)) is where it lies, or would lie."""
    if len(data) > _LIMIT:
        raise LockError(f"{path}: larger than {_LIMIT >> 20} MiB")
    try:
        document = tomllib.loads(data.decode())
    except RecursionError:
        raise LockError(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise LockError(f"{path}: {error}", hint="a lock is TOML in UTF-8") from None
    try:
        content = Pylock.from_dict(document)
    except PylockUnsupportedVersionError as error:
        raise LockError(
            f"{path}: {error.message}", hint="a newer alcove may read it; or make the lock again"
        ) from None
    except PylockValidationError as error:
        where = f"{error.context}: " if error.context else ""
        raise LockError(f"{path}: {where}{error.message}") from None
    except RecursionError:
        raise LockError(f"{path}: a marker is nested too deeply") from None
    if str(content.lock_version) != "1.0":
        reporter.emit(
            Warned(
                f"{path}: lock-version {content.lock_version} is newer than 1.0: some of it may be ignored"
            )
        )
    for index, package in enumerate(content.packages):
        check_package(package, base=path, where=f"{path}: packages[{index}]")
    return Lock(path, content)


def select(
    lock: Lock,
    target: Target,
    *,
    extras: Collection[str] = (),
    groups: Collection[str] | None = None,
    reporter: Reporter = _SILENT,
) -> tuple[Pinned, ...]:
    """Return what to install for `target`, in the order of names, each with one file to take.

    `groups`: None means the lock's default groups. The version is "" where the lock has none (source trees).
    LockUnsuitable where the lock has nothing for the target, LockError where it contradicts itself.
    """
    names = _asked(lock, extras, groups)
    tags = [_tag(tag) for tag in target.tags]
    environment = cast("Environment", {**target.markers, "python_full_version": target.python})
    try:
        selected = list(
            lock.content.select(
                environment=environment, tags=tags, extras=names, dependency_groups=groups
            )
        )
    except PylockSelectError as error:
        raise _unsuitable(lock, str(error), target) from None
    except (UndefinedEnvironmentName, UndefinedComparison, InvalidVersion, RecursionError) as error:
        raise LockError(f"{lock.path}: a marker cannot be evaluated: {error}") from None
    places = {id(package): number for number, package in enumerate(lock.content.packages)}
    reader = _Reader(lock, frozenset(package.name for package, _ in selected), reporter)
    pins = [reader.pinned(package, chosen, places[id(package)]) for package, chosen in selected]
    return tuple(sorted(pins, key=lambda pin: pin.name))


def _asked(lock: Lock, extras: Collection[str], groups: Collection[str] | None) -> set[str]:
    names = {canonicalize_name(extra) for extra in extras}
    known = (
        ("extra", names, set(lock.content.extras or ())),
        ("dependency group", set(groups or ()), set(lock.content.dependency_groups or ())),
    )
    for what, asked, there in known:
        missing = ", ".join(sorted(asked - there))
        if missing:
            hint = f"it has {', '.join(sorted(there))}" if there else f"it has no {what}s"
            raise LockUnsuitable(f"{lock.path} was not made for the {what} {missing}", hint=hint)
    return set(names)


def _tag(text: str) -> Tag:
    return Tag(*text.split("-", 2))


def _unsuitable(lock: Lock, reason: str, target: Target) -> LockError:
    machine = target.markers.get("platform_machine", "")
    system = target.markers.get("sys_platform", "")
    if reason.startswith("Multiple packages"):
        return LockError(
            f"{lock.path}: {reason}", hint="the lock contradicts itself: make it again"
        )
    return LockUnsuitable(
        f"{lock.path} has nothing for Python {target.python} on {system} {machine}: {reason}",
        hint="make the lock again for this interpreter too, or take another interpreter",
    )


class _Reader:
    """Makes pins of what was selected from one lock."""

    def __init__(self, lock: Lock, names: frozenset[str], reporter: Reporter) -> None:
        self._lock = lock
        self._names = names
        self._reporter = reporter
        self._ours = lock.content.created_by == CREATED_BY

    def pinned(self, package: Package, chosen: Chosen, number: int) -> Pinned:
        """Return the pin for `packages[number]`."""
        where = f"{self._lock.path}: packages[{number}]"
        version = str(package.version or "")
        if isinstance(chosen, PackageVcs):
            origin = self._vcs(chosen, f"{where}.vcs")
        elif isinstance(chosen, PackageDirectory):
            origin = self._directory(chosen, f"{where}.directory")
        elif isinstance(chosen, PackageArchive):
            origin = self._archive(chosen, f"{where}.archive")
        elif isinstance(chosen, PackageWheel):
            index = next(i for i, wheel in enumerate(package.wheels or ()) if wheel is chosen)
            origin = self._file(chosen, f"{where}.wheels[{index}]")
            version = str(parse_wheel_filename(chosen.filename)[1])
        else:
            origin = self._file(chosen, f"{where}.sdist")
            version = str(parse_sdist_filename(chosen.filename)[1])
        extras, requested = self._tool(package)
        requires = {
            canonicalize_name(str(item.get("name", ""))) for item in package.dependencies or ()
        }
        known = tuple(sorted(requires & self._names))
        return Pinned(package.name, version, origin, extras, known, requested)

    def _tool(self, package: Package) -> tuple[tuple[str, ...], bool]:
        """Return extras and whether the user asked: ours says so, others' locks are asked for as a whole."""
        if not self._ours:
            return (), True
        table = (package.tool or {}).get("alcove")
        if not isinstance(table, dict):
            return (), False
        extras = table.get("extras")
        texts = (
            [item for item in extras if isinstance(item, str)] if isinstance(extras, list) else []
        )
        names = sorted({str(canonicalize_name(item)) for item in texts})
        return tuple(names), table.get("requested") is True

    def _vcs(self, vcs: PackageVcs, where: str) -> Origin:
        url = vcs.url or self._address(vcs.path, None, where)
        revision = (vcs.type, vcs.requested_revision or "", vcs.commit_id)
        return Origin("vcs", url, "", subdirectory=vcs.subdirectory or "", vcs=revision)

    def _directory(self, directory: PackageDirectory, where: str) -> Origin:
        kind = "editable" if directory.editable else "directory"
        path = self._path(directory.path, where)
        return Origin(kind, file_url(path), "", subdirectory=directory.subdirectory or "")

    def _archive(self, archive: PackageArchive, where: str) -> Origin:
        url = self._address(archive.path, archive.url, where)
        return Origin(
            "file" if url.startswith("file:") else "url",
            url,
            archive_name(archive),
            sha256_of(archive.hashes, where=where),
            archive.size,
            archive.subdirectory or "",
        )

    def _file(self, file: PackageWheel | PackageSdist, where: str) -> Origin:
        # PEP 751: what `wheels` and `sdist` name is as if an index had offered it; it gets no direct_url.json.
        url = self._address(file.path, file.url, where)
        return Origin("index", url, file.filename, sha256_of(file.hashes, where=where), file.size)

    def _address(self, path: str | None, url: str | None, where: str) -> str:
        """Return the URL of a file: its path, where that is there or the lock names nothing else, else its address."""
        if not path:
            return url or ""
        if is_remote(self._lock.path):
            return url or beside(path, base=self._lock.path, where=where)
        full = self._path(path, where)
        return url if url and not os.path.exists(full) else file_url(full)

    def _path(self, path: str, where: str) -> str:
        full, inside = local_path(path, directory=os.path.dirname(self._lock.path), where=where)
        if not inside:
            self._reporter.emit(Notice(f"{where}.path leads out of the lock's directory: {full}"))
        return full
