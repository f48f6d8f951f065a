"""What is packed is read by what it begins with; a Python without a kind, and damage of any kind."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from types import ModuleType

import pytest

from alcove.files import packed

CONTENT = b"what is in it" * 100


@pytest.mark.parametrize(
    "data",
    [
        CONTENT,
        b"",
        gzip.compress(CONTENT),
        bz2.compress(CONTENT),
        lzma.compress(CONTENT),
        lzma.compress(CONTENT, format=lzma.FORMAT_ALONE),
    ],
    ids=["plain", "empty", "gzip", "bzip2", "xz", "lzma"],
)
def test_by_what_it_begins_with(data: bytes) -> None:
    with io.BytesIO(data) as stream, packed.unpacked(stream) as plain:
        assert plain.read() in {CONTENT, data[:0]}


@pytest.mark.parametrize(
    ("data", "module", "word"),
    [
        (bz2.compress(CONTENT), "bz2", "bzip2"),
        (lzma.compress(CONTENT), "lzma", "xz"),
        (b"\x28\xb5\x2f\xfd" + bytes(30), "compression.zstd", "Zstandard"),
    ],
)
def test_a_python_without_it(
    data: bytes, module: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with io.BytesIO(data) as stream, pytest.raises(NotImplementedError, match=word):
        packed.unpacked(stream)


def test_damage_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    zstd = ModuleType("compression.zstd")
    vars(zstd)["ZstdError"] = type("ZstdError", (Exception,), {})
    monkeypatch.setitem(sys.modules, "compression.zstd", zstd)
    found = packed.damage(OSError)
    known = (zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, EOFError, OSError)
    assert set(known) < set(found)
    assert vars(zstd)["ZstdError"] in found


def test_what_was_not_imported_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "lzma")
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    assert lzma.LZMAError not in packed.damage()
