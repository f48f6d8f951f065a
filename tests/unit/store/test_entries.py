"""Reading entries, and what reading them may import."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

import pytest

from alcove.errors import EntryDamaged
from alcove.files import data
from alcove.store import entries, layout, records, roots
from alcove.store.layout import store_at
from alcove.wheels.entry import Entry, EntryPoint, FileRecord, LinkRules

if TYPE_CHECKING:
    from pathlib import Path

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
    assert entries.decode(ENTRY.directory, data.loads(view)) == (ENTRY, len(complete))


@pytest.mark.parametrize("key", [*Entry._fields[1:], "format", "complete"])
def test_a_view_without_a_field_is_damaged(
    tmp_path_factory: pytest.TempPathFactory, key: str
) -> None:
    store = store_at(str(tmp_path_factory.mktemp("data")))
    root = tmp_path_factory.getbasetemp() / store.entries / ENTRY.directory
    root.mkdir(parents=True)
    view, complete = entries.encode(ENTRY, ())
    value = data.loads(view)
    del value[key]
    (root / "view.json").write_bytes(data.dumps(value))
    (root / "entry.json").write_bytes(complete)
    with pytest.raises(EntryDamaged):
        entries.read(store, ENTRY.directory)
    (root / "view.json").write_bytes(view)
    assert entries.read(store, ENTRY.directory) == ENTRY
    (root / "view.json").write_bytes(view.replace(b'"format":1', b'"format":9'))
    with pytest.raises(EntryDamaged, match="format"):
        entries.read(store, ENTRY.directory)


@pytest.mark.parametrize("name", ["view.json", "entry.json"])
@pytest.mark.parametrize("kind", ["directory", "link to itself", "nothing"])
def test_an_entry_whose_own_files_are_something_else_is_damaged(
    tmp_path: Path, name: str, kind: str
) -> None:
    store = store_at(str(tmp_path))
    root = tmp_path / store.entries / ENTRY.directory
    root.mkdir(parents=True)
    for path, content in zip(("view.json", "entry.json"), entries.encode(ENTRY, ()), strict=True):
        (root / path).write_bytes(content)
    (root / name).unlink()
    if kind == "directory":
        (root / name).mkdir()
    elif kind == "link to itself":
        (root / name).symlink_to(name)
    said = "is missing" if kind == "nothing" else "cannot be read|cut off"
    with pytest.raises(EntryDamaged, match=said):
        entries.read(store, ENTRY.directory)
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
