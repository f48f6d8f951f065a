"""`pip lock`: a pylock.toml (PEP 751) for this interpreter alone, of pip's shape: one file for each distribution."""

from __future__ import annotations

import os

from alcove.errors import AlcoveError
from alcove.files import atomic
from alcove.locks.checks import path_of_url
from alcove.locks.pylock import CREATED_BY
from alcove.locks.toml import nested
from alcove.pip.gathering import request_of
from alcove.pip.more_actions import TargetWish, more_of
from alcove.pip.reporter import PipReporter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.locks.toml import Value
    from alcove.pip.session import Session
    from alcove.requirements.resolution import Origin, Pinned

    Table = dict[str, Value]

__all__ = ["run"]

_WARNING = (
    "pip lock is currently an experimental command. It may be removed/changed in a future release"
    " without prior warning."
)


def run(session: Session) -> int:
    """Carry out `pip lock`; 0."""
    output = session.output
    output.warning(_WARNING)
    request = request_of(session, "lock")
    target = session.parsed.text("output") or "pylock.toml"
    got = more_of(session.actions()).gather(
        request, TargetWish(), _quiet(session, target), into=session.directory, form="none"
    )
    path = session.absolute(target)
    base = session.directory if target == "-" else os.path.dirname(path)
    if target != "-" and not _is_lock(os.path.basename(path)):
        output.warning(f"{target} is not a valid lock file name.")
    text = _text([one.pinned for one in got], base)
    if target == "-":
        output.data(text.rstrip("\n"))
        return 0
    try:
        atomic.fill(path, text.encode())
    except OSError as error:
        raise AlcoveError(f"{target} cannot be written: {error.strerror}") from error
    return 0


def _quiet(session: Session, target: str) -> PipReporter:
    """Return the reporter; where the lock goes to stdout, only warnings are told."""
    if target != "-":
        return PipReporter(session.output)
    return PipReporter(session.output.silenced())


def _is_lock(name: str) -> bool:
    """Tell whether PEP 751 allows the name for a lock: `pylock.toml` or `pylock.NAME.toml`."""
    parts = name.split(".")
    return parts[0] == "pylock" and parts[-1] == "toml" and len(parts) in (2, 3) and all(parts)


def _text(pins: Sequence[Pinned], directory: str) -> str:
    rows = [_package(one, directory) for one in sorted(pins, key=lambda one: one.name)]
    values: Table = {"lock-version": "1.0", "created-by": CREATED_BY}
    return nested({**values, "packages": rows})


def _package(pin: Pinned, directory: str) -> Table:
    origin = pin.origin
    if origin.kind == "vcs":
        return {"name": pin.name, "vcs": _vcs(origin)}
    if origin.kind in ("directory", "editable"):
        place: Table = {"path": _relative(path_of_url(origin.url), directory)}
        if origin.kind == "editable":
            place["editable"] = True
        return {"name": pin.name, "directory": _below(place, origin)}
    hashes = {"sha256": origin.sha256}
    if origin.kind in ("url", "file"):
        return {
            "name": pin.name,
            "archive": {**_below({"url": origin.url}, origin), "hashes": hashes},
        }
    file: Table = {"name": origin.filename, "url": origin.url, "hashes": hashes}
    row: Table = {"name": pin.name, "version": pin.version}
    if origin.filename.endswith(".whl"):
        row["wheels"] = [file]
    else:
        row["sdist"] = file
    return row


def _vcs(origin: Origin) -> Table:
    kind, revision, commit = origin.vcs or ("", "", "")
    table: Table = {"type": kind, "url": origin.url}
    if revision:
        table["requested-revision"] = revision
    table["commit-id"] = commit
    return _below(table, origin)


def _below(table: Table, origin: Origin) -> Table:
    return {**table, "subdirectory": origin.subdirectory} if origin.subdirectory else table


def _relative(path: str, directory: str) -> str:
    return os.path.relpath(path, directory).replace(os.sep, "/")
