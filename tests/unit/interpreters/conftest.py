"""A machine on disk: installations of every kind, with files that look like interpreters and are none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.interpreters.places import Places, places_of

if TYPE_CHECKING:
    from pathlib import Path

ELF_64 = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(44)


class Machine:
    """Builds below `root`; `places()` says where to look, as `places_of` would for this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environ: dict[str, str] = {}
        self.path: list[str] = []
        self.home = self.directory("home")

    def directory(self, relative: str) -> str:
        """Make a directory."""
        path = self.root / relative
        path.mkdir(parents=True, exist_ok=True)
        return str(path)

    def program(self, relative: str, content: bytes = ELF_64) -> str:
        """Make an executable file; by default one that looks like a 64-bit program."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755)
        return str(path)

    def text(self, relative: str, content: str) -> str:
        """Make a text file."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return str(path)

    def link(self, relative: str, target: str) -> str:
        """Make a symbolic link."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
        return str(path)

    def places(self, **changes: object) -> Places:
        """Say where to look, and nowhere else."""
        environ = {"PATH": os.pathsep.join(self.path), **self.environ}
        found = places_of(
            environ,
            home=self.home,
            directory=str(self.root),
            own=str(self.root / "own"),
            platform="linux",
        )
        # what lies outside of the test's directory is not ours to look at
        inside = {
            "bins": tuple(pair for pair in found.bins if pair[1].startswith(str(self.root))),
            "alternatives": (),
            "conda": tuple(path for path in found.conda if path.startswith(str(self.root))),
        }
        return found._replace(**{**inside, **changes})  # type: ignore[arg-type]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)
