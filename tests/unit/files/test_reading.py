"""What is read is a regular file: nothing waits for a pipe, and nothing of ours is read another way."""

from __future__ import annotations

import ast
import errno
import os
import socket
from pathlib import Path

import pytest

from alcove.environments import config, generation
from alcove.errors import AlcoveError, BrokenEnvironment, EntryDamaged, NotAFile, NotAnEnvironment
from alcove.files import data, digest, links, ops, reading
from alcove.files.locking import Lock
from alcove.store import entries
from alcove.store.layout import Store
from scripts.import_graph import ROOT

# Folders in which whatever is read lies in an environment, in the store or in the cache, and what is opened there otherwise.
OURS = ("environments", "files", "store", "transactions")
OTHERWISE = {
    "environments/handover.py": "runs inside an environment, without alcove; it has imported that file",
    "environments/reach.py": "/proc",
    "files/archives.py": "writes over an archive that it has made",
    "files/durable.py": "/proc",
    "files/links.py": "creates a file",
    "files/locking.py": "a directory, and no other kind (O_DIRECTORY)",
    "files/ops.py": "writes, and flushes what was written",
    "files/reading.py": "the one place",
    "transactions/state.py": "/proc",
}


def pipe(path: Path) -> str:
    os.mkfifo(path)
    return "a pipe"


def listener(path: Path) -> str:
    here = os.getcwd()
    os.chdir(path.parent)  # the address of a socket may have 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)
    return "a socket"


def directory(path: Path) -> str:
    path.mkdir()
    return "a directory"


def device(path: Path) -> str:
    path.symlink_to("/dev/zero")
    return "a device"


@pytest.fixture(params=[pipe, listener, directory, device], ids=lambda make: make.__name__)
def thing(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Give the path of something that is no file, and what it is."""
    path = tmp_path / "thing"
    return str(path), request.param(path)


def test_what_is_no_file_is_refused_at_once(thing: tuple[str, str]) -> None:
    path, kind = thing
    with pytest.raises(NotAFile) as caught:
        reading.content(path)
    assert str(caught.value) == f"{path} is {kind}, and no file that can be read"
    assert isinstance(caught.value, OSError)
    assert (caught.value.errno, caught.value.filename) == (errno.EISDIR, path)


def test_each_reader_says_so_in_its_own_way(thing: tuple[str, str], tmp_path: Path) -> None:
    path, kind = thing
    for read in (data.read, digest.sha256_of, lambda one: ops.copy(one, f"{one}2")):
        with pytest.raises(NotAFile):
            read(path)
    with pytest.raises(NotAFile):
        Lock(path).acquire()
    with pytest.raises(NotAnEnvironment, match=kind):
        config.read(path)
    with pytest.raises(BrokenEnvironment, match=kind):
        generation.load(path)
    links.place_alike(b"x", f"{path}3", twin=path)
    assert Path(f"{path}3").read_bytes() == b"x"
    for name in ("view.json", "entry.json"):
        (tmp_path / "e").mkdir(exist_ok=True)
        os.rename(path, tmp_path / "e" / name)
        store = Store("", "", str(tmp_path), "", "")
        with pytest.raises(EntryDamaged, match=kind if name == "entry.json" else "view.json"):
            (entries.full if name == "entry.json" else entries.view)(store, "e")
        os.rename(tmp_path / "e" / name, path)


def test_the_hint_names_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "env" / ".alcove" / "lock"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    with pytest.raises(AlcoveError) as caught:
        Lock(str(path)).acquire()
    assert caught.value.hint == f"alcove repair --env {tmp_path}/env"


def test_a_file_is_read_whole_or_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    text = b"0123456789" * 20_000  # more than one read
    path.write_bytes(text)
    assert reading.content(str(path)) == text
    for limit in (0, 1, 65_536, 65_537, 199_999, 200_000, 200_001):
        assert reading.content(str(path), limit=limit) == text[:limit]
    path.write_bytes(b"")
    assert reading.content(str(path)) == b""


def test_nothing_of_ours_is_read_another_way() -> None:
    source = Path(ROOT, "src", "alcove")
    found = set()
    for folder in OURS:
        for path in (source / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _opens(call):
                    found.add(path.relative_to(source).as_posix())
    assert found == OTHERWISE.keys()


def _opens(call: ast.Call) -> bool:
    """Tell whether a call opens a file itself; `open(reading.opened(...))` makes a stream of what is open."""
    name = ast.unparse(call.func)
    inner = call.args[0] if call.args else None
    if isinstance(inner, ast.Call) and ast.unparse(inner.func) in ("opened", "reading.opened"):
        return False
    return name in ("open", "os.open", "io.open") or name.endswith((".read_bytes", ".read_text"))
