"""An index of files on disk, as pip and alcove read one: pages in HTML (PEP 503) and JSON (PEP 691).

Rule: everything lies below one directory, so the index can be read with `file:` addresses, or served by
`alcove.testing.server`; each `add` writes the pages of its project anew.

>>> from alcove.testing.index import index
>>> flask = index("/tmp/index").add("/tmp/flask-3.0-py3-none-any.whl")  # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import zipfile
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DiskIndex", "Listed", "index"]


class Listed(NamedTuple):
    """One file of an index: what its project's pages say of it, and the `path` (absolute) where it lies.

    `yanked`: the reason, "" without one, None where it is not yanked. `metadata`: sha256 of the sidecar file
    (PEP 658), or "". `upload_time`: as in JSON, `2024-01-31T12:00:00Z`, or "". `size` in bytes.
    """

    project: str
    filename: str
    path: str
    sha256: str
    size: int
    requires_python: str
    yanked: str | None
    metadata: str
    upload_time: str
    hashed: bool

    @property
    def address(self) -> str:
        """The file's address as its page writes it: relative to the page."""
        fragment = f"#sha256={self.sha256}" if self.hashed else ""
        return f"../../files/{quote(self.filename)}{fragment}"


class DiskIndex:
    """An index below `directory` (absolute): pages in `simple/NAME/`, files and their sidecars in `files/`."""

    def __init__(self, directory: str) -> None:
        self.directory = os.path.abspath(directory)
        self.simple = os.path.join(self.directory, "simple")
        self.listed: dict[str, dict[str, Listed]] = {}
        os.makedirs(os.path.join(self.directory, "files"), exist_ok=True)
        os.makedirs(self.simple, exist_ok=True)
        self._write_root()

    @property
    def url(self) -> str:
        """The `file:` address to give as an index URL."""
        return f"file://{quote(self.simple)}"

    def add(
        self,
        path: str,
        *,
        project: str = "",
        requires_python: str | None = None,
        yanked: str | None = None,
        metadata: bool = True,
        upload_time: str = "",
        hashed: bool = True,
    ) -> Listed:
        """Copy the wheel or sdist at `path` in and list it; return what the pages say of it.

        `requires_python`: None takes it from the wheel. `metadata`: offer a wheel's METADATA beside it (PEP 658).
        `hashed`: whether the pages give its sha256. `project`: the page's name, if not that of the file's name.
        """
        filename = os.path.basename(path)
        name = normalised(project or project_of(filename))
        target = os.path.join(self.directory, "files", filename)
        if os.path.abspath(path) != target:
            shutil.copyfile(path, target)
        with open(target, "rb") as stream:
            content = stream.read()
        sidecar = metadata_of(target)
        if requires_python is None:
            requires_python = field(sidecar, "Requires-Python")
        offered = ""
        if metadata and sidecar:
            offered = hashlib.sha256(sidecar).hexdigest()
            with open(target + ".metadata", "wb") as stream:
                stream.write(sidecar)
        digest = hashlib.sha256(content).hexdigest()
        facts = (digest, len(content), requires_python, yanked, offered, upload_time, hashed)
        listed = Listed(name, filename, target, *facts)
        self.listed.setdefault(name, {})[filename] = listed
        self._write(name)
        return listed

    def yank(self, filename: str, reason: str = "") -> None:
        """Mark a file as yanked (PEP 592)."""
        self._change(filename, reason)

    def remove(self, filename: str) -> None:
        """Take a file off its project's pages; it stays on disk."""
        for name, files in self.listed.items():
            if files.pop(filename, None):
                self._write(name)
                return
        raise KeyError(filename)

    def _change(self, filename: str, yanked: str | None) -> None:
        for name, files in self.listed.items():
            if filename in files:
                files[filename] = files[filename]._replace(yanked=yanked)
                self._write(name)
                return
        raise KeyError(filename)

    def _write(self, name: str) -> None:
        directory = os.path.join(self.simple, name)
        os.makedirs(directory, exist_ok=True)
        files = list(self.listed[name].values())
        write(os.path.join(directory, "index.html"), html_page(name, files))
        write(os.path.join(directory, "index.json"), json_page(name, files))
        self._write_root()

    def _write_root(self) -> None:
        names = sorted(self.listed)
        anchors = "".join(f'<a href="{name}/">{name}</a>\n' for name in names)
        write(os.path.join(self.simple, "index.html"), f"<!DOCTYPE html>\n{anchors}")
        projects = [{"name": name} for name in names]
        root = {"meta": {"api-version": "1.1"}, "projects": projects}
        write(os.path.join(self.simple, "index.json"), json.dumps(root))


def index(directory: str) -> DiskIndex:
    """Make an index below `directory`, which is made where it is missing."""
    return DiskIndex(directory)


def html_page(name: str, files: Sequence[Listed]) -> str:
    """Return a project's page in HTML (PEP 503, 592, 658, 714)."""
    lines = [f"<!DOCTYPE html>\n<title>Links for {name}</title>"]
    for file in files:
        attributes = {"href": file.address}
        if file.requires_python:
            attributes["data-requires-python"] = file.requires_python
        if file.yanked is not None:
            attributes["data-yanked"] = file.yanked
        if file.metadata:
            # PEP 714: both names, for installers of either age
            attributes["data-core-metadata"] = f"sha256={file.metadata}"
            attributes["data-dist-info-metadata"] = f"sha256={file.metadata}"
        if file.upload_time:
            attributes["data-upload-time"] = file.upload_time
        words = " ".join(f'{key}="{html.escape(value)}"' for key, value in attributes.items())
        lines.append(f"<a {words}>{file.filename}</a><br/>")
    return "\n".join(lines) + "\n"


def json_page(name: str, files: Sequence[Listed]) -> str:
    """Return a project's page in JSON (PEP 691, 700)."""
    rows: list[dict[str, object]] = []
    for file in files:
        row: dict[str, object] = {
            "filename": file.filename,
            "url": file.address.partition("#")[0],
            "hashes": {"sha256": file.sha256} if file.hashed else {},
            "size": file.size,
        }
        if file.requires_python:
            row["requires-python"] = file.requires_python
        if file.yanked is not None:
            row["yanked"] = file.yanked or True
        if file.metadata:
            row["core-metadata"] = {"sha256": file.metadata}
        if file.upload_time:
            row["upload-time"] = file.upload_time
        rows.append(row)
    versions = sorted({version_of(file.filename) for file in files})
    return json.dumps(
        {"meta": {"api-version": "1.1"}, "name": name, "versions": versions, "files": rows}
    )


def project_of(filename: str) -> str:
    """Return the project that the name of a wheel or an sdist begins with, as it is written there."""
    if filename.endswith(".whl"):
        return filename.partition("-")[0]
    return filename.removesuffix(".tar.gz").removesuffix(".zip").rpartition("-")[0]


def version_of(filename: str) -> str:
    """Return the version that the name of a wheel or an sdist holds."""
    if filename.endswith(".whl"):
        return filename.partition("-")[2].partition("-")[0]
    return filename.removesuffix(".tar.gz").removesuffix(".zip").rpartition("-")[2]


def metadata_of(path: str) -> bytes:
    """Return METADATA of the wheel at `path`; empty for an sdist, and for a wheel too broken to have any."""
    if not path.endswith(".whl"):
        return b""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.count("/") == 1 and member.endswith(".dist-info/METADATA"):
                    return archive.read(member)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return b""  # an index offers broken wheels as well as whole ones
    return b""


def field(metadata: bytes, name: str) -> str:
    """Return the first value of a header of METADATA, or ""."""
    for line in metadata.decode(errors="replace").partition("\n\n")[0].splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return value.strip()
    return ""


def normalised(name: str) -> str:
    """Return a project's name in the form of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write(path: str, text: str) -> None:
    """Give the file `path` the content `text`, whole at once, for a server may be reading it."""
    with open(path + ".tmp", "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(path + ".tmp", path)
