"""Which cache one command works with."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from alcove import settings
from alcove.errors import AlcoveError
from alcove.pip.cache_place import cached

if TYPE_CHECKING:
    from pathlib import Path


def test_the_usual_one_and_the_one_that_is_named(tmp_path: Path) -> None:
    given = settings.read({"HOME": str(tmp_path)}, cwd=str(tmp_path))
    with cached(given, None) as found:
        assert found == given
    with cached(given, "deep/../c") as found:
        assert found.cache == str(tmp_path / "c")
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_gone_afterwards(tmp_path: Path) -> None:
    given = settings.read({"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}, cwd=str(tmp_path))

    def use() -> None:
        with cached(given, "") as found:
            [room] = tmp_path.iterdir()
            assert found.cache == str(room)
            assert room.stat().st_mode & 0o777 == 0o700
            (room / "x").mkdir()
            raise KeyError

    with pytest.raises(KeyError):
        use()
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_directory_that_is_not_there_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with pip, another one is taken then."""
    (tmp_path / "other").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "other"))
    given = settings.read({"HOME": str(tmp_path), "TMPDIR": str(tmp_path / "gone")}, cwd="/")
    with cached(given, "") as found:
        [room] = (tmp_path / "other").iterdir()
        assert found.cache == str(room)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["other"]


def test_who_stands_nowhere_needs_no_place_to_stand(tmp_path: Path) -> None:
    given = settings.read({"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}, cwd="/")
    given = given._replace(here="")
    with cached(given, "") as found:
        assert [str(room) for room in tmp_path.iterdir()] == [found.cache]
    with cached(given, str(tmp_path / "c")) as found:
        assert found.cache == str(tmp_path / "c")
    with pytest.raises(AlcoveError, match="no longer exists"), cached(given, "c"):
        pass
