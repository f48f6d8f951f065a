"""Names of files that others chose, and files that are put where they may lie already."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.actions.building import Builder
from alcove.actions.gather import _archived, _inside, put
from alcove.actions.missing import MissingFiles, all_of
from alcove.errors import FetchError, HashMismatch
from alcove.events import Silent
from alcove.requirements.resolution import Origin, Pinned
from tests.unit.interpreters.test_tags import interpreter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x.whl", "a/b.whl", "/x.whl", "a\\b", "c:x", "a\0b"]
)
def test_no_name_leads_out_of_the_directory(name: str) -> None:
    with pytest.raises(FetchError, match="cannot be the name of a file"):
        _inside("/d", name)


def test_put_keeps_what_is_right_and_replaces_what_is_not(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"x")
    source.chmod(0o600)
    assert put(str(source), str(target)) == (str(target), False)
    assert target.stat().st_mode & 0o777 != 0o600  # the cache is private, what is put is not
    assert put(str(source), str(target)) == (str(target), True)
    target.write_bytes(b"other")
    assert put(str(source), str(target)) == (str(target), False)
    assert target.read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_an_archive_of_a_tree_holds_nothing_from_outside(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "deep").mkdir(parents=True)
    (tree / "deep" / "x").write_text("x")
    (tmp_path / "secret").write_text("secret")
    (tree / "out").symlink_to(tmp_path / "secret")
    (tree / "in").symlink_to("deep/x")
    (tree / "gone").symlink_to("nothing")
    path, _ = _archived(str(tree), str(tmp_path / "a.zip"), top="a")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["a/deep/", "a/in", "a/deep/x"]


def test_what_is_built_for_a_bundle_is_kept_apart(tmp_path: Path) -> None:
    def identity(environ: dict[str, str]) -> tuple[str, ...]:
        return Builder(
            interpreter(),
            cache=str(tmp_path),
            make=lambda _path: pytest.fail("nothing is built"),
            fill=lambda _layout, _requirements: None,
            environ=environ,
            reporter=Silent(),
        ).identity

    assert identity({}) != identity({"SOURCE_DATE_EPOCH": "1"})
    assert identity({"SOURCE_DATE_EPOCH": "1"}) != identity({"SOURCE_DATE_EPOCH": "2"})
    assert identity({"OTHER": "1"}) == identity({})


def pin(name: str) -> Pinned:
    """Return a distribution of an index."""
    return Pinned(name, "1", Origin("index", f"https://u:p@x.example/{name}", f"{name}.whl"))


def failing(error: Exception) -> object:
    """Raise an error."""
    raise error


def test_all_that_is_missing_is_told_at_once() -> None:
    gone = FetchError("gone")
    work = [
        (pin("a"), lambda: failing(gone)),
        (pin("b"), lambda: 1),
        (pin("c"), lambda: failing(gone)),
    ]
    with pytest.raises(MissingFiles) as caught:
        all_of(work, offline=True)
    assert caught.value.message == (
        "offline, and 2 files are not in the cache:\n"
        "    a.whl (https://****@x.example/a)\n    c.whl (https://****@x.example/c)"
    )
    with pytest.raises(FetchError, match="gone"):
        all_of(work, offline=False)
    assert all_of(work[1:2], offline=True) == [1]
    with pytest.raises(HashMismatch):
        all_of([(pin("a"), lambda: failing(HashMismatch("no")))], offline=True)
