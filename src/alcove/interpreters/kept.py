"""What interpreters said when they were asked, kept in the cache and read again.

An answer is kept by (real path, inode, size, mtime in nanoseconds) of the binary. Reading one imports nothing but `os`,
`sys` and `alcove.files`: it is on the path of every command.
"""

from __future__ import annotations

import os
import sys

from alcove.errors import NoSuchInterpreter
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Interpreter", "identity", "kept", "kept_file", "marked"]

SCHEMA = 1  # of what is kept; another number makes alcove ask again
_MARK_LASTS = 24 * 3600  # seconds for which an interpreter that failed is skipped


class Interpreter(NamedTuple):
    """What is known of one base interpreter. All paths absolute.

    `executable` is the stable path that environments link to, `home` its directory; `library` the folder below `lib/`
    ("python3.12"), `include` the one below `include/`; `markers` the PEP 508 environment without `extra`; `facts` what
    tags and schemes are made from; `site_packages` the base's own directories of packages.
    """

    executable: str
    implementation: str
    version: str
    version_info: tuple[int, int, int, str, int]
    library: str
    home: str
    prefix: str
    include: str
    cache_tag: str
    free_threaded: bool
    pointer_bits: int
    platform: str
    markers: dict[str, str]
    facts: dict[str, str]
    site_packages: tuple[str, ...]


_TYPES = (str, str, str, list, str, str, str, str, str, bool, int, str, dict, dict, list)


def marked(executable: str, *, cache: str) -> str:
    """Return why the base interpreter `executable` (absolute) failed less than a day ago, "" if it did not."""
    found = kept(executable, cache=cache)
    return found if isinstance(found, str) else ""


def kept_file(path: str, cache: str) -> str:
    """Return the file (absolute) in which the answer for `path` is kept; two paths may share it, it says for which it is."""
    # a number of the path's bytes: hashlib would be one more import
    return os.path.join(
        cache, "interpreters", f"{int.from_bytes(os.fsencode(path)) % _PRIME:016x}.json"
    )


def identity(path: str) -> list[Any]:
    """Return what an answer depends on: schema, path, real path, inode, size, mtime (ns), this machine's C library.

    Raises NoSuchInterpreter where there is no file.
    """
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        raise NoSuchInterpreter(
            f"{path}: no such interpreter",
            hint="give the path of one that is there, or a version as in -p 3.12",
        ) from None
    return [
        SCHEMA,
        path,
        os.path.realpath(path),
        facts.st_ino,
        facts.st_size,
        facts.st_mtime_ns,
        _host(),
    ]


def kept(path: str, *, cache: str) -> Interpreter | str | None:
    """Return the answer kept for the base interpreter `path` (absolute), why it failed, or None where neither is known.

    Raises NoSuchInterpreter where there is no such file.
    """
    wanted = identity(path)
    file = kept_file(path, cache)
    if not os.path.exists(file):
        return None  # the reader of JSON is loaded while the interpreter starts
    from alcove.files import data  # noqa: PLC0415

    try:
        found = data.read(file)
    except (OSError, data.DataError):
        return None
    if not isinstance(found, list) or len(found) != 2 or found[0] != wanted:
        return None
    if isinstance(found[1], list):
        return _interpreter(found[1])
    return _failure(found[1])


def _interpreter(values: list[Any]) -> Interpreter | None:
    """Make the record of what was read, None where it is not of the shape that we write."""
    if len(values) != len(_TYPES) or not all(map(isinstance, values, _TYPES)):
        return None
    values[3], values[14] = tuple(values[3]), tuple(values[14])
    found = Interpreter(*values)
    if not os.path.exists(found.executable):
        return None
    if found.markers.get("sys_platform") == sys.platform and sys.platform in {"linux", "darwin"}:
        # PEP 508 names the running kernel, which changes without the interpreter
        host = os.uname()
        found.markers["platform_release"], found.markers["platform_version"] = (
            host.release,
            host.version,
        )
    return found


def _failure(value: Any) -> str | None:
    """Return the reason that a mark gives, None where it is too old or torn."""
    import time  # noqa: PLC0415  built in

    if not isinstance(value, dict):
        return None
    reason, since = value.get("failed"), value.get("since")
    if not isinstance(reason, str) or not isinstance(since, int):
        return None
    return reason if 0 <= time.time() - since < _MARK_LASTS else None


def _host() -> str:
    """Return what changes the tags of an unchanged interpreter: the version of the C library or of macOS."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return os.uname().release  # of macOS it tells the version
    except AttributeError:
        return ""  # Windows


_PRIME = (1 << 61) - 1
