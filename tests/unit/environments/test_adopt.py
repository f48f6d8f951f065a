"""An environment made around what a directory holds, stopped after each step and run again."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alcove.environments.adopt import adopt
from alcove.environments.create import Wanted
from alcove.errors import AlcoveError
from alcove.files import ops
from alcove.venv import running

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = running.interpreter().library
CHANGES = ("mkdir", "rename", "symlink", "write", "link", "unlink", "rmdir")


def wanted(root: Path) -> Wanted:
    """Return a wish for an environment of the Python that runs the tests."""
    return Wanted(
        path=str(root / "e"),
        interpreter=running.interpreter(),
        prompt="e",
        command="test",
        data=str(root / "data"),
        mode="view",
        private=False,
        system_site=False,
        copies=False,
        placements=(),
    )


def filled(root: Path) -> None:
    """Make a directory with a library folder in it."""
    site = root / "e" / "lib" / LIBRARY / "site-packages"
    site.mkdir(parents=True)
    (site / "own.py").write_text("mine")
    (root / "e" / "letter.txt").write_text("mine")


def check(root: Path) -> None:
    """Hold the environment against what it must be."""
    environment = root / "e"
    assert os.readlink(environment / "lib" / LIBRARY) == "../.alcove/current"
    assert (environment / "lib" / LIBRARY / "site-packages" / "own.py").read_text() == "mine"
    assert (environment / "letter.txt").read_text() == "mine"
    assert (environment / ".alcove" / "current" / "slot.json").is_file()
    assert (environment / ".alcove" / "generations" / "0.json").is_file()


class Stopped(BaseException):
    """Stands for a process that ends."""


def test_stopped_at_any_step_a_second_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0
    while True:
        root = tmp_path / str(steps)
        filled(root)
        left = steps
        with monkeypatch.context() as patch:

            def counted(original: Callable[..., Any]) -> Callable[..., Any]:
                def act(*args: Any, **options: Any) -> Any:
                    nonlocal left
                    if left == 0:
                        raise Stopped
                    left -= 1
                    return original(*args, **options)

                return act

            for name in CHANGES:
                patch.setattr(ops, name, counted(getattr(ops, name)))
            try:
                adopt(wanted(root))
                done = True
            except Stopped:
                done = False
        adopt(wanted(root))
        check(root)
        if done:
            break
        steps += 1
    assert steps > 15


@pytest.mark.parametrize("name", ["bin", "include", "lib", f"lib/{LIBRARY}"])
def test_what_is_in_the_way_is_refused_and_left(name: str, tmp_path: Path) -> None:
    path = tmp_path / "e" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(AlcoveError, match="Unable to create directory"):
        adopt(wanted(tmp_path))
    assert path.read_text() == "mine"


def test_a_library_that_took_the_place_of_our_link_becomes_the_next_state(tmp_path: Path) -> None:
    filled(tmp_path)
    adopt(wanted(tmp_path))
    link = tmp_path / "e" / "lib" / LIBRARY
    link.unlink()
    (link / "site-packages").mkdir(parents=True)
    (link / "site-packages" / "new.py").write_text("theirs")
    layout = adopt(wanted(tmp_path))
    assert layout.shown() == "b"
    assert (link / "site-packages" / "new.py").read_text() == "theirs"
    assert (tmp_path / "e" / ".alcove" / "a" / "site-packages" / "own.py").read_text() == "mine"
    assert (tmp_path / "e" / ".alcove" / "generations" / "1.json").is_file()


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), source, None, target)

    monkeypatch.setattr(ops, "link", refuse)
    layout = adopt(wanted(tmp_path))
    first = Path(layout.private, "generations/0.json").read_bytes()
    assert first == Path(layout.current, "slot.json").read_bytes()
