"""Reading entries, and what reading them may import."""

from __future__ import annotations

import ast
import errno
import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.errors import EntryDamaged, StoreError
from alcove.files import data, reading
from alcove.store import entries, layout, records, roots
from alcove.store.layout import store_at
from alcove.wheels.entry import Entry, EntryPoint, FileRecord, LinkRules

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = LinkRules(
    ("a",), ("b",), (("b/c", 3),), ("b",), "", ("libx.so",), (("libz.so", "b/libz.so"),)
)
ENTRY = Entry(
    "x-1.0-0123456789",
    "X",
    "1.0",
    "x-1.0-py3-none-any.whl",
    "0123456789" + "a" * 54,
    ("py3-none-any",),
    ">=3.8",
    ('six; extra == "é"',),
    ("é",),
    (EntryPoint("x", "m", "a.b", gui=True),),
    RULES,
    (("METADATA", 3),),
    "X-1.0.dist-info",
    ("run",),
    (FileRecord("share/x", "b" * 64, 1),),
    (FileRecord("x.h", "c" * 64, 2),),
)


def test_what_is_written_is_read() -> None:
    view, complete = entries.encode(ENTRY, (FileRecord("lib/x", "d" * 64, 3),))
    assert entries.decode(ENTRY.directory, view) == (ENTRY, len(complete))


def in_store(tmp_path: Path, *, files: tuple[FileRecord, ...] = ()) -> tuple[layout.Store, Path]:
    """Return a store that has the entry, and its directory."""
    store = store_at(str(tmp_path))
    root = Path(store.entries, ENTRY.directory)
    root.mkdir(parents=True)
    for path, content in zip(
        ("view.json", "entry.json"), entries.encode(ENTRY, files), strict=True
    ):
        (root / path).write_bytes(content)
    return store, root


def to_format_1(root: Path) -> None:
    """Let an entry be as the alcove wrote it that had no checksums."""
    complete = data.loads((root / "entry.json").read_bytes())
    old = data.dumps({"format": 1, "entry": complete["entry"], "files": complete["files"]})
    (root / "entry.json").write_bytes(old)
    view = data.dumps({"format": 1, "complete": len(old), **complete["entry"]})
    (root / "view.json").write_bytes(view)


FILES = (FileRecord("lib/x", "d" * 64, 3),)


def test_every_bit_of_a_view_that_is_another_is_seen_and_does_no_harm(tmp_path: Path) -> None:
    store, root = in_store(tmp_path, files=FILES)
    text = (root / "view.json").read_bytes()
    for at in range(len(text) * 8):
        flipped = bytearray(text)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises((LookupError, TypeError, ValueError)):
            entries.decode(ENTRY.directory, bytes(flipped))
    (root / "view.json").write_bytes(bytes(flipped))
    with pytest.raises(EntryDamaged, match=r"view\.json"):
        entries.view(store, ENTRY.directory)
    assert entries.read(store, ENTRY.directory) == ENTRY
    assert entries.complete(store, ENTRY.directory).view == text


def test_a_view_is_not_made_of_what_nothing_proves(tmp_path: Path) -> None:
    store, root = in_store(tmp_path, files=FILES)
    complete = (root / "entry.json").read_bytes()
    (root / "view.json").unlink()
    assert entries.read(store, ENTRY.directory) == ENTRY
    (root / "entry.json").write_bytes(complete.replace(b'"X"', b'"Y"'))
    with pytest.raises(EntryDamaged, match=r"view\.json is missing"):
        entries.read(store, ENTRY.directory)
    with pytest.raises(EntryDamaged, match="does not fit its checksum"):
        entries.full(store, ENTRY.directory)


def test_the_format_without_checksums_is_read(tmp_path: Path) -> None:
    store, root = in_store(tmp_path, files=FILES)
    to_format_1(root)
    assert entries.read(store, ENTRY.directory) == ENTRY
    assert entries.full(store, ENTRY.directory) == FILES
    found = entries.complete(store, ENTRY.directory)
    assert (found.entry, found.proven) == (ENTRY, False)
    assert found.view == (root / "view.json").read_bytes()
    (root / "view.json").write_bytes(found.view[:-9])
    with pytest.raises(EntryDamaged, match=r"view\.json"):
        entries.read(store, ENTRY.directory)


@pytest.mark.parametrize("key", [*Entry._fields[1:], "format", "complete"])
def test_a_view_without_a_field_is_damaged(key: str) -> None:
    view, _ = entries.encode(ENTRY, ())
    value = data.loads(view)
    del value["crc32"]
    old = {**value, "format": 1}
    assert entries.decode(ENTRY.directory, data.dumps(old))[0] == ENTRY
    del old[key]
    with pytest.raises((LookupError, TypeError, ValueError)):
        entries.decode(ENTRY.directory, data.dumps(old))
    with pytest.raises(ValueError, match="format"):
        entries.decode(ENTRY.directory, view.replace(b'"format":2', b'"format":9'))
    with pytest.raises(ValueError, match="checksum cannot be read"):
        entries.decode(ENTRY.directory, data.dumps(value))


@pytest.mark.parametrize("name", ["view.json", "entry.json"])
@pytest.mark.parametrize("kind", ["directory", "link to itself", "nothing"])
def test_an_entry_whose_own_files_are_something_else_is_damaged(
    tmp_path: Path, name: str, kind: str
) -> None:
    store, root = in_store(tmp_path)
    (root / name).unlink()
    if kind == "directory":
        (root / name).mkdir()
    elif kind == "link to itself":
        (root / name).symlink_to(name)
    said = "is missing" if kind == "nothing" else "cannot be read|cut off"
    with pytest.raises(EntryDamaged, match=said):
        entries.view(store, ENTRY.directory)
    if name == "entry.json":
        with pytest.raises(EntryDamaged, match=said):
            entries.full(store, ENTRY.directory)


def test_names_of_directories() -> None:
    assert layout.directory_name("my-x", "1!2+a", "ab" * 32) == "my_x-1!2+a-" + "ab" * 5
    assert layout.directory_name("x", "1", "ab" * 32, long=True) == "x-1-" + "ab" * 10


@pytest.mark.parametrize("module", [entries, layout, roots, records])
def test_the_hot_path_imports_little(module: object) -> None:
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    imported = {
        name.name if isinstance(node, ast.Import) else f"{node.module}"
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert {name for name in imported if not name.startswith("alcove.")} <= {
        "errno",  # built in, and loaded by who places links
        "os",
        "time",
        "__future__",
    }


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "..", "a\0b", 7, ["..", "x"]])
@pytest.mark.parametrize(
    "change",
    [
        lambda path: {"name": path},
        lambda path: {"dist_info_name": path},
        lambda path: {"scripts": (path,)},
        lambda path: {"entry_points": (EntryPoint(path, "m", "a", gui=False),)},
        lambda path: {"dist_info": ((path, 1),)},
        lambda path: {"data": (FileRecord(path, "b" * 64, 1),)},
        lambda path: {"headers": (FileRecord(path, "b" * 64, 1),)},
        lambda path: {"rules": RULES._replace(links=(path,))},
        lambda path: {"rules": RULES._replace(directories=(path,))},
        lambda path: {"rules": RULES._replace(files=((path, 1),))},
        lambda path: {"rules": RULES._replace(shared=(path,))},
    ],
)
def test_an_entry_whose_paths_lead_elsewhere_is_damaged(
    tmp_path: Path, change: Callable[[object], dict[str, object]], path: object
) -> None:
    store, root = in_store(tmp_path)
    forged = entries.encode(ENTRY._replace(**change(path)), ())  # type: ignore[arg-type]
    for name, content in zip(("view.json", "entry.json"), forged, strict=True):
        (root / name).write_bytes(content)
    with pytest.raises(EntryDamaged):
        entries.read(store, ENTRY.directory)
    with pytest.raises(EntryDamaged):
        entries.complete(store, ENTRY.directory)


@pytest.mark.parametrize("name", ["view.json", "entry.json"])
def test_what_this_user_may_not_read_is_damage_where_it_is_his_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    store, root = in_store(tmp_path, files=FILES)
    real = reading.content

    def content(path: str) -> bytes:
        if path.endswith(name):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path)

    monkeypatch.setattr(reading, "content", content)
    look = entries.view if name == "view.json" else entries.complete
    with pytest.raises(EntryDamaged, match=f"{name} may not be read by this user") as caught:
        look(store, ENTRY.directory)
    assert caught.value.hint == "alcove repair"
    assert entries.read(store, ENTRY.directory) == ENTRY, "the other one says the same"
    mine = os.stat(root).st_uid
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(StoreError, match=f"{name} may not be read by this user") as refused:
        look(store, ENTRY.directory)
    assert not isinstance(refused.value, EntryDamaged)
    assert "have the owner of the store let you read it" in str(refused.value.hint)
