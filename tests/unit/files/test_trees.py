"""Trees: removed and walked without following one link."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.errors import NotAFile
from alcove.files import ops, trees
from tests.unit.image import bring

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a directory with files, links to a file and a directory outside, and a dangling one."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    root = tmp_path / "root"
    (root / "b" / "deep").mkdir(parents=True)
    (root / "b" / "deep" / "file").write_text("x")
    (root / "b.txt").write_text("x")
    (root / "a").symlink_to(outside)
    (root / "b" / "file").symlink_to(outside / "kept")
    (root / "c").symlink_to("nowhere")
    return root


def test_remove_takes_all_and_follows_nothing(tree: Path) -> None:
    trees.remove(str(tree))
    assert not tree.exists()
    assert (tree.parent / "outside" / "kept").read_text() == "kept"


def test_remove_of_a_link_takes_the_link(tree: Path) -> None:
    trees.remove(str(tree / "a"))
    assert (tree.parent / "outside" / "kept").exists()
    assert not (tree / "a").is_symlink()


def test_remove_of_nothing(tmp_path: Path) -> None:
    trees.remove(str(tmp_path / "nothing"))
    assert list(tmp_path.iterdir()) == []


def test_remove_bears_others_that_remove(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = ops.unlink

    def twice(path: str) -> None:
        if not os.path.isdir(path) or os.path.islink(path):
            unlink(path)
        unlink(path)

    monkeypatch.setattr(ops, "unlink", twice)
    trees.remove(str(tree))
    assert not tree.exists()


def test_remove_tells_what_it_cannot(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise OSError(39, "Directory not empty", path)

    monkeypatch.setattr(ops, "rmdir", refuse)
    with pytest.raises(OSError, match="not empty"):
        trees.remove(str(tree))


def test_walk_is_sorted_and_follows_nothing(tree: Path) -> None:
    found = [relative for relative, _ in trees.walk(str(tree))]
    assert found == ["a", "b", "b.txt", "c", "b/deep", "b/file", "b/deep/file"]


def test_make_directories(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c"
    for _ in range(2):
        trees.make_directories(str(path))
        assert path.is_dir()


def test_make_directories_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(FileExistsError):
        trees.make_directories(str(tmp_path / "a"))
    with pytest.raises(NotADirectoryError):
        trees.make_directories(str(tmp_path / "a" / "b"))


def test_flush_takes_everything_but_links(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(ops, "syncfs", lambda _: False)
    monkeypatch.setattr(ops, "fsync", lambda path: flushed.append(os.path.relpath(path, tree)))
    trees.flush(str(tree))
    assert flushed == ["b", "b.txt", "b/deep", "b/deep/file", "."]


def test_flush_is_one_call_where_the_system_has_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []

    def syncfs(path: str) -> bool:
        flushed.append(path)
        return True

    monkeypatch.setattr(ops, "syncfs", syncfs)
    monkeypatch.setattr(ops, "fsync", flushed.append)
    trees.flush(str(tree))
    assert flushed == [str(tree)]


def test_a_copy_is_like_what_was_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep" / "empty").mkdir(parents=True)
    (source / "deep" / "run").write_text("x")
    (source / "deep" / "run").chmod(0o751)
    (source / "link").symlink_to("deep/run")
    (source / "dangling").symlink_to("/nowhere")
    (source / "deep").chmod(0o555)
    for path in ("deep/run", "deep", ""):
        os.utime(source / path, (1, 2))
    written = trees.copy(str(source), str(tmp_path / "target"))
    assert written == [f"{tmp_path}/target/deep/run"]
    seen = [
        {
            path: (
                entry.stat(follow_symlinks=False).st_mode,
                entry.is_dir() or os.stat(entry).st_size,
            )
            for path, entry in trees.walk(str(tmp_path / name))
            if path != "dangling"
        }
        for name in ("source", "target")
    ]
    assert seen[0] == seen[1]
    assert os.readlink(tmp_path / "target" / "dangling") == "/nowhere"
    for path in ("deep/run", "deep", ""):
        assert os.stat(tmp_path / "target" / path).st_mtime == 2
    os.mkfifo(source / "pipe")
    with pytest.raises(NotAFile):
        trees.copy(str(source), str(tmp_path / "again"))


def test_a_directory_moves(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(root: str) -> list[str]:
        return [path for path, _ in trees.walk(root)]

    root, before = str(tree), listed(str(tree))
    trees.move(root, root + "2")
    assert (listed(root + "2"), os.path.lexists(root)) == (before, False)
    bring(monkeypatch, os.path.dirname(root))
    trees.move(root + "2", root)
    assert (listed(root), os.path.lexists(root + "2")) == (before, False)


def test_what_cannot_be_copied_stays(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tree / "pipe")
    bring(monkeypatch, str(tree.parent))
    with pytest.raises(NotAFile):
        trees.move(str(tree), f"{tree}2")
    assert os.path.lexists(tree / "b" / "deep" / "file")
    assert not os.path.lexists(f"{tree}2")


def test_a_directory_that_somebody_else_removes_meanwhile_is_removed(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = ops.unlink

    def beside(path: str) -> None:
        try:
            unlink(path)
        except IsADirectoryError:
            monkeypatch.setattr(ops, "unlink", unlink)
            trees.remove(path)
            raise

    monkeypatch.setattr(ops, "unlink", beside)
    trees.remove(str(tree))
    assert not tree.exists()
