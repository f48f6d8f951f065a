"""`pip cache`: where alcove keeps what it fetched and built, what that is, and how it goes.

Only what can be fetched or built again is looked at and removed; the store of unpacked wheels is no cache.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch

from alcove.errors import AlcoveError
from alcove.files import ops, trees
from alcove.pip.more_actions import more_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.pip.session import Session

__all__ = ["run", "size"]

_ACTIONS = ("dir", "info", "list", "purge", "remove")
_FETCHED = "index-v1"  # pages, metadata and files of indexes
_DECIDED = "resolutions"  # what requests led to
_BUILT = "wheels"
_IN_USE = "tmp"  # below _FETCHED: what other processes are writing; swept by them


def run(session: Session) -> int:
    """Carry out `pip cache`; 1 for an action that is none, and where the cache is switched off."""
    words, output = session.parsed.arguments, session.output
    said = session.parsed.text("cache_dir")
    if said == "":
        output.error("pip cache commands can not function since cache is disabled.")
        return 1
    root = session.absolute(said) if said else more_of(session.actions()).cache()
    if not words or words[0] not in _ACTIONS:
        output.error(f"Need an action ({', '.join(_ACTIONS)}) to perform.")
        return 1
    action, rest = words[0], words[1:]
    if len(rest) > (1 if action in {"list", "remove"} else 0):
        output.error("Too many arguments")
        return 1
    if action == "remove" and not rest:
        output.error("Please provide a pattern")
        return 1
    if action == "dir":
        output.info(root)
    elif action == "info":
        _tell(session, root)
    elif action == "list":
        _list(session, root, rest[0] if rest else "*")
    else:
        _remove(session, root, rest[0] if action == "remove" else "*")
    return 0


def size(count: int) -> str:
    """Return a number of bytes as pip writes it.

    >>> size(999), size(5_200), size(52_000), size(5_230_000)
    ('999 bytes', '5.2 kB', '52 kB', '5.2 MB')
    """
    if count > 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    if count > 10_000:
        return f"{count // 1000} kB"
    return f"{count / 1000:.1f} kB" if count > 1000 else f"{count} bytes"


def _tell(session: Session, root: str) -> None:
    fetched = list(_files(os.path.join(root, _FETCHED)))
    built = os.path.join(root, _BUILT)
    for line in (
        f"Package index page cache location (pip v23.3+): {os.path.join(root, _FETCHED)}",
        f"Package index page cache size: {size(sum(map(_length, fetched)))}",
        f"Number of HTTP files: {len(fetched)}",
        f"Locally built wheels location: {built}",
        f"Locally built wheels size: {size(sum(map(_length, _files(built))))}",
        f"Number of locally built wheels: {len(_wheels(root, '*'))}",
    ):
        session.output.info(line)


def _list(session: Session, root: str, pattern: str) -> None:
    found, output = _wheels(root, pattern), session.output
    if session.parsed.text("format") == "abspath":
        for path in sorted(found):
            output.info(path)
        return
    if not found:
        output.info("No locally built wheels cached.")
        return
    output.info("Cache contents:\n")
    for line in sorted(f" - {os.path.basename(path)} ({size(_length(path))})" for path in found):
        output.info(line)


def _remove(session: Session, root: str, pattern: str) -> None:
    output = session.output
    doomed = _wheels(root, pattern)
    if pattern == "*":
        doomed += [*_files(os.path.join(root, _FETCHED)), *_files(os.path.join(root, _DECIDED))]
    if not doomed:
        told = "" if pattern == "*" else f' for pattern "{pattern}"'
        output.warning(f"No matching packages{told}")
    total = 0
    for path in doomed:
        total += _length(path)
        _unlink(path)
        output.verbose(f"Removed {path}")
    gone = 0
    for kind in (_BUILT, _FETCHED, _DECIDED):
        for directory in _empty(os.path.join(root, kind)):
            trees.remove(directory)
            gone += 1
            output.verbose(f"Removed {directory}")
    output.info(f"Files removed: {len(doomed)} ({size(total)})")
    output.info(f"Directories removed: {gone}")


def _wheels(root: str, pattern: str) -> list[str]:
    """Return the built wheels of a name or a glob: with `-` it goes on with the version, without it ends before one."""
    pattern += "*.whl" if "-" in pattern else "-*.whl"
    return [
        path
        for path in _files(os.path.join(root, _BUILT))
        if fnmatch(os.path.basename(path), pattern)
    ]


def _files(directory: str) -> Iterator[str]:
    """Yield the absolute paths of the files below a directory, but for those that are being written."""
    for path, _, names in os.walk(directory):
        if os.path.basename(path) != _IN_USE or os.path.dirname(path) != directory:
            yield from (os.path.join(path, name) for name in names)


def _empty(directory: str) -> list[str]:
    """Return the directories that have no file below them, the deepest first; for wheels: nothing but leftovers."""
    kept = set()
    found = []
    for path, _, names in os.walk(directory):
        found.append(path)
        busy = os.path.basename(path) == _IN_USE and os.path.dirname(path) == directory
        if names or busy:
            while len(path) >= len(directory):
                kept.add(path)
                path = os.path.dirname(path)  # noqa: PLW2901  up to where the walk began
    return [path for path in reversed(found) if path not in kept]


def _length(path: str) -> int:
    """Return the bytes of a file; a link counts for nothing, as does what another process has removed."""
    try:
        return 0 if os.path.islink(path) else os.stat(path).st_size
    except OSError:
        return 0


def _unlink(path: str) -> None:
    try:
        ops.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise AlcoveError(
            f"{path} cannot be removed: {error.strerror}", hint="check who owns the cache"
        ) from error
