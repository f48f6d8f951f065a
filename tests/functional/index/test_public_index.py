"""The public index, where it is in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.errors import IndexUnreachable
from alcove.index import Index, NeedsBuild
from alcove.index_settings import IndexSettings
from alcove.testing.index_lab import sha256

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.network
def test_a_project_its_metadata_and_its_file(tmp_path: Path) -> None:
    with Index(IndexSettings(retries=1), cache=str(tmp_path)) as index:
        try:
            project = index.project("Six")
        except IndexUnreachable as error:
            pytest.skip(f"the public index is out of reach: {error.message}")
        assert project.versions().index("1.16.0") > project.versions().index("1.17.0")
        files = {file.kind: file for file in project.files("1.16.0")}
        assert b"\nName: six\n" in index.metadata(files["wheel"])
        path = index.download(files["wheel"])
        with open(path, "rb") as stream:
            assert sha256(stream.read()) == files["wheel"].sha256
        with pytest.raises(NeedsBuild):
            index.metadata(files["sdist"])
    with Index(IndexSettings(), cache=str(tmp_path), offline=True) as index:
        assert index.project("six").versions() == project.versions()
        assert index.download(files["wheel"]) == path
