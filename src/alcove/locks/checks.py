"""What `packaging` leaves unchecked in a lock: addresses, paths and digests.

Rule: a lock is a file of others. It may name files to fetch; it may not reach what it was not shown to.
"""

from __future__ import annotations

import ntpath
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from alcove.errors import LockError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.pylock import Package, PackageArchive, PackageSdist, PackageVcs, PackageWheel

__all__ = [
    "archive_name",
    "beside",
    "check_package",
    "file_url",
    "is_remote",
    "local_path",
    "path_of_url",
    "sha256_of",
    "url_of",
]

_SCHEMES = frozenset({"https", "http", "file"})
_VCS_SCHEMES = _SCHEMES | {"ssh", "git", "svn", "svn+ssh", "static-http", "sftp", "ftp", "lp"}
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")
_LENGTHS = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "sha3_224": 56,
    "sha3_256": 64,
    "sha3_384": 96,
    "sha3_512": 128,
    "blake2s": 64,
    "blake2b": 128,
}
_HEX = re.compile(r"[0-9a-f]+")
_FILENAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+!-]*")


def archive_name(archive: PackageArchive) -> str:
    """Return the file name at the end of an archive's path or URL."""
    if archive.path:
        return archive.path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return unquote(urlsplit(archive.url or "").path.rstrip("/").rpartition("/")[2])


def sha256_of(hashes: Mapping[str, str], *, where: str) -> str:
    """Return the sha256 (hex, lower case); LockError where only others are given."""
    digest = hashes.get("sha256", "")
    if not digest:
        known = ", ".join(hashes) or "none"
        raise LockError(
            f"{where}.hashes: there is no sha256, but {known}",
            hint="make the lock with a tool that writes sha256",
        )
    return digest.lower()


def url_of(url: str, *, where: str, vcs: bool = False) -> str:
    """Return `url` when it is one that may be fetched; LockError with the place else.

    A secret in it is refused: what a lock holds is kept in many places.
    """
    schemes = _VCS_SCHEMES if vcs else _SCHEMES
    try:
        parts = urlsplit(url)
        user, password, host = parts.username, parts.password, parts.hostname
        _ = parts.port  # a ValueError where it is none
    except ValueError as error:
        raise LockError(f"{where}.url: no URL: {error}") from None
    if _CONTROLS.search(url) or not parts.path:
        raise LockError(f"{where}.url: {_shown(url)} is no URL")
    if parts.scheme not in schemes:
        raise LockError(f"{where}.url: {_shown(url)} is not of {', '.join(sorted(schemes))}")
    if (parts.scheme != "file" and not host) or (host or "").startswith("-"):
        raise LockError(f"{where}.url: {_shown(url)} names no host")
    if parts.scheme == "file" and host not in (None, "", "localhost"):
        raise LockError(f"{where}.url: {_shown(url)} is a file of another machine")
    if password or (user and parts.scheme in _SCHEMES):
        raise LockError(
            f"{where}.url: it holds a user name or a password",
            hint="take them out of the lock, and put them into netrc or a keyring",
        )
    return url


def local_path(path: str, *, directory: str, where: str) -> tuple[str, bool]:
    """Return (absolute path, whether it lies below `directory`) for a path of the lock.

    `directory`: absolute, the lock's; relative paths start there. No link is resolved: the path is as written.
    """
    # PEP 751: "If the path is relative it MAY use POSIX-style path separators explicitly for portability."
    if not path or any(ord(char) < 0x20 or ord(char) == 0x7F for char in path):
        raise LockError(f"{where}.path: {path[:100]!r} is no path")
    if os.name != "nt" and (ntpath.splitdrive(path)[0] or "\\" in path):
        raise LockError(f"{where}.path: {path[:100]!r} is a path of another system")
    full = os.path.normpath(os.path.join(directory, path))
    root = os.path.normpath(directory)
    return full, full == root or full.startswith(os.path.join(root, ""))


def is_remote(base: str) -> bool:
    """Tell whether a lock, or its directory, is at an http(s) address and not a path."""
    return base.lower().startswith(("http:", "https:"))


def beside(path: str, *, base: str, where: str) -> str:
    """Return the URL of what a lock that lies at the http(s) address `base` calls `path`; LockError where it may not.

    pip: only relative paths, and only such as stay on the host of the lock.
    """
    if not path or _CONTROLS.search(path) or path.startswith("/") or "\\" in path:
        raise LockError(
            f"{where}.path: {path[:100]!r} is no relative path, and the lock is at an address",
            hint="fetch the lock first, where the paths in it are those of this machine",
        )
    try:
        found = urljoin(base, path)
        inside = urlsplit(found)[:2] == urlsplit(base)[:2]
    except ValueError:
        inside = False
    if not inside:
        raise LockError(
            f"{where}.path: {path[:100]!r} leads away from where the lock lies: {_shown(base)}"
        )
    return found


def file_url(path: str) -> str:
    """Return the `file:` URL of an absolute path."""
    return "file://" + quote(path.replace(os.sep, "/"), safe="/~+!@,=-._", errors="surrogateescape")


def path_of_url(url: str) -> str:
    """Return the absolute path of a `file:` URL, "" for any other."""
    parts = urlsplit(url)
    return unquote(parts.path, errors="surrogateescape") if parts.scheme == "file" else ""


def check_package(package: Package, *, base: str, where: str) -> None:
    """Check all that one `[[packages]]` names, whether or not it will be selected; LockError with the place.

    `base`: the lock's own path (absolute) or address. `where`: the place in the lock ("PATH: packages[3]").
    """
    for number, wheel in enumerate(package.wheels or ()):
        _check_name(wheel.filename, f"{where}.wheels[{number}]")
        _check_file(wheel, base, f"{where}.wheels[{number}]")
    if package.sdist is not None:
        _check_name(package.sdist.filename, f"{where}.sdist")
        _check_file(package.sdist, base, f"{where}.sdist")
    if package.archive is not None:
        _check_archive_name(package.archive, f"{where}.archive")
        _check_file(package.archive, base, f"{where}.archive")
        _check_subdirectory(package.archive.subdirectory, f"{where}.archive")
    if package.directory is not None:
        if is_remote(base):
            raise LockError(
                f"{where}.directory: a directory cannot be reached from {_shown(base)}",
                hint="fetch the project first, and install from the lock that lies in it",
            )
        _check_path(package.directory.path, base, f"{where}.directory")
        _check_subdirectory(package.directory.subdirectory, f"{where}.directory")
    if package.vcs is not None:
        _check_vcs(package.vcs, base, f"{where}.vcs")


def _check_name(filename: str, where: str) -> None:
    if not _FILENAME.fullmatch(filename):
        raise LockError(f"{where}: {filename[:100]!r} is no name of a file")


def _check_archive_name(archive: PackageArchive, where: str) -> None:
    name = archive_name(archive)
    if name in ("", ".", "..") or "/" in name or not name.isprintable():
        raise LockError(f"{where}: {name[:100]!r} is no name of a file")


def _check_file(file: PackageWheel | PackageSdist | PackageArchive, base: str, where: str) -> None:
    _check_hashes(file.hashes, where)
    if file.size is not None and file.size < 0:
        raise LockError(f"{where}.size: {file.size} is less than nothing")
    if file.url:
        url_of(file.url, where=where)
    if file.path:
        _check_path(file.path, base, where)


def _check_vcs(vcs: PackageVcs, base: str, where: str) -> None:
    if vcs.type not in ("git", "hg", "svn", "bzr"):
        raise LockError(f"{where}.type: {vcs.type[:50]!r} is not one of git, hg, svn, bzr")
    for key, text in (("commit-id", vcs.commit_id), ("requested-revision", vcs.requested_revision)):
        # CVE-2023-5752: it may become an argument of a program
        if text is not None and (
            not text or text.startswith("-") or not text.isprintable() or " " in text
        ):
            raise LockError(f"{where}.{key}: {text[:100]!r} is no revision")
    if vcs.url:
        url_of(vcs.url, where=where, vcs=True)
    if vcs.path:
        _check_path(vcs.path, base, where)
    _check_subdirectory(vcs.subdirectory, where)


def _check_path(path: str, base: str, where: str) -> None:
    if is_remote(base):
        beside(path, base=base, where=where)
    else:
        local_path(path, directory=os.path.dirname(base), where=where)


def _check_subdirectory(subdirectory: str | None, where: str) -> None:
    if subdirectory is None:
        return
    parts = subdirectory.split("/")
    if (
        subdirectory.startswith("/")
        or ".." in parts
        or "\\" in subdirectory
        or not subdirectory.isprintable()
    ):
        raise LockError(f"{where}.subdirectory: {subdirectory[:100]!r} leads out of the tree")


def _check_hashes(hashes: Mapping[str, str], where: str) -> None:
    for algorithm, digest in hashes.items():
        length = _LENGTHS.get(algorithm)
        if length is not None and not (len(digest) == length and _HEX.fullmatch(digest.lower())):
            raise LockError(
                f"{where}.hashes.{algorithm}: {digest[:140]!r} is not {length} hex digits",
                hint="the lock is damaged: make it again",
            )


def _shown(url: str) -> str:
    """Return the URL for a message: short, without what stands before an @."""
    text = re.sub(r"//[^/@]*@", "//****@", url)
    return repr(text[:200])
