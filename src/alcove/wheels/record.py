"""RECORD, the list of the files of an installed distribution, read and written (recording installed projects).

Rule of the written one: what is a link comes first. An uninstaller that goes through the list in its order
removes the link, and then finds nothing behind it; so nobody's removal reaches into the store.
"""

from __future__ import annotations

import base64
import binascii

from alcove.errors import InvalidWheel
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Row", "compose", "decode_hash", "encode_hash", "parse", "row", "text"]

_DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}  # PEP 427: sha256 or better


class Row(NamedTuple):
    """One line: a path with `/`, relative to site-packages; ALGORITHM=BASE64 or ""; bytes, or None."""

    path: str
    hash: str = ""
    size: int | None = None


def parse(data: bytes, where: str) -> dict[str, Row]:
    """Return the rows of a RECORD by path; InvalidWheel for what is no such list, or names a path twice."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        raise InvalidWheel(f"{where} is not in UTF-8") from None
    rows: dict[str, Row] = {}
    for fields in _fields(text, where):
        if not fields:
            continue
        if len(fields) != 3:
            raise InvalidWheel(f"{where}: the line of {fields[0][:80]!r} has not three fields")
        path, digest, size = fields
        if size and not (size.isascii() and size.isdigit() and len(size) < 20):
            raise InvalidWheel(f"{where}: the size of {path!r} is {size[:30]!r}")
        found = Row(path, digest, int(size) if size else None)
        if rows.setdefault(path, found) != found:
            raise InvalidWheel(f"{where} names {path!r} twice")
    return rows


def _fields(text: str, where: str) -> Iterable[list[str]]:
    if '"' not in text:
        return [line.rsplit(",", 2) for line in text.replace("\r", "").split("\n") if line]
    import csv  # noqa: PLC0415  only paths with commas and quotes need it

    try:
        return list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise InvalidWheel(f"{where} cannot be read: {error}") from error


def decode_hash(text: str, where: str) -> tuple[str, bytes]:
    """Return (algorithm, digest) of RECORD's form of a hash; InvalidWheel for weak and unknown ones."""
    algorithm, _, encoded = text.partition("=")
    size = _DIGEST_SIZES.get(algorithm)
    if size is None:
        raise InvalidWheel(f"{where}: the hash {text[:80]!r} is none of sha256, sha384 and sha512")
    try:
        if len(encoded) == 2 * size:  # some wheels (gmsh) write hex, which is no less clear
            return algorithm, bytes.fromhex(encoded)
        digest = base64.urlsafe_b64decode(encoded.rstrip("=") + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != size:
        raise InvalidWheel(f"{where}: the hash {text[:80]!r} cannot be read")
    return algorithm, digest


def encode_hash(sha256: str) -> str:
    """Return RECORD's form (urlsafe base64 without padding) of a sha256 in hex."""
    encoded = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode()
    return "sha256=" + encoded.rstrip("=")


def row(path: str, sha256: str = "", size: int | None = None) -> Row:
    """Return the row of a file whose sha256 (hex) is known, or of a path without hash."""
    return Row(path, encode_hash(sha256) if sha256 else "", size)


def compose(
    dist_info_name: str,
    links: Iterable[str],
    *,
    dist_info: Iterable[Row],
    scripts: Iterable[str],
    outside: Iterable[Row],
    files: Iterable[Row],
) -> bytes:
    """Return RECORD of a distribution in a view; every path is relative to site-packages, with `/`.

    `links`: paths that are links there: directories of `lib/`, sub-directories of the dist-info.
    `dist_info`: the files that stand in the private dist-info itself (INSTALLER, REQUESTED, direct_url.json
    among them, where they are placed); RECORD is added. `scripts`: names in the environment's `bin`, which
    get no hash: a launcher differs from one environment to the next. `outside`: data files and headers,
    with their paths from site-packages ("../../../share/x"). `files`: every file of the wheel below `lib/`,
    and those in linked sub-directories of the dist-info.
    """
    rows = [
        *(Row(path) for path in links),
        *dist_info,
        Row(f"{dist_info_name}/RECORD"),
        *(Row(f"../../../bin/{name}") for name in scripts),
        *outside,
        *files,
    ]
    return text(rows)


def text(rows: Iterable[Row]) -> bytes:
    """Return the file with `rows`, in their order."""
    return "".join(map(_line, rows)).encode()


def _line(one: Row) -> str:
    path, digest, size = one
    if "," in path or '"' in path:
        path = '"' + path.replace('"', '""') + '"'
    return f"{path},{digest},{'' if size is None else size}\n"
