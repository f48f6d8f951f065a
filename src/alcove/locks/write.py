"""A resolution as pylock.toml (PEP 751): the same resolution gives the same text, wherever and whenever it is made."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from packaging.pylock import Pylock, PylockValidationError

from alcove.errors import LockError
from alcove.locks.checks import path_of_url
from alcove.locks.pylock import CREATED_BY
from alcove.locks.toml import Value, document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.requirements.resolution import Origin, Pinned, Resolution

__all__ = ["File", "dumps"]

Table = dict[str, Value]


class File(Protocol):
    """One file that an index offers of a pinned version; an `index.pages.File` is one."""

    @property
    def filename(self) -> str:
        """Return the name."""

    @property
    def url(self) -> str:
        """Return the address, with or without a fragment."""

    @property
    def hashes(self) -> Sequence[tuple[str, str]]:
        """Return (algorithm, hex digest) pairs."""

    @property
    def size(self) -> int | None:
        """Return the size in bytes, None where nobody knows."""

    @property
    def upload_time(self) -> str:
        """Return the time in ISO 8601, or ""."""


def dumps(
    resolution: Resolution,
    *,
    path: str,
    files: Mapping[str, Sequence[File]] | None = None,
    requires_python: str = "",
    environments: Sequence[str] = (),
) -> str:
    """Return the text of a lock that will lie at `path` (absolute; relative paths in it start at its directory).

    `files`: per name, all files of the pinned version, so that the lock serves other machines too; without them
    the pinned file alone is written. `environments`: markers of those that it was made for. LockError where a
    file has no sha256.
    """
    values: Table = {"lock-version": "1.0"}
    if environments:
        values["environments"] = list(environments)
    if requires_python:
        values["requires-python"] = requires_python
    values["created-by"] = CREATED_BY
    directory = os.path.dirname(path)
    packages = [
        _package(pin, (files or {}).get(pin.name, ()), directory)
        for pin in sorted(resolution.distributions, key=lambda pin: (pin.name, pin.version))
    ]
    values["packages"] = packages
    try:
        Pylock.from_dict(values)
    except PylockValidationError as error:
        raise LockError(f"{path} cannot be written: {error}") from None
    return document(values)


def _package(pin: Pinned, files: Sequence[File], directory: str) -> Table:
    origin = pin.origin
    table: Table = {"name": pin.name}
    # PEP 751: "The version MUST NOT be included when it cannot be guaranteed to be consistent with the code used
    # (i.e. when a source tree is used)."
    if pin.version and origin.kind not in ("directory", "editable", "vcs"):
        table["version"] = pin.version
    if pin.requires:
        table["dependencies"] = [{"name": name} for name in sorted(pin.requires)]
    table.update(_source(pin, files, directory))
    ours: Table = {}
    if pin.requested:
        ours["requested"] = True
    if pin.extras:
        ours["extras"] = sorted(pin.extras)
    if ours:
        table["tool"] = {"alcove": ours}
    return table


def _source(pin: Pinned, files: Sequence[File], directory: str) -> Table:
    origin = pin.origin
    if origin.kind == "vcs":
        return {"vcs": _vcs(pin)}
    if origin.kind in ("directory", "editable"):
        return {"directory": _directory(pin, directory)}
    if origin.kind in ("url", "file"):
        return {"archive": _archive(pin, directory)}
    tables = {file.filename: _file(file, directory) for file in files if _sha256(file)}
    if origin.filename not in tables:
        tables[origin.filename] = _pinned_file(pin, directory)
    wheels = [tables[name] for name in sorted(tables) if name.endswith(".whl")]
    sdists = sorted((name for name in tables if not name.endswith(".whl")), key=_sdist_order)
    source: Table = {}
    if sdists:
        chosen = origin.filename if origin.filename in sdists else sdists[0]
        source["sdist"] = tables[chosen]
    if wheels:
        source["wheels"] = wheels
    return source


def _sdist_order(name: str) -> tuple[bool, str]:
    return (not name.endswith(".tar.gz"), name)  # PEP 625 knows .tar.gz alone


def _vcs(pin: Pinned) -> Table:
    origin = pin.origin
    if origin.vcs is None or not origin.vcs[2]:
        raise LockError(f"{pin.name} comes from version control, and nobody knows its commit")
    kind, revision, commit = origin.vcs
    table: Table = {"type": kind, "url": _bare(origin.url)}
    if revision:
        table["requested-revision"] = revision
    table["commit-id"] = commit
    return _with_subdirectory(table, origin)


def _directory(pin: Pinned, directory: str) -> Table:
    local = path_of_url(pin.origin.url)
    table: Table = {"path": _relative(local, directory), "editable": pin.origin.kind == "editable"}
    return _with_subdirectory(table, pin.origin)


def _archive(pin: Pinned, directory: str) -> Table:
    table = _place(pin.origin.url, directory)
    if pin.origin.size is not None:
        table["size"] = pin.origin.size
    table["hashes"] = {"sha256": _pinned_sha256(pin)}
    return _with_subdirectory(table, pin.origin)


def _pinned_file(pin: Pinned, directory: str) -> Table:
    table = _named(pin.origin.filename, _place(pin.origin.url, directory))
    if pin.origin.size is not None:
        table["size"] = pin.origin.size
    table["hashes"] = {"sha256": _pinned_sha256(pin)}
    return table


def _file(file: File, directory: str) -> Table:
    table = _named(file.filename, _place(file.url, directory))
    uploaded = _time(file.upload_time)
    if uploaded is not None:
        table = {"upload-time": uploaded, **table}
    if file.size is not None:
        table["size"] = file.size
    table["hashes"] = {"sha256": _sha256(file)}
    return table


def _named(filename: str, place: Table) -> Table:
    """Add the file's name where path or URL do not end in it."""
    text = str(place.get("path") or unquote(urlsplit(str(place.get("url", ""))).path))
    return place if text.rpartition("/")[2] == filename else {"name": filename, **place}


def _place(url: str, directory: str) -> Table:
    """Return `path` for a file of this disk (uv refuses `file:` URLs of archives), `url` for all else."""
    local = path_of_url(url)
    return {"path": _relative(local, directory)} if local else {"url": _bare(url)}


def _relative(path: str, directory: str) -> str:
    return os.path.relpath(path, directory).replace(os.sep, "/")


def _bare(url: str) -> str:
    """Return the URL without fragment, and without the user of a web address."""
    scheme, host, path, query, _ = urlsplit(url)
    if scheme in ("http", "https"):
        host = host.rpartition("@")[2]
    return (
        urlunsplit((scheme, host, path, query, ""))
        if host or scheme != "file"
        else f"file://{path}"
    )


def _with_subdirectory(table: Table, origin: Origin) -> Table:
    if origin.subdirectory:
        table["subdirectory"] = origin.subdirectory
    return table


def _sha256(file: File) -> str:
    return next((digest.lower() for name, digest in file.hashes if name == "sha256"), "")


def _pinned_sha256(pin: Pinned) -> str:
    if not pin.origin.sha256:
        raise LockError(
            f"{pin.name} {pin.version}: the sha256 of {pin.origin.filename or pin.origin.url} is not known",
            hint="fetch it first: a lock holds a hash of every file",
        )
    return pin.origin.sha256


def _time(text: str) -> datetime | None:
    """Return the time in UTC, None where the text is none; PEP 751 wants UTC, and no sub-second digits matter."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None
