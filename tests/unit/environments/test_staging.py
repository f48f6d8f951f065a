"""What killed processes left beside environments, and what only looks like it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.environments import staging
from alcove.files.locking import Lock

if TYPE_CHECKING:
    from pathlib import Path


def left(parent: Path, name: str = "env") -> str:
    """Leave an environment aside, as who was killed does, and return its path."""
    path, lock = staging.make(str(parent / name))
    lock.release()
    os.mkdir(f"{path}/.alcove")
    return path


def test_what_was_left_of_any_name_goes(tmp_path: Path) -> None:
    left(tmp_path)
    left(tmp_path, "other")
    assert staging.sweep_environments(str(tmp_path)) == 2
    assert os.listdir(tmp_path) == []
    assert staging.sweep_environments(str(tmp_path / "none")) == 0


def test_what_somebody_is_at_work_on_stays(tmp_path: Path) -> None:
    with staging.make(str(tmp_path / "env"))[1] as lock:
        os.mkdir(f"{lock.path}/.alcove")
        put_back = left(tmp_path)
        with Lock(f"{put_back}/.alcove/lock").acquire():  # as `create --clear` holds it
            assert staging.sweep_environments(str(tmp_path)) == 0
    assert staging.sweep_environments(str(tmp_path)) == 2


def test_what_is_no_environment_of_ours_stays(tmp_path: Path) -> None:
    (tmp_path / ".env.1-0123abcd.tmp").mkdir()
    (tmp_path / ".env.1-0123abcd.tmp" / "mine").touch()
    (tmp_path / ".env.2-0123abcd.tmp").write_text("mine")
    (tmp_path / ".env.tmp" / ".alcove").mkdir(parents=True)
    before = sorted(os.listdir(tmp_path))
    assert staging.sweep_environments(str(tmp_path)) == 0
    assert sorted(os.listdir(tmp_path)) == before


def test_what_is_gone_by_itself_is_discarded(tmp_path: Path) -> None:
    rubbish = left(tmp_path)
    staging.discard(rubbish)
    staging.discard(rubbish)  # as after an interrupt that came when all was done
    assert os.listdir(tmp_path) == []
