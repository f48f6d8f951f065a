"""Wheels made to measure: valid by default, and each part of them can be made wrong on purpose.

>>> path = wheel("/tmp", "demo", "1.0", requires=["six"], entry_points={"demo": "demo:main"})  # doctest: +SKIP
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import warnings
import zipfile
from typing import TYPE_CHECKING, NamedTuple, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Unpack

__all__ = ["Member", "Parts", "record_hash", "wheel", "wheel_bytes"]

Content = str | bytes


class Member(NamedTuple):
    """One member of the archive: its name as written, its content, its Unix mode (with the type bits)."""

    name: str
    content: bytes
    mode: int = 0o100644


class Parts(TypedDict, total=False):
    """What a wheel can be asked to hold; all names are relative, with `/`."""

    requires: Sequence[str]  # Requires-Dist lines
    requires_python: str
    extras: Sequence[str]  # Provides-Extra lines
    summary: str
    metadata_lines: Sequence[str]  # further header lines of METADATA, as they are
    files: Mapping[str, Content]  # below site-packages; default: NAME/__init__.py with __version__
    entry_points: Mapping[str, str]  # console scripts: name -> "module:attribute"
    gui_scripts: Mapping[str, str]
    entry_point_groups: Mapping[str, Mapping[str, str]]  # other groups
    scripts: Mapping[str, Content]  # *.data/scripts, executable
    data: Mapping[str, Content]  # *.data/data
    headers: Mapping[str, Content]  # *.data/headers
    other_data: Mapping[str, Content]  # below *.data/, names with the scheme: "purelib/x.py"
    dist_info: Mapping[str, Content]  # further files of the dist-info: "licenses/LICENSE"
    executable: Collection[str]  # which of `files` have the x bit
    tags: str  # a compressed tag set: "py2.py3-none-any"
    build: str  # the build tag of the file name
    root_is_purelib: bool  # default: the platform tag is "any"
    # what can be falsified
    filename: str  # the file name, whole
    dist_info_name: str  # in place of NAME-VERSION.dist-info
    metadata: Content  # METADATA, whole
    wheel_file: Content  # WHEEL, whole
    entry_points_file: Content  # entry_points.txt, whole
    record: Content  # RECORD, whole
    record_rows: Callable[[list[list[str]]], list[list[str]]]  # RECORD's rows, edited
    without: Collection[str]  # members left out of the archive (but not of RECORD)
    unrecorded: Sequence[Member]  # members that RECORD does not list
    modes: Mapping[str, int]  # Unix modes of members, with the type bits
    directories: Sequence[str]  # directory members: "demo/"
    compression: int  # zipfile.ZIP_STORED or ZIP_DEFLATED
    patch: Callable[[bytes], bytes]  # the finished bytes, edited


def wheel(directory: str, name: str, version: str = "1.0", **parts: Unpack[Parts]) -> str:
    """Write a wheel into `directory` (made where missing) and return the path of the `.whl`."""
    filename, content = wheel_bytes(name, version, **parts)
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, filename)
    with open(path, "wb") as stream:
        stream.write(content)
    return path


def wheel_bytes(name: str, version: str = "1.0", **parts: Unpack[Parts]) -> tuple[str, bytes]:
    """Return the file name and the content of a wheel; the same for the same arguments."""
    escaped = name.replace("-", "_")
    stem = f"{escaped}-{version}"
    info = parts.get("dist_info_name", f"{stem}.dist-info")
    tags = parts.get("tags", "py3-none-any")
    build = f"-{parts['build']}" if parts.get("build") else ""
    members = [*_content(escaped, version, stem, parts), *_dist_info(name, version, info, parts)]
    rows = [
        [member.name, record_hash(member.content), str(len(member.content))] for member in members
    ]
    rows.append([f"{info}/RECORD", "", ""])
    if edit := parts.get("record_rows"):
        rows = edit(rows)
    record = _bytes(parts.get("record", "".join(_row(row) for row in rows)))
    members.append(Member(f"{info}/RECORD", record))
    members = [Member(folder, b"", 0o40755) for folder in parts.get("directories", ())] + members
    members.extend(parts.get("unrecorded", ()))
    without = parts.get("without", ())
    modes = parts.get("modes", {})
    kept = [
        member._replace(mode=modes.get(member.name, member.mode))
        for member in members
        if member.name not in without
    ]
    content = _zip(kept, parts.get("compression", zipfile.ZIP_DEFLATED))
    if patch := parts.get("patch"):
        content = patch(content)
    return parts.get("filename", f"{stem}{build}-{tags}.whl"), content


def record_hash(content: bytes, algorithm: str = "sha256") -> str:
    """Return RECORD's form of a hash: `sha256=` and urlsafe base64 without padding."""
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    return f"{algorithm}={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _content(module: str, version: str, stem: str, parts: Parts) -> list[Member]:
    files = parts.get("files")
    if files is None:
        files = {f"{module.lower()}/__init__.py": f'__version__ = "{version}"\n'}
    executable = parts.get("executable", ())
    members = [
        Member(name, _bytes(text), 0o100755 if name in executable else 0o100644)
        for name, text in files.items()
    ]
    for scheme, mode in (("scripts", 0o100755), ("data", 0o100644), ("headers", 0o100644)):
        found: Mapping[str, Content] = parts.get(scheme, {})  # type: ignore[assignment]
        members.extend(
            Member(f"{stem}.data/{scheme}/{name}", _bytes(text), mode)
            for name, text in found.items()
        )
    members.extend(
        Member(f"{stem}.data/{name}", _bytes(text))
        for name, text in parts.get("other_data", {}).items()
    )
    return members


def _dist_info(name: str, version: str, info: str, parts: Parts) -> list[Member]:
    files: dict[str, Content] = dict(parts.get("dist_info", {}))
    files["METADATA"] = parts.get("metadata", _metadata(name, version, parts))
    files["WHEEL"] = parts.get("wheel_file", _wheel_file(parts))
    points = parts.get("entry_points_file", _entry_points(parts))
    if points:
        files["entry_points.txt"] = points
    return [Member(f"{info}/{path}", _bytes(text)) for path, text in files.items()]


def _metadata(name: str, version: str, parts: Parts) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    if summary := parts.get("summary"):
        lines.append(f"Summary: {summary}")
    if python := parts.get("requires_python"):
        lines.append(f"Requires-Python: {python}")
    lines.extend(f"Provides-Extra: {extra}" for extra in parts.get("extras", ()))
    lines.extend(f"Requires-Dist: {requirement}" for requirement in parts.get("requires", ()))
    lines.extend(parts.get("metadata_lines", ()))
    return "\n".join(lines) + "\n"


def _wheel_file(parts: Parts) -> str:
    pythons, abis, platforms = parts.get("tags", "py3-none-any").split("-")
    pure = parts.get("root_is_purelib", platforms == "any")
    lines = [
        "Wheel-Version: 1.0",
        "Generator: alcove.testing",
        f"Root-Is-Purelib: {str(pure).lower()}",
    ]
    lines.extend(
        f"Tag: {python}-{abi}-{platform}"
        for python in pythons.split(".")
        for abi in abis.split(".")
        for platform in platforms.split(".")
    )
    if build := parts.get("build"):
        lines.append(f"Build: {build}")
    return "\n".join(lines) + "\n"


def _entry_points(parts: Parts) -> str:
    groups = {
        "console_scripts": parts.get("entry_points", {}),
        "gui_scripts": parts.get("gui_scripts", {}),
        **parts.get("entry_point_groups", {}),
    }
    return "".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items()) + "\n"
        for group, points in groups.items()
        if points
    )


def _bytes(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _row(row: Sequence[str]) -> str:
    fields = (f'"{field}"' if "," in field else field for field in row)
    return ",".join(fields) + "\n"


def _zip(members: Sequence[Member], compression: int) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", compression) as archive:
        warnings.simplefilter("ignore", UserWarning)  # duplicate names are what some tests want
        for member in members:
            facts = zipfile.ZipInfo(member.name, (2020, 2, 2, 0, 0, 0))
            facts.create_system = 3
            facts.external_attr = member.mode << 16
            facts.compress_type = compression
            archive.writestr(facts, member.content)
    return out.getvalue()
