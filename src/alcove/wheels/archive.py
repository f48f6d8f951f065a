"""A wheel, opened and checked: what it is, and where each of its members would go.

Rule: everything that can be known without reading the members themselves is checked here, before anything is
written; the hashes of the members are RECORD's, and whoever reads a member compares (`Placed.digest`).
"""

from __future__ import annotations

import hashlib
import io
import os

from alcove.errors import HashMismatch, InvalidWheel
from alcove.records import NamedTuple
from alcove.wheels import entry_points, members, metadata, names, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from alcove.wheels.entry import EntryPoint

__all__ = ["Placed", "Wheel"]

_BUFFER = 1 << 16  # bytes
_LARGEST_METADATA = 64 << 20  # bytes, of one file of the dist-info that is read whole
_LARGEST_TOTAL = 64 << 30  # bytes, unpacked
_FREE_TOTAL = 1 << 30  # bytes that any wheel may unpack to, whatever the ratio
_LARGEST_RATIO = 250  # unpacked to packed; the largest real one seen is below 20
_SIGNATURES = ("RECORD.jws", "RECORD.p7s")
_REPLACED = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")  # an installer's own to write
_SCHEMES = {
    "purelib": "lib",
    "platlib": "lib",
    "data": "data",
    "scripts": "scripts",
    "headers": "headers",
}


class Placed(NamedTuple):
    """A member, the hash that RECORD says (b"" for RECORD itself and its signatures), and where it goes.

    `path` is relative to the entry's directory ("lib/flask/app.py"), or "" for what is checked and not placed:
    bytecode, and what an installer writes itself.
    """

    member: members.Member
    algorithm: str
    digest: bytes
    path: str


class Wheel:
    """An open wheel; a context manager. InvalidWheel from the constructor when the file breaks a rule.

    With `sha256` (hex), the whole file is compared first: HashMismatch.

    `filename`; `name`: the file name taken apart; `metadata`; `dist_info`: the directory's name; `placed`: the
    files in the order of their bytes; `entry_points`: launchers that it wants; `scripts`: names of its scripts.

    >>> with Wheel("/path/of/six-1.16.0-py2.py3-none-any.whl") as six:  # doctest: +SKIP
    ...     six.metadata.version
    '1.16.0'
    """

    def __init__(self, path: str, *, sha256: str = "") -> None:
        self.path = path
        self.filename = os.path.basename(path)
        self.name = names.parse_filename(self.filename)
        self._stream = io.BufferedReader(io.FileIO(path), _BUFFER)
        try:
            if sha256:
                self._check_digest(sha256)
            self._read()
        except BaseException:
            self.close()
            raise

    def _read(self) -> None:
        found = members.read_members(self._stream, self.filename)
        _check_sizes(found, os.fstat(self._stream.fileno()).st_size, self.filename)
        for member in found:
            names.check_path(member.name.removesuffix("/"), self.filename)
            _check_kind(member, self.filename)
        self._members = {member.name: member for member in found if not member.is_directory}
        self.dist_info = self._find_dist_info()
        self.metadata_text = self._own("METADATA", required=True)
        self.metadata = metadata.parse(self.metadata_text, f"{self.filename}: METADATA")
        self._check_agreement()
        self.root = self._root()
        self.project = names.normalise(self.metadata.name)
        # METADATA may spell it otherwise, and who looks for it in the store has the file's name only
        self.version = names.canonical_version(self.name.version.replace("_", "-"))
        self.placed = self._place(
            record.parse(self._own("RECORD", required=True), f"{self.filename}: RECORD")
        )
        self.entry_points: tuple[EntryPoint, ...] = entry_points.launchers(
            self._own("entry_points.txt"), self.project, f"{self.filename}: entry_points.txt"
        )
        launched = {point.name for point in self.entry_points}
        self.scripts = tuple(
            one.path[8:]
            for one in self.placed
            if one.path.startswith("scripts/") and one.path[8:] not in launched
        )

    def _check_digest(self, expected: str) -> None:
        found = hashlib.file_digest(self._stream, "sha256").hexdigest()
        if found != expected.lower():
            raise HashMismatch(
                f"{self.path}: the sha256 is {found}, and {expected} was asked for",
                hint="remove the file, so that it is fetched again",
            )

    def chunks(self, member: members.Member) -> Iterator[bytes]:
        """Yield a member's bytes in pieces of about a MiB; InvalidWheel where they are damaged."""
        return members.chunks(self._stream, member, self.filename)

    def read(self, member: members.Member) -> bytes:
        """Return a member's bytes, whole; InvalidWheel where they are damaged."""
        return members.content(self._stream, member, self.filename)

    def read_metadata(self) -> bytes:
        """Return the METADATA file as it is."""
        return self.metadata_text

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> Self:
        """Return the wheel, which is open already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def _find_dist_info(self) -> str:
        tops = {name.partition("/")[0] for name in self._members if "/" in name}
        found = [top for top in tops if top.lower().endswith(".dist-info")]
        if len(found) != 1:
            raise InvalidWheel(f"{self.filename} has {len(found)} dist-info directories, not one")
        stem, _, suffix = found[0].rpartition(".")
        name, _, version = stem.rpartition("-")
        if suffix != "dist-info" or not self._is_own(name, version):
            raise InvalidWheel(f"{self.filename}: {found[0]} is not named as the wheel is")
        self._data = {top for top in tops if top.lower().endswith(".data")}
        for top in self._data:
            name, _, version = top[:-5].rpartition("-")
            if not top.endswith(".data") or not self._is_own(name, version):
                raise InvalidWheel(f"{self.filename}: {top} is not named as the wheel is")
        return found[0]

    def _is_own(self, name: str, version: str) -> bool:
        return names.normalise(name) == names.normalise(self.name.name) and (
            version == self.name.version
            # The escaped form of a file name has `_` where the version has `-`.
            or names.same_version(version.replace("_", "-"), self.name.version.replace("_", "-"))
        )

    def _own(self, name: str, *, required: bool = False) -> bytes:
        member = self._members.get(f"{self.dist_info}/{name}")
        if member is None:
            if required:
                raise InvalidWheel(f"{self.filename}: {self.dist_info}/{name} is missing")
            return b""
        if member.size > _LARGEST_METADATA:
            raise InvalidWheel(f"{self.filename}: {member.name} is too large")
        return self.read(member)

    def _check_agreement(self) -> None:
        said = (self.metadata.name, self.metadata.version)
        if not self._is_own(*said):
            raise InvalidWheel(
                f"{self.filename} says in its METADATA that it is {said[0][:80]} {said[1][:80]}"
            )

    def _root(self) -> str:
        """Return the scheme of what stands in the wheel's root, after a look at the format's version."""
        fields = dict(metadata.headers(self._own("WHEEL", required=True)))
        version = fields.get("wheel-version", "")
        if version.partition(".")[0] != "1":
            raise InvalidWheel(
                f"{self.filename} is of wheel format {version[:20] or '(none)'}, and only 1 is known"
            )
        return "purelib" if fields.get("root-is-purelib", "").lower() == "true" else "platlib"

    def _place(self, rows: dict[str, record.Row]) -> list[Placed]:
        """Compare members and RECORD, name for name, and say where each goes."""
        info = f"{self.dist_info}/"
        unsigned = {f"{info}RECORD", *(info + name for name in _SIGNATURES)}
        for path, row in rows.items():
            if path not in self._members and not (path.endswith("/") and not row.hash):
                raise InvalidWheel(f"{self.filename}: RECORD lists {path!r}, which is not there")
        placed = []
        for name, member in self._members.items():
            listed = None if name in unsigned else rows.get(name)
            if listed is None and name not in unsigned:
                raise InvalidWheel(f"{self.filename}: {name!r} is not listed in RECORD")
            algorithm, digest = "sha256", b""
            if listed is not None:
                algorithm, digest = record.decode_hash(listed.hash, f"{self.filename}: {name}")
                if listed.size not in {None, member.size}:
                    raise InvalidWheel(f"{self.filename}: the size of {name!r} is not RECORD's")
            placed.append(Placed(member, algorithm, digest, self._destination(name)))
        _check_collisions([one.path for one in placed if one.path], self.filename)
        return placed

    def _destination(self, name: str) -> str:
        top, _, rest = name.partition("/")
        if top == self.dist_info:
            if rest in _REPLACED:
                return ""
            if names.folded(rest) in {"record.requested", *map(str.lower, _REPLACED)}:
                raise InvalidWheel(f"{self.filename}: {name!r} is an installer's to write")
            return f"dist-info/{rest}"
        if top in self._data:
            scheme, _, rest = rest.partition("/")
            if scheme not in _SCHEMES or not rest:
                raise InvalidWheel(f"{self.filename}: {name!r} belongs to no install scheme")
        else:
            scheme, rest = self.root, name
        if _is_bytecode(rest):
            return ""
        where = _SCHEMES[scheme]
        if where == "lib":
            names.check_lib_path(rest, self.filename)
        elif where == "scripts":
            names.check_script_name(rest, self.project, self.filename)
        elif where == "data":
            names.check_data_path(rest, self.project, self.filename)
        return f"{where}/{rest}"


def _is_bytecode(path: str) -> bool:
    # A shipped .pyc can make its module unimportable, or be another program than its source.
    lowered = path.lower()
    return lowered.endswith((".pyc", ".pyo")) or "__pycache__" in lowered.split("/")


def _check_sizes(found: list[members.Member], packed: int, where: str) -> None:
    total = sum(member.size for member in found)
    if total > _LARGEST_TOTAL or (total > _FREE_TOTAL and total > _LARGEST_RATIO * packed):
        raise InvalidWheel(
            f"{where} would unpack to {total >> 20} MiB from {packed >> 20} MiB; no wheel does that"
        )


def _check_kind(member: members.Member, where: str) -> None:
    kind = member.mode & 0o170000
    if kind not in ({0, 0o040000} if member.is_directory else {0, 0o100000}):
        raise InvalidWheel(f"{where}: {member.name!r} is a link or another special file")
    if member.is_directory and member.size:
        raise InvalidWheel(f"{where}: the directory {member.name!r} has content")


def _check_collisions(paths: list[str], where: str) -> None:
    """Refuse two paths that some file system takes for one, and a file that is a directory elsewhere."""
    seen: dict[str, str] = {}
    parents: set[str] = set()
    for path in paths:
        key = names.folded(path)
        if key in seen:
            raise InvalidWheel(f"{where}: {seen[key]!r} and {path!r} are one file on some systems")
        seen[key] = path
        parent = key.rpartition("/")[0]
        while parent and parent not in parents:
            parents.add(parent)
            parent = parent.rpartition("/")[0]
    for parent in parents:
        if parent in seen:
            raise InvalidWheel(f"{where}: {seen[parent]!r} is a file and a directory")
