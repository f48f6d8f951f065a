"""The index builder: what its pages say is what lies on disk, in both forms and over HTTP."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.testing.index import DiskIndex, index, project_of, version_of
from alcove.testing.server import JSON, byte_span

if TYPE_CHECKING:
    from pathlib import Path


def small_wheel(directory: Path, name: str = "demo", version: str = "1.0") -> str:
    """Write a wheel of nothing but METADATA, and return its path."""
    path = directory / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: >=3.8\n\nText\n"
        archive.writestr(f"{name}-{version}.dist-info/METADATA", text)
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> DiskIndex:
    return index(str(tmp_path / "index"))


def page(files: DiskIndex, name: str, form: str) -> str:
    with open(os.path.join(files.simple, name, f"index.{form}"), encoding="utf-8") as stream:
        return stream.read()


def test_what_is_added_is_listed(files: DiskIndex, tmp_path: Path) -> None:
    listed = files.add(small_wheel(tmp_path), upload_time="2024-01-31T12:00:00Z")
    with open(listed.path, "rb") as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == listed.sha256
    text = page(files, "demo", "html")
    assert f"demo-1.0-py3-none-any.whl#sha256={listed.sha256}" in text
    assert 'data-requires-python="&gt;=3.8"' in text
    assert f'data-core-metadata="sha256={listed.metadata}"' in text
    (row,) = json.loads(page(files, "demo", "json"))["files"]
    assert row["hashes"] == {"sha256": listed.sha256}
    assert row["size"] == os.path.getsize(listed.path)
    assert row["upload-time"] == "2024-01-31T12:00:00Z"
    assert "yanked" not in row


def test_the_sidecar_is_the_metadata(files: DiskIndex, tmp_path: Path) -> None:
    listed = files.add(small_wheel(tmp_path))
    with open(listed.path + ".metadata", "rb") as stream:
        content = stream.read()
    assert content.startswith(b"Metadata-Version: 2.1\nName: demo\n")
    assert hashlib.sha256(content).hexdigest() == listed.metadata


def test_without_metadata_and_hashes(files: DiskIndex, tmp_path: Path) -> None:
    listed = files.add(small_wheel(tmp_path), metadata=False, hashed=False, requires_python="")
    assert not os.path.exists(listed.path + ".metadata")
    text = page(files, "demo", "html")
    assert "metadata" not in text
    assert "sha256" not in text
    assert "requires-python" not in text


def test_yank_and_remove(files: DiskIndex, tmp_path: Path) -> None:
    first = files.add(small_wheel(tmp_path), yanked="broken")
    second = files.add(small_wheel(tmp_path, version="1.1"))
    files.yank(second.filename)
    rows = {row["filename"]: row for row in json.loads(page(files, "demo", "json"))["files"]}
    assert (rows[first.filename]["yanked"], rows[second.filename]["yanked"]) == ("broken", True)
    files.remove(first.filename)
    assert first.filename not in page(files, "demo", "html")
    with pytest.raises(KeyError):
        files.remove(first.filename)


def test_names_are_normalised(files: DiskIndex, tmp_path: Path) -> None:
    files.add(small_wheel(tmp_path, name="Demo_Thing.x"))
    assert os.listdir(files.simple) != []
    assert page(files, "demo-thing-x", "html")
    assert "demo-thing-x" in page(files, "", "html")


def test_a_broken_wheel_is_offered_too(files: DiskIndex, tmp_path: Path) -> None:
    (tmp_path / "demo-1.0-py3-none-any.whl").write_bytes(b"PK no zip")
    listed = files.add(str(tmp_path / "demo-1.0-py3-none-any.whl"))
    assert listed.metadata == ""
    assert listed.filename in page(files, "demo", "html")


@pytest.mark.parametrize(
    ("filename", "project", "version"),
    [
        ("demo-1.0-py3-none-any.whl", "demo", "1.0"),
        ("a_b-1.0-1-py3-none-any.whl", "a_b", "1.0"),
        ("a-b-1.0.tar.gz", "a-b", "1.0"),
        ("demo-1.0.zip", "demo", "1.0"),
    ],
)
def test_names_of_files(filename: str, project: str, version: str) -> None:
    assert (project_of(filename), version_of(filename)) == (project, version)


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-9", (0, 9)),
        ("bytes=90-", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-1000", (0, 99)),
        ("bytes=5-1000", (5, 99)),
        ("bytes=100-", None),
        ("bytes=9-5", None),
        ("bytes=-0", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=x-y", None),
    ],
)
def test_byte_spans(asked: str, span: tuple[int, int] | None) -> None:
    assert byte_span(asked, 100) == span


def test_the_type_of_json_is_that_of_the_standard() -> None:
    assert JSON == "application/vnd.pypi.simple.v1+json"  # PEP 691, "Content-Type"
