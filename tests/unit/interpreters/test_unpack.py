"""Archives of interpreters: what is unpacked is what was packed, and nothing leaves the directory."""

from __future__ import annotations

import io
import os
import stat
import sys
import tarfile
import zipfile
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from alcove.errors import InvalidArchive
from alcove.interpreters.unpack import unpack

if TYPE_CHECKING:
    from pathlib import Path

FILE, LINK, HARD, DIRECTORY, FIFO = (
    tarfile.REGTYPE,
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)


def packed(path: Path, *members: tuple[str, bytes, Any], form: str = "w:gz") -> str:
    """Write an archive of (name, type, content or target or (content, mode))."""
    with tarfile.open(path, form) as tar:  # type: ignore[call-overload]
        for name, kind, what in members:
            info = tarfile.TarInfo(name)
            info.type, info.mtime = kind, 1_700_000_000
            content = b""
            if kind == FILE:
                content, info.mode = what if isinstance(what, tuple) else (what, 0o644)
                info.size = len(content)
            elif kind in (LINK, HARD):
                info.linkname = what
            tar.addfile(info, io.BytesIO(content))
    return str(path)


def root(tmp_path: Path) -> Path:
    made = tmp_path / "root"
    made.mkdir()
    return made


@pytest.mark.parametrize("form", ["w:gz", "w:bz2", "w:xz", "w"])
def test_what_was_packed_is_there_without_its_top(tmp_path: Path, form: str) -> None:
    archive = packed(
        tmp_path / "a.tar",
        ("./python", DIRECTORY, None),
        ("./python/bin/python3.12", FILE, (b"program", 0o4777)),
        ("./python/bin/python3", LINK, "python3.12"),
        ("./python/lib/os.py", FILE, (b"import sys\n", 0o666)),
        ("./python/lib/again.py", HARD, "./python/lib/os.py"),
        form=form,
    )
    made = root(tmp_path)
    unpack(archive, str(made))
    program = (made / "bin" / "python3").stat()
    assert (made / "bin" / "python3").read_bytes() == b"program"
    assert stat.S_IMODE(program.st_mode) == 0o755 & ~umask()
    assert stat.S_IMODE((made / "lib/os.py").stat().st_mode) == 0o644 & ~umask()
    assert program.st_mtime == 1_700_000_000
    assert (made / "lib/again.py").samefile(made / "lib/os.py")


def umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


@pytest.mark.parametrize(
    "members",
    [
        [("/etc/x", FILE, b"")],
        [("p/../../x", FILE, b"")],
        [("../x", FILE, b"")],
        [("p\\..\\..\\x", FILE, b"")],
        [("C:/x", FILE, b"")],
        [("p/a", LINK, "/etc/passwd")],
        [("p/a", LINK, "../../x")],
        [("p/a", LINK, "")],
        [("p/a", LINK, "sub"), ("p/a/x", FILE, b"")],  # through a link, even one that stays inside
        [("p/x", FILE, b""), ("p/x/y", FILE, b"")],
        [("p/x", FILE, b"1"), ("p/x", FILE, b"2")],
        [("p/d/e/f", LINK, "../.."), ("p/g", LINK, "d/e/f/../x")],  # only together they leave
        [("p/a", HARD, "../x")],
        [("p/a", HARD, "p/none")],
        [("p/s", LINK, "x"), ("p/a", HARD, "p/s")],
        [("p/pipe", FIFO, None)],
        [("p", FILE, b"")],
        [("p/x", FILE, b""), ("q/x", FILE, b"")],
        [],
    ],
)
def test_what_would_leave_or_is_no_tree_is_refused(tmp_path: Path, members: Any) -> None:
    archive = packed(tmp_path / "a.tar.gz", *members)
    made = root(tmp_path)
    with pytest.raises(InvalidArchive) as caught:
        unpack(archive, str(made))
    assert caught.value.hint
    assert sorted(os.listdir(tmp_path)) == ["a.tar.gz", "root"]


@pytest.mark.parametrize("cut", [0.0, 0.01, 0.5, 0.99])
def test_a_torn_archive_is_refused(tmp_path: Path, cut: float) -> None:
    archive = tmp_path / "a.tar.gz"
    packed(archive, ("p/x", FILE, os.urandom(50_000)))
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(InvalidArchive):
        unpack(str(archive), str(root(tmp_path)))
    archive.write_bytes(content[:2000] + bytes(500) + content[2500:])
    (tmp_path / "second").mkdir()
    with pytest.raises(InvalidArchive):
        unpack(str(archive), str(tmp_path / "second"))


def test_zip_as_pypy_for_windows_has_it(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("pypy/python.exe", b"MZ")
        made.writestr("pypy/lib/os.py", b"x")
    unpack(str(archive), str(root(tmp_path)))
    assert (tmp_path / "root/python.exe").read_bytes() == b"MZ"
    with zipfile.ZipFile(archive, "a") as made:
        made.writestr("pypy/../../x", b"")
    (tmp_path / "second").mkdir()
    with pytest.raises(InvalidArchive, match="leave"):
        unpack(str(archive), str(tmp_path / "second"))


def test_zip_that_holds_a_link_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        info = zipfile.ZipInfo("pypy/link")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    with pytest.raises(InvalidArchive, match="neither"):
        unpack(str(archive), str(root(tmp_path)))


def test_zstandard_is_said_where_it_cannot_be_read(tmp_path: Path) -> None:
    archive = tmp_path / "a.tar.zst"
    archive.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(30))
    with pytest.raises(InvalidArchive):
        unpack(str(archive), str(root(tmp_path)))


def test_damaged_zstandard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Damaged(Exception):
        pass

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise Damaged(f"no frame of {size}")

    zstd = ModuleType("compression.zstd")
    vars(zstd).update(open=lambda *_: Stream(), ZstdError=Damaged)
    monkeypatch.setitem(sys.modules, "compression", ModuleType("compression"))
    monkeypatch.setitem(sys.modules, "compression.zstd", zstd)
    archive = tmp_path / "a.tar.zst"
    archive.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(30))
    with pytest.raises(InvalidArchive, match="no frame"):
        unpack(str(archive), str(root(tmp_path)))
