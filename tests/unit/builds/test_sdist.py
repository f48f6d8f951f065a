"""Archives of sources: what is unpacked, what is refused, what their metadata is worth."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.builds.sdist import Bounds, static_metadata, unpack_sdist
from alcove.errors import BuildFailed
from alcove.files import ops
from alcove.testing.sdists import sdist
from tests.hostile.cases import BYTES, SDISTS, Rows, link

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD: Rows = [("demo-1.0/pyproject.toml", b"", {}), ("demo-1.0/demo.py", b"x = 1\n", {})]


def tar(rows: Rows) -> bytes:
    """Return a tar of (name, data, attributes of TarInfo)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data, attributes in rows:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in attributes.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def packed(tmp_path: Path, data: bytes, name: str = "demo-1.0.tar.gz") -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return str(path)


def unpacked(tmp_path: Path, rows: Rows) -> str:
    return unpack_sdist(packed(tmp_path, gzip.compress(tar(rows))), str(tmp_path / "into"))


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [
        ("tar", bytes),
        ("tar.gz", gzip.compress),
        ("tar.bz2", bz2.compress),
        ("tar.xz", lzma.compress),
    ],
)
def test_every_compression_gives_the_same_tree(
    tmp_path: Path, suffix: str, compress: Callable[[bytes], bytes]
) -> None:
    path = packed(tmp_path, compress(tar(GOOD)), f"demo-1.0.{suffix}")
    top = unpack_sdist(path, str(tmp_path / "into"))
    assert top == str(tmp_path / "into" / "demo-1.0")
    with open(os.path.join(top, "demo.py"), "rb") as stream:
        assert stream.read() == b"x = 1\n"


def test_a_zip_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo-1.0/setup.py", "")
        archive.writestr("demo-1.0/deep/er/file.txt", "text")
    top = unpack_sdist(str(path), str(tmp_path / "into"))
    assert (tmp_path / "into/demo-1.0/deep/er/file.txt").read_text() == "text"
    assert os.path.basename(top) == "demo-1.0"


def test_a_tar_that_ends_with_a_zip_is_a_tar(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("evil.txt", "")
    path = packed(
        tmp_path, tar([*GOOD, ("demo-1.0/data.zip", inner.getvalue(), {})]), "demo-1.0.tar"
    )
    top = unpack_sdist(path, str(tmp_path / "into"))
    assert sorted(os.listdir(top)) == ["data.zip", "demo.py", "pyproject.toml"]


def test_modes_and_times_are_made_harmless(tmp_path: Path) -> None:
    rows: Rows = [
        ("demo-1.0/setup.py", b"", {"mode": 0o4777, "mtime": 0}),
        ("demo-1.0/later", b"", {"mode": 0o000, "mtime": 1_000_000_000}),
    ]
    top = unpacked(tmp_path, rows)
    first = os.stat(os.path.join(top, "setup.py"))
    assert not first.st_mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IWOTH)
    assert first.st_mode & stat.S_IXUSR
    assert first.st_mtime > 315_532_800  # 1980, the first year of ZIP
    second = os.stat(os.path.join(top, "later"))
    assert second.st_mode & stat.S_IRUSR
    assert second.st_mtime == 1_000_000_000


def test_inner_links_are_kept(tmp_path: Path) -> None:
    rows: Rows = [
        *GOOD,
        ("demo-1.0/docs/README", b"", {"type": tarfile.SYMTYPE, "linkname": "../demo.py"}),
        ("demo-1.0/twin.py", b"", {"type": tarfile.LNKTYPE, "linkname": "demo-1.0/demo.py"}),
    ]
    top = unpacked(tmp_path, rows)
    assert os.readlink(os.path.join(top, "docs/README")) == "../demo.py"
    with open(os.path.join(top, "twin.py"), "rb") as stream:
        assert stream.read() == b"x = 1\n"
    assert os.stat(os.path.join(top, "twin.py")).st_nlink == 1


def test_in_a_tar_the_later_file_counts(tmp_path: Path) -> None:
    top = unpacked(tmp_path, [*GOOD, ("demo-1.0/demo.py", b"x = 2\n", {})])
    with open(os.path.join(top, "demo.py"), "rb") as stream:
        assert stream.read() == b"x = 2\n"


def test_an_archive_without_a_top_directory_may_be_a_tree_itself(tmp_path: Path) -> None:
    top = unpacked(tmp_path, [("setup.py", b"", {}), ("demo.py", b"", {})])
    assert top == str(tmp_path / "into")


@pytest.mark.parametrize(("rows", "message"), SDISTS.values(), ids=SDISTS)
def test_hostile_members_are_refused(tmp_path: Path, rows: Rows, message: str) -> None:
    before = set(os.listdir(tmp_path.parent))
    with pytest.raises(BuildFailed, match=message):
        unpacked(tmp_path, rows)
    assert set(os.listdir(tmp_path.parent)) == before
    assert set(os.listdir(tmp_path)) == {"demo-1.0.tar.gz", "into"}


CUT = {
    "cut off": (gzip.compress(tar(GOOD), mtime=0)[:-40], "no archive that can be read"),
    "garbled": (
        gzip.compress(tar(GOOD), mtime=0)[:60] + b"\0" * 60,
        "cannot be unpacked|no archive",
    ),
}


@pytest.mark.parametrize(("data", "message"), (BYTES | CUT).values(), ids=BYTES | CUT)
def test_what_is_no_archive_is_told(tmp_path: Path, data: bytes, message: str) -> None:
    path = packed(tmp_path, data)
    with pytest.raises(BuildFailed, match=message):
        unpack_sdist(path, str(tmp_path / "into"))
    with pytest.raises(BuildFailed, match=message):
        static_metadata(path)


def test_a_missing_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="No such file"):
        unpack_sdist(str(tmp_path / "none.tar.gz"), str(tmp_path / "into"))


def test_bombs_are_refused(tmp_path: Path) -> None:
    rows: Rows = [("demo-1.0/zeros", bytes(3 << 20), {})]
    path = packed(tmp_path, gzip.compress(tar(rows)))
    with pytest.raises(BuildFailed, match="is a bomb: it unpacks to more than 1 MiB"):
        unpack_sdist(path, str(tmp_path / "a"), bounds=Bounds(free=1 << 20, ratio=10))
    with pytest.raises(BuildFailed, match="is a bomb: it unpacks to more than 2 MiB"):
        unpack_sdist(path, str(tmp_path / "b"), bounds=Bounds(size=2 << 20))
    path = packed(tmp_path, gzip.compress(tar([*GOOD, *rows])))
    with pytest.raises(BuildFailed, match="more than the 2 allowed"):
        unpack_sdist(path, str(tmp_path / "c"), bounds=Bounds(members=2))


def test_a_long_header_is_not_read_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("pax")
    info.type = tarfile.XHDTYPE
    info.size = 1 << 30
    path = packed(tmp_path, gzip.compress(info.tobuf(tarfile.PAX_FORMAT) + bytes(4096)))
    with pytest.raises(BuildFailed, match="is a bomb"):
        unpack_sdist(path, str(tmp_path / "into"))


def test_copies_by_hard_links_count(tmp_path: Path) -> None:
    rows: Rows = [("demo-1.0/big", bytes(1 << 20), {})]
    rows += [link(f"demo-1.0/{number}", "demo-1.0/big", tarfile.LNKTYPE) for number in range(5)]
    path = packed(tmp_path, gzip.compress(tar(rows)))
    with pytest.raises(BuildFailed, match="larger than is allowed"):
        unpack_sdist(path, str(tmp_path / "into"), bounds=Bounds(size=3 << 20))


def test_a_zip_of_hostile_members_is_refused(tmp_path: Path) -> None:
    escape = zipfile.ZipInfo("demo-1.0/out")
    escape.external_attr = (stat.S_IFLNK | 0o777) << 16
    cases: list[tuple[str | zipfile.ZipInfo, str]] = [
        ("../evil", "leaves its directory"),
        (escape, "leaves the archive"),
    ]
    for number, (name, message) in enumerate(cases):
        path = tmp_path / f"demo-{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "../../evil")
        with pytest.raises(BuildFailed, match=message):
            unpack_sdist(str(path), str(tmp_path / str(number)))
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo-1.0/setup.py", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("demo-1.0/setup.py", "2")
    with pytest.raises(BuildFailed, match="is there twice"):
        unpack_sdist(str(path), str(tmp_path / "twice"))


def test_static_metadata_is_given(tmp_path: Path) -> None:
    content = static_metadata(sdist(str(tmp_path), "Demo-Two", "1.0", requires=["six>=1"]))
    assert content is not None
    assert b"Requires-Dist: six>=1\n" in content


@pytest.mark.parametrize(
    ("dynamic", "version", "given"),
    [
        ((), "2.2", True),
        ((), "2.4", True),
        (("License-File", "summary"), "2.2", True),
        (("Requires-Dist",), "2.2", False),
        (("requires-python",), "2.2", False),
        (("Provides-Extra",), "2.3", False),
        ((), "2.1", False),
        ((), "nonsense", False),
    ],
)
def test_metadata_counts_when_it_is_static(
    tmp_path: Path,
    dynamic: tuple[str, ...],
    version: str,
    given: bool,  # noqa: FBT001
) -> None:
    path = sdist(str(tmp_path), "demo", "1.0", dynamic=dynamic, metadata_version=version)
    assert (static_metadata(path) is not None) is given


def test_an_sdist_without_metadata_gives_none(tmp_path: Path) -> None:
    assert static_metadata(packed(tmp_path, gzip.compress(tar(GOOD)))) is None


def test_metadata_of_another_distribution_is_told(tmp_path: Path) -> None:
    path = sdist(str(tmp_path), "demo", "1.0")
    for name in ("other-1.0.tar.gz", "demo-2.0.tar.gz"):
        copy = packed(tmp_path, (tmp_path / os.path.basename(path)).read_bytes(), name)
        with pytest.raises(BuildFailed, match="not what its name says"):
            static_metadata(copy)
    copy = packed(tmp_path, (tmp_path / os.path.basename(path)).read_bytes(), "main.tar.gz")
    assert static_metadata(copy) is not None


@pytest.mark.parametrize(
    ("number", "hint"), [(errno.ENOSPC, "TMPDIR=DIR"), (errno.EFBIG, "ulimit -f"), (errno.EIO, "")]
)
def test_a_place_that_takes_nothing_is_no_fault_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(ops, "write", refuse)
    with pytest.raises(BuildFailed, match=os.strerror(number)) as met:
        unpacked(tmp_path, GOOD)
    assert hint in str(met.value.hint)
