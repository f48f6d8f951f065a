"""Unpacking: what an entry holds, and that a refused or failed wheel leaves nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove.errors import EntryDamaged, HashMismatch, InvalidWheel, StoreError
from alcove.events import Event, Step, Warned
from alcove.files import ops, trees
from alcove.store import entries, layout
from alcove.store.layout import Store, directory_name, mtime_of, store_at
from alcove.store.unpack import renew, unpack
from alcove.store.verify import damaged
from alcove.testing.wheels import Member, Parts, record_hash, wheel
from alcove.wheels import record
from tests.unit.image import bring

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "data"))


def rich(directory: Path, **parts: object) -> str:
    return wheel(
        str(directory),
        "My.Demo",
        "1.0",
        filename="My.Demo-1.0-py3-none-any.whl",
        requires=["six>=1"],
        requires_python=">=3.8",
        extras=["t"],
        files={
            "demo/__init__.py": "x = 1\n",
            "demo/sub/tool.sh": "#!/bin/sh\n",
            "demo/data/a.txt": "a",
            "demo_single.py": "y = 1\n",
            "demo/__pycache__/evil.cpython-311.pyc": "bytecode",
        },
        executable=["demo/sub/tool.sh"],
        entry_points={"demo": "demo:main"},
        scripts={"demo-run": "#!python\nprint(1)\n"},
        data={"share/demo/d.txt": "d", "etc/demo.cfg": "e"},
        headers={"demo.h": "h"},
        dist_info={"licenses/LICENSE": "free", "top_level.txt": "demo\n"},
        **parts,  # type: ignore[arg-type]
    )


def test_entries_are_spread(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(ops, "spread", lambda path: told.append((path, os.listdir(path))))
    unpack(store, rich(tmp_path))
    assert told == [(store.entries, [])]


def test_an_entry_holds_what_the_wheel_does(store: Store, tmp_path: Path) -> None:
    path = rich(tmp_path)
    entry = unpack(store, path)
    with open(path, "rb") as stream:
        sha256 = hashlib.sha256(stream.read()).hexdigest()
    assert entry.directory == f"my_demo-1.0-{sha256[:10]}"
    assert (entry.name, entry.version, entry.sha256) == ("My.Demo", "1.0", sha256)
    assert entry.rules.links == ("demo",)
    assert entry.rules.files == (("demo_single.py", 6),)
    assert entry.scripts == ("demo-run",)
    assert [one.path for one in entry.data] == ["etc/demo.cfg", "share/demo/d.txt"]
    assert [one.path for one in entry.headers] == ["demo.h"]
    root = layout.entry_path(store, entry.directory)
    assert [path for path, _ in trees.walk(root)] == [
        "data",
        "dist-info",
        "entry.json",
        "headers",
        "lib",
        "links",
        "scripts",
        "view.json",
        "data/etc",
        "data/share",
        "data/etc/demo.cfg",
        "data/share/demo",
        "data/share/demo/d.txt",
        "dist-info/INSTALLER",
        "dist-info/METADATA",
        "dist-info/RECORD",
        "dist-info/RECORD.requested",
        "dist-info/REQUESTED",
        "dist-info/WHEEL",
        "dist-info/entry_points.txt",
        "dist-info/licenses",
        "dist-info/top_level.txt",
        "dist-info/licenses/LICENSE",
        "headers/demo.h",
        "lib/__pycache__",
        "lib/demo",
        "lib/demo_single.py",
        "lib/demo/__init__.py",
        "lib/demo/__pycache__",
        "lib/demo/data",
        "lib/demo/sub",
        "lib/demo/data/a.txt",
        "lib/demo/sub/tool.sh",
        "links/+demo",
        "links/+demo-run",
        "links/@licenses",
        "links/demo",
        "scripts/demo-run",
    ]


def test_all_times_are_made_from_the_wheel(store: Store, tmp_path: Path) -> None:
    entry = unpack(store, rich(tmp_path))
    root = layout.entry_path(store, entry.directory)
    times = {int(child.stat().st_mtime) for _, child in trees.walk(root) if not child.is_symlink()}
    assert times == {mtime_of(entry.sha256)} == {int(os.stat(root).st_mtime)}
    assert mtime_of("0000000" + "f" * 57) == 978_307_200


def test_of_the_mode_only_the_x_bit_is_taken(store: Store, tmp_path: Path) -> None:
    files = {"a.py": "", "b.py": "", "c.py": ""}
    modes = {"a.py": 0o104755, "b.py": 0o100222, "c.py": 0o100001}
    umask = os.umask(0o022)
    try:
        entry = unpack(store, wheel(str(tmp_path), "m", files=files, modes=modes))
    finally:
        os.umask(umask)
    root = layout.entry_path(store, entry.directory)
    found = {name: stat.S_IMODE(os.stat(f"{root}/lib/{name}").st_mode) for name in files}
    assert found == {"a.py": 0o755, "b.py": 0o644, "c.py": 0o755}


def test_the_prepared_records_list_links_first(store: Store, tmp_path: Path) -> None:
    entry = unpack(store, rich(tmp_path))
    root = layout.entry_path(store, entry.directory)
    with open(f"{root}/dist-info/RECORD", "rb") as stream:
        plain = stream.read()
    with open(f"{root}/dist-info/RECORD.requested", "rb") as stream:
        requested = stream.read()
    info = "my_demo-1.0.dist-info".replace("my_demo", "My.Demo")
    assert list(record.parse(plain, "RECORD")) == [
        "demo",
        f"{info}/licenses",
        f"{info}/INSTALLER",
        f"{info}/METADATA",
        f"{info}/WHEEL",
        f"{info}/entry_points.txt",
        f"{info}/top_level.txt",
        f"{info}/RECORD",
        "../../../bin/demo",
        "../../../bin/demo-run",
        "../../../etc/demo.cfg",
        "../../../share/demo/d.txt",
        "demo/__init__.py",
        "demo/data/a.txt",
        "demo/sub/tool.sh",
        "demo_single.py",
        f"{info}/licenses/LICENSE",
    ]
    rows = record.parse(requested, "RECORD")
    assert rows[f"{info}/REQUESTED"].hash == record_hash(b"")
    assert rows["demo/__init__.py"] == record.Row("demo/__init__.py", record_hash(b"x = 1\n"), 6)
    assert rows["../../../bin/demo"] == record.Row("../../../bin/demo")
    assert [
        row for row in requested.splitlines() if b"/REQUESTED," not in row
    ] == plain.splitlines()


def test_a_wheel_that_is_there_is_not_unpacked_again(store: Store, tmp_path: Path) -> None:
    path = rich(tmp_path)
    seen: list[Event] = []

    class Told:
        def emit(self, event: Event, /) -> None:
            seen.append(event)

    first = unpack(store, path, reporter=Told())
    assert seen == [Step("unpacking", "My.Demo-1.0-py3-none-any.whl")]
    assert unpack(store, path, reporter=Told()) == first
    assert len(seen) == 1
    assert entries.lookup(store, first.sha256, name="my-demo", version="1.0") == first


def test_an_entry_is_found_by_the_version_of_the_file_name(store: Store, tmp_path: Path) -> None:
    text = "Metadata-Version: 2.1\nName: x\nVersion: 1.0.0\n"
    entry = unpack(store, wheel(str(tmp_path), "x", "1.0", metadata=text))
    assert entry.version == "1.0.0"
    assert entries.lookup(store, entry.sha256, name="x", version="1.0") == entry


def test_a_damaged_entry_is_replaced(store: Store, tmp_path: Path) -> None:
    path = rich(tmp_path)
    entry = unpack(store, path)
    root = layout.entry_path(store, entry.directory)
    os.truncate(f"{root}/entry.json", 10)
    with pytest.raises(EntryDamaged):
        entries.read(store, entry.directory)
    assert unpack(store, path) == entry
    assert entries.read(store, entry.directory) == entry
    os.truncate(f"{root}/view.json", 10)
    assert unpack(store, path) == entries.read(store, entry.directory) == entry
    os.unlink(f"{root}/entry.json")
    assert entries.lookup(store, entry.sha256, name="my-demo", version="1.0") is None
    assert unpack(store, path) == entry
    assert os.listdir(store.entries) == [entry.directory]


@pytest.fixture(params=[True, False], ids=["trading", "renaming"])
def _trading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without a system that lets two paths trade names in one step."""
    if not request.param:
        monkeypatch.setattr(ops, "exchange", lambda *_: False)


def _damaged(store: Store, path: str) -> tuple[str, str]:
    """Return the name and the path of the entry of a wheel, in which somebody edited a module."""
    entry = unpack(store, path)
    root = layout.entry_path(store, entry.directory)
    with open(f"{root}/lib/demo/__init__.py", "ab") as stream:
        stream.write(b"# edited\n")
    assert [one.path for one in damaged(store, entry.directory)] == ["lib/demo/__init__.py"]
    return entry.directory, root


@pytest.mark.usefixtures("_trading")
def test_a_renewed_entry_takes_the_place_of_what_stood_there(store: Store, tmp_path: Path) -> None:
    path = rich(tmp_path)
    directory, root = _damaged(store, path)
    sha256 = entries.read(store, directory).sha256
    made = renew(store, path, directory, sha256=sha256)
    assert made == entries.read(store, directory)
    for stand in (trees.remove_all, _file_at, _locked_at):
        stand(root)
        assert renew(store, path, directory, sha256=sha256) == made
        assert damaged(store, directory, deep=True) == []
        assert os.listdir(store.entries) == [directory]


def _file_at(path: str) -> None:
    trees.remove(path)
    ops.write(path, b"a file")


def _locked_at(path: str) -> None:
    """Let nobody but root read or write what stands there."""
    for name in ("/lib/demo", ""):
        os.chmod(path + name, 0)


@pytest.mark.usefixtures("_trading")
def test_a_damaged_entry_keeps_its_name_until_the_new_one_has_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rich(tmp_path)
    directory, root = _damaged(store, path)
    sha256 = entries.read(store, directory).sha256
    missing: list[str] = []

    def seeing(name: str) -> None:
        real = getattr(ops, name)

        def seen(*words: object, **others: object) -> object:
            if not os.path.isfile(f"{root}/lib/demo/__init__.py"):
                missing.append(name)
            return real(*words, **others)

        monkeypatch.setattr(ops, name, seen)

    for name in ("mkdir", "write", "utime", "symlink", "fsync", "syncfs", "unlink", "rename"):
        seeing(name)
    renew(store, path, directory, sha256=sha256)
    assert missing in ([], ["rename"]), "at most between two renames"


def test_a_damaged_entry_stays_where_nothing_better_is_to_be_had(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rich(tmp_path / "good")
    directory, root = _damaged(store, path)
    sha256 = entries.read(store, directory).sha256
    other = wheel(str(tmp_path / "other"), "other", files={"other.py": "1"})
    with pytest.raises(HashMismatch):
        renew(store, other, directory, sha256=sha256)
    with open(other, "rb") as stream:
        theirs = hashlib.sha256(stream.read()).hexdigest()
    with pytest.raises(StoreError, match="is not what"):
        renew(store, other, directory, sha256=theirs)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), root)

    for name in ("write", "syncfs", "exchange", "utime"):
        with monkeypatch.context() as broken:
            broken.setattr(ops, name, full)
            with pytest.raises(StoreError, match="No space left"):
                renew(store, path, directory, sha256=sha256)
        assert os.listdir(store.entries) == [directory]
        assert [one.path for one in damaged(store, directory)] == ["lib/demo/__init__.py"]


def test_an_entry_is_renewed_when_gc_is_done(store: Store, tmp_path: Path) -> None:
    path = rich(tmp_path)
    directory, _ = _damaged(store, path)
    sha256 = entries.read(store, directory).sha256
    seen: list[bool] = []

    class Told:
        def emit(self, event: Event) -> None:
            if isinstance(event, Step) and event.verb == "unpacking":
                with pytest.raises(StoreError, match="in use"):
                    layout.lock(store, shared=False, timeout=0)
                seen.append(True)

    renew(store, path, directory, sha256=sha256, reporter=Told())
    assert seen == [True]
    with layout.lock(store, shared=False, timeout=0):
        pass


def test_two_wheels_with_the_same_first_digits_get_two_entries(
    store: Store, tmp_path: Path
) -> None:
    first = wheel(str(tmp_path / "1"), "x", files={"x.py": "1"})
    second = wheel(str(tmp_path / "2"), "x", files={"x.py": "2"})
    one = unpack(store, first, sha256="ab" * 32, verified=True)
    two = unpack(store, second, sha256="ab" * 5 + "cd" * 27, verified=True)
    assert one.directory == "x-1.0-" + "ab" * 5
    assert two.directory == "x-1.0-" + "ab" * 5 + "cd" * 5
    assert entries.lookup(store, two.sha256, name="x", version="1.0") == two
    assert unpack(store, second, sha256=two.sha256, verified=True) == two


def test_the_same_wheel_from_two_threads_gives_one_entry(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rich(tmp_path)
    flush = trees.flush

    def slow(root: str) -> None:
        """Let another one be first, once."""
        monkeypatch.setattr(trees, "flush", flush)
        unpack(store, path)
        flush(root)

    monkeypatch.setattr(trees, "flush", slow)
    entry = unpack(store, path)
    assert os.listdir(store.entries) == [entry.directory]
    assert entries.read(store, entry.directory) == entry


WRONG: dict[str, Parts] = {
    "hash": {
        "record_rows": lambda rows: [[row[0], row[1] and record_hash(b"!"), row[2]] for row in rows]
    },
    "hash of dropped bytecode": {
        "files": {"x.py": "", "x.pyc": "code"},
        "record_rows": lambda rows: [
            [row[0], record_hash(b"!"), row[2]] if row[0] == "x.pyc" else row for row in rows
        ],
    },
    "crc of RECORD's signature": {
        "unrecorded": [Member("x-1.0.dist-info/RECORD.jws", b"signed")],
        "patch": lambda data: data.replace(b"signed", b"Signed"),
        "compression": 0,
    },
    "content": {
        "files": {"x.py": "import os"},
        "patch": lambda data: data.replace(b"import os", b"import sy"),
        "compression": 0,
    },
    "a name": {"files": {"../evil.py": ""}},
}


@pytest.mark.parametrize("parts", WRONG.values(), ids=WRONG)
def test_a_refused_wheel_leaves_nothing(store: Store, tmp_path: Path, parts: Parts) -> None:
    with pytest.raises(InvalidWheel):
        unpack(store, wheel(str(tmp_path), "x", **parts))
    assert _all(store) == []
    assert sorted(os.listdir(tmp_path)) == ["data", "x-1.0-py3-none-any.whl"]


def test_a_wheel_of_another_hash_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(HashMismatch):
        unpack(store, rich(tmp_path), sha256="00" * 32)


@pytest.mark.parametrize("content", [b"", b"no wheel", b"PK\5\6" + b"\0" * 18])
def test_what_is_no_archive_is_refused(store: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x-1.0-py3-none-any.whl"
    path.write_bytes(content)
    with pytest.raises(InvalidWheel):
        unpack(store, str(path))


def test_a_missing_wheel_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        unpack(store, str(tmp_path / "x-1.0-py3-none-any.whl"))


@pytest.mark.parametrize("operation", ["mkdir", "write", "utime", "rename", "fsync", "syncfs"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_nothing_half(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, code: int
) -> None:
    path = rich(tmp_path)
    real = getattr(ops, operation)
    calls = 0
    limit = 0
    told: list[str] = []

    def fails(*args: object, **keywords: object) -> object:
        nonlocal calls
        calls += 1
        if calls == limit:
            raise OSError(code, os.strerror(code), str(args[0]))
        return real(*args, **keywords)

    monkeypatch.setattr(ops, operation, fails)
    while True:
        calls, limit = 0, limit + 1
        try:
            entry = unpack(store, path)
        except StoreError as error:
            told.append(str(error))
            # Only the flush of the parent comes after the rename: then the whole entry is there.
            assert _all(store) == entries.names(store)
            assert operation == "fsync" or not _all(store)
            continue
        break
    assert len(told) == limit - 1 > 0
    assert all(os.strerror(code) in text for text in told)
    assert entries.read(store, entry.directory) == entry


def _all(store: Store) -> list[str]:
    return os.listdir(store.entries) if os.path.isdir(store.entries) else []


def test_bytecode_without_source_is_told(store: Store, tmp_path: Path) -> None:
    seen: list[Event] = []

    class Told:
        def emit(self, event: Event, /) -> None:
            seen.append(event)

    unpack(store, wheel(str(tmp_path), "x", files={"x.pyc": "code", "y.py": ""}), reporter=Told())
    assert [event.text for event in seen if isinstance(event, Warned)] == [
        "x-1.0-py3-none-any.whl brings x.pyc without its source; bytecode is not placed"
    ]


def test_large_files_pass_in_pieces(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alcove.store.unpack._WHOLE", 1000)
    content = os.urandom(3 << 20)
    entry = unpack(store, wheel(str(tmp_path), "x", files={"x/__init__.py": content}))
    (found,) = (one for one in entries.full(store, entry.directory) if one.path.startswith("lib/"))
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    with open(f"{layout.entry_path(store, entry.directory)}/{found.path}", "rb") as stream:
        assert stream.read() == content


@pytest.mark.parametrize("readers", [0o055, 0o050, 0o000])
def test_who_may_read_the_store_may_read_an_entry(
    store: Store, tmp_path: Path, readers: int
) -> None:
    trees.make_directories(store.entries)
    os.chmod(store.entries, 0o700 | readers)
    before = os.umask(0o077)
    try:
        entry = unpack(store, rich(tmp_path))
    finally:
        os.umask(before)
    root = layout.entry_path(store, entry.directory)
    modes = {"": stat.S_IMODE(os.stat(root).st_mode)}
    for path, one in trees.walk(root):
        modes[path] = stat.S_IMODE(one.stat(follow_symlinks=False).st_mode)
    assert modes[""] == modes["lib/demo/__pycache__"] == 0o700 | readers
    assert modes["lib/demo/__init__.py"] == modes["entry.json"] == 0o600 | readers & 0o044
    assert modes["lib/demo/sub/tool.sh"] == 0o700 | readers


def test_a_broken_entry_of_an_image_gives_way(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = wheel(str(tmp_path), "demo")
    entry = unpack(store, path)
    os.unlink(f"{store.entries}/{entry.directory}/entry.json")
    bring(monkeypatch, store.root)
    assert unpack(store, path) == entry
    assert os.listdir(store.entries) == [entry.directory]


@pytest.mark.parametrize("place", ["unpack", "renew"])
def test_an_interrupt_before_an_entry_has_its_name_leaves_nothing(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    path = wheel(str(tmp_path), "demo")
    with open(path, "rb") as stream:
        sha256 = hashlib.sha256(stream.read()).hexdigest()

    def interrupt(*_: object, **__: object) -> NoReturn:
        assert [name[:5] for name in os.listdir(store.entries)] == [".tmp-"]
        raise KeyboardInterrupt

    monkeypatch.setattr("alcove.store.unpack.settle", interrupt)
    acts = {
        "unpack": lambda: unpack(store, path),
        "renew": lambda: renew(store, path, directory_name("demo", "1.0", sha256), sha256=sha256),
    }
    with pytest.raises(KeyboardInterrupt):
        acts[place]()
    assert os.listdir(store.entries) == []
