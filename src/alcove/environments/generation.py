"""One numbered state of an environment, and how one distribution stands in it; the truth is `generations/N.json`.

A generation is enough to show the state again: no network, no resolution, only the entries that it names.
"""

from __future__ import annotations

import errno

from alcove.errors import BrokenEnvironment, NewerFormat
from alcove.files import data, reading
from alcove.files.checksums import FORMAT, checked, is_newer, refuse_unlike
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeVar

    _Record = TypeVar("_Record")

__all__ = [
    "DataFile",
    "Generation",
    "Launcher",
    "Placement",
    "decode",
    "decode_placements",
    "encode",
    "encode_placement",
    "load",
    "newer",
    "placement_of",
    "without_logins",
]


class Launcher(NamedTuple):
    """One program of a distribution in `bin`: an entry point, or a script of the wheel (`module` is then "")."""

    name: str
    module: str
    attribute: str


class DataFile(NamedTuple):
    """One file outside the slots: `path` relative to the environment, `source` below the entry, sha256 in hex."""

    path: str
    source: str
    sha256: str


class Placement(NamedTuple):
    """How one distribution stands in `site-packages` and `bin`. Paths are relative to site-packages, with `/`.

    `source`: "e/DIRECTORY" (an entry of the store) or "kept/DIGEST" (placed by others), below `.alcove`.
    `links`: directories linked whole. `trees`: directories materialised whole. `directories`: real ones on the way.
    `files`: real files. `dist_files`, `dist_links`: what the dist-info holds, relative to it (RECORD and REQUESTED aside).
    `record`: "" where the prepared RECORD of the entry is true, else why not. `natural`: nothing was parted for another.
    `needs`: what was needed of others when it was placed (raw Requires-Dist).
    """

    name: str
    version: str
    source: str
    sha256: str
    dist_info: str
    requested: bool
    direct_url: str
    links: tuple[str, ...]
    trees: tuple[str, ...]
    directories: tuple[str, ...]
    files: tuple[str, ...]
    dist_files: tuple[str, ...]
    dist_links: tuple[str, ...]
    launchers: tuple[Launcher, ...]
    data: tuple[DataFile, ...]
    record: str
    natural: bool


class Generation(NamedTuple):
    """`parent` is -1 for the first; `time` in seconds since 1970; `why` the command, `asked` what it named.

    `prefix`: where the environment lay when the slot was made (launchers name it). `outside`: others made it.
    """

    number: int
    parent: int
    time: int
    why: str
    asked: tuple[str, ...]
    mode: str
    prefix: str
    outside: bool
    placements: tuple[Placement, ...]

    def placed(self) -> dict[str, Placement]:
        """Return the placements by the name of their dist-info, which no two can share."""
        return {placement.dist_info: placement for placement in self.placements}


_PLACEMENTS = b'"placements":[\n'
_END = b"\n]}\n"


def encode(generation: Generation) -> bytes:
    """Return the JSON text of a generation: a line for what it is, and one for each placement.

    Its checksum stands in front: what a disk changes would else be taken for what is to be done. Format 1, which is still
    read, had none.
    """
    value = generation._asdict()
    del value["placements"]
    # Joined at once: of a text as large as that of an environment each copy takes as long as to write it.
    lines = [*map(encode_placement, generation.placements)] or [b""]
    lines[0] = data.dumps(value)[1:-2] + b"," + _PLACEMENTS + lines[0]
    lines[-1] += _END
    rest = b",\n".join(lines)
    return checked(rest)


def encode_placement(placement: Placement) -> bytes:
    """Return the JSON text of a placement, one line without its end."""
    return _lines.get(id(placement)) or data.dumps(placement._asdict())[:-1]


# A line says the same wherever it stands: the generations of an environment have most of their lines in common.
_known_lines: dict[bytes, Placement] = {}
_lines: dict[
    int, bytes
] = {}  # the same, from the placement; the other one keeps it alive, so its id is its own


def decode(text: bytes, origin: str) -> Generation:
    """Return the generation that the JSON text says; BrokenEnvironment (naming `origin`) where it says none, or NewerFormat."""
    try:
        at = text.find(_PLACEMENTS)
        begin, end = at + len(_PLACEMENTS), len(text) - len(_END)
        if not (at >= 0 and begin <= end and text.endswith(_END)) or text.endswith(b"," + _END):
            raise ValueError("it is cut off")  # noqa: TRY301
        has_checksum = refuse_unlike(text)
        value = data.loads(text[: at - 1] + b"}")
        known = value.pop("format")
        if known == FORMAT:
            del value["crc32"]
            if not has_checksum:
                raise ValueError("its checksum cannot be read")  # noqa: TRY301
        elif known != 1:
            raise ValueError(f"its format is {known!r:.20}")  # noqa: TRY301
        value["asked"] = tuple(value["asked"])
        # Not what lies between is cut out first: of what is as large, each copy costs as much as the reading did.
        lines = text.split(b",\n")
        lines[-1] = lines[-1][: -len(_END)].rstrip(b"\n")
        lines[0] = lines[0][begin:]
        value["placements"] = tuple(
            decode_placements([line for line in lines if line], (text, begin - 2, end + 2))
        )
        _refuse_strange(value)
        return Generation(**value)
    except (data.DataError, KeyError, TypeError, ValueError, AttributeError) as error:
        if is_newer(text):
            raise newer(origin) from error
        raise BrokenEnvironment(f"{origin} is damaged: {error}", hint=_mended(origin)) from error


def decode_placements(
    lines: Sequence[bytes], whole: tuple[bytes, int, int] | None = None
) -> list[Placement]:
    """Return the placements that lines of `encode_placement` say.

    `whole`: a text that has the JSON array of them all, and where that begins and ends, if there is one. DataError,
    KeyError, TypeError, ValueError or AttributeError where one says none.
    """
    new = [line for line in lines if line not in _known_lines]
    if new:
        if whole is None or len(new) < len(lines):
            pieces = [*new]
            pieces[0] = b"[" + pieces[0]
            pieces[-1] += b"]"
            text = b",".join(pieces)
            whole = text, 0, len(text)
        text, begin, end = whole
        # All that a path out could be written with; what wheels hold hardly ever has any of it. From the end it is found
        # missing in half of the time.
        is_odd = (
            text.find(b"\\", begin, end) >= 0
            or text.rfind(b"..", begin, end) >= 0
            or text.rfind(b'"/', begin, end) >= 0
        )
        rows = data.loads(memoryview(text)[begin:end])
        for line, row in zip(new, rows, strict=True):
            placement = placement_of(row)
            if is_odd:
                _refuse_ways_out(placement)
            _known_lines[line] = placement
            _lines[id(placement)] = line
    return [_known_lines[line] for line in lines]


_LARGEST = 1 << 40  # of a number, and of a time in seconds: no calendar goes on for longer


def newer(origin: str) -> NewerFormat:
    """Return what to raise where a newer alcove wrote the generation in the file `origin`."""
    return NewerFormat(f"{origin} is of a format that this alcove does not know")


def _refuse_strange(value: dict[str, Any]) -> None:
    """Raise ValueError where what names a file, a place or a time of a generation is none."""
    number, parent, time = value["number"], value["parent"], value["time"]
    if not {type(number), type(parent), type(time)} == {int}:
        raise ValueError("its number, its parent or its time is no number")
    if not (0 <= number < _LARGEST and -1 <= parent < _LARGEST and -_LARGEST < time < _LARGEST):
        raise ValueError("its number, its parent or its time is none that there is")
    if not isinstance(value["prefix"], str) or not value["prefix"]:
        raise ValueError("it does not say where it was placed")


def _refuse_ways_out(placement: Placement) -> None:
    """Raise ValueError where a path of a placement is absolute, or leads up: whoever wrote it wants other people's files."""
    paths = [placement.source, placement.dist_info]
    for named in placement[7:13]:  # from `links` to `dist_links`
        paths += named
    paths += [launcher.name for launcher in placement.launchers]
    for row in placement.data:
        paths += (row.path, row.source)
    for path in paths:
        if path.startswith("/") or "\0" in path or ".." in path.replace("\\", "/").split("/"):
            raise ValueError(f"the path {path!r} of {placement.name} leads elsewhere")


def without_logins(text: str) -> str:
    """Return a command's words without what stands before the host in each address: everybody may read a generation.

    The user of ssh stays, who is no secret. An address may lack its scheme, as one of a slip of the pen does.

    >>> without_logins("alcove install -i https://me:secret@index.example/simple x")
    'alcove install -i https://index.example/simple x'
    """
    if "@" in text:
        text = " ".join(map(_without_login, text.split(" ")))
    first, *rest = text.split("://")
    pieces = [first]
    for piece in rest:
        end = min((at for at in map(piece.find, "/?# \t\n'\"") if at >= 0), default=len(piece))
        user, at, host = piece[:end].rpartition("@")
        if at and not (pieces[-1].endswith("ssh") and ":" not in user):
            piece = host + piece[end:]  # noqa: PLW2901  what is left of it
        pieces.append(piece)
    return "://".join(pieces)


def _without_login(word: str) -> str:
    """Return `USER:PASSWORD@HOST/…` without the login; an address with a scheme as it is."""
    if "://" in word:
        return word
    head, slash, tail = word.partition("/")
    login, _, host = head.rpartition("@")
    if ":" not in login:
        return word
    before = login[: login.find("=") + 1] if login.startswith("-") else login[: login[0] in "'\""]
    return f"{before}{host}{slash}{tail}"


def load(path: str) -> Generation:
    """Return the generation in the file `path` (absolute); OSError where there is none, BrokenEnvironment where it is damaged."""
    try:
        content = reading.content(path)
    except OSError as error:
        if error.errno not in (errno.EISDIR, errno.ELOOP, errno.EIO):
            raise
        raise BrokenEnvironment(
            f"{path} cannot be read: {error.strerror}", hint=_mended(path)
        ) from None
    return decode(content, path)


def _mended(path: str) -> str:
    """Return the command that mends the environment in which a file lies."""
    from alcove.pasting import repair_of  # noqa: PLC0415  only for a message

    return repair_of(path) or "alcove repair"


def placement_of(row: dict[str, Any]) -> Placement:
    """Return the placement that a JSON object says; KeyError, TypeError or ValueError where it says none."""
    if tuple(row) != Placement._fields:
        raise ValueError(f"the fields of {row.get('name')} are not those of a placement")
    values = list(row.values())
    values[7:13] = map(tuple, values[7:13])
    values[13] = tuple(_records(Launcher, values[13])) if values[13] else ()
    values[14] = tuple(_records(DataFile, values[14])) if values[14] else ()
    return tuple.__new__(Placement, values)  # of hundreds a call of the class each is what it takes


def _records(kind: type[_Record], rows: list[list[Any]]) -> list[_Record]:
    """Return the records of many rows; ValueError where one has another number of fields."""
    if {len(row) for row in rows} - {len(kind._fields)}:  # type: ignore[attr-defined]
        raise ValueError(f"a {kind.__name__} has other fields")
    make = tuple.__new__  # of hundreds of files a call of the class each is what reading takes
    return [make(kind, row) for row in rows]  # type: ignore[type-var]
