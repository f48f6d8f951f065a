"""What stands in an archive of sources, checked name by name before anything of it is written.

Rule (PEP 706, "data" filter, and stricter): plain files, directories and links that stay inside; nothing absolute,
no `..`, no device, no member behind a link, and no more of it than the limits allow.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import BuildFailed
from alcove.files import ops, trees

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Bounds", "Member", "Unpacking"]

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_EARLIEST = 315_619_200  # 1980-01-02: wheels are ZIP archives, which know no earlier time
_LATEST = 4_102_444_800  # 2100-01-01


class Bounds(NamedTuple):
    """How much an archive may hold: bytes in all, members, and how many times its own size.

    The ratio counts from `free` bytes on: small archives of text are packed well.
    """

    size: int = 2 << 30
    members: int = 200_000
    ratio: int = 200
    free: int = 64 << 20


class Member(NamedTuple):
    """One member: `kind` is "file", "directory", "symlink", "hardlink", or what is refused, by its name.

    `target`: of a link, as it stands in the archive. `modified`: seconds since 1970.
    """

    name: str
    kind: str
    target: str = ""
    executable: bool = False
    modified: float = 0.0


class Unpacking:
    """Writes members below `root` (absolute), a directory that it makes itself.

    Links are made last, when all they can lead to is known.
    """

    def __init__(self, root: str, *, archive: str, bounds: Bounds) -> None:
        self._root = root
        self._archive = archive
        self._bounds = bounds
        self._kinds: dict[tuple[str, ...], str] = {}
        self._links: list[tuple[tuple[str, ...], str]] = []
        self._count = 0
        trees.make_directories(root)

    def refused(self, name: str, reason: str) -> BuildFailed:
        """Return the error for one member."""
        shown = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", name)[:200]
        return BuildFailed(
            f"{self._archive} cannot be unpacked: its member {shown!r} {reason}",
            hint="the archive is damaged or hostile: do not use it",
        )

    def place(self, member: Member, content: Iterable[bytes], *, replace: bool = False) -> None:
        """Write one member, whose bytes `content` yields; a second file of one name only with `replace`."""
        self._count += 1
        if self._count > self._bounds.members:
            raise self.refused(member.name, f"is more than the {self._bounds.members} allowed")
        parts = self._parts(member.name)
        if member.kind == "directory":
            self._directory(parts, member.name)
            return
        if not parts:
            raise self.refused(member.name, "is no file name")
        self._directory(parts[:-1], member.name)
        known = self._kinds.get(parts)
        if known is not None and not (replace and known == "file" and member.kind == "file"):
            raise self.refused(member.name, "is there twice")
        path = os.path.join(self._root, *parts)
        if known is not None:
            ops.unlink(path)
        if member.kind == "file":
            ops.write(path, b"".join(content), 0o777 if member.executable else 0o666)
            self._date(path, member.modified)
        elif member.kind == "hardlink":
            self._copy(path, member)
        elif member.kind == "symlink":
            self._links.append((parts, member.target))
        else:
            raise self.refused(member.name, f"is a {member.kind}")
        self._kinds[parts] = "symlink" if member.kind == "symlink" else "file"

    def finish(self) -> str:
        """Make the links; return the directory (absolute) that holds the tree.

        An archive with one directory at its top is that directory (PEP 625); any other must be a tree itself.
        """
        for parts, target in self._links:
            self._check_link(parts, target)
        for parts, target in self._links:
            ops.symlink(target, os.path.join(self._root, *parts))
        # "._NAME" is what macOS's tar adds for NAME.
        top = {parts[0] for parts in self._kinds if not parts[0].startswith("._")}
        first = next(iter(top), "")
        if len(top) == 1 and self._kinds.get((first,)) == "directory":
            return os.path.join(self._root, first)
        if self._kinds.keys() & {("pyproject.toml",), ("setup.py",)}:
            return self._root
        found = f"{len(top)} names" if top else "nothing"
        raise BuildFailed(
            f"{self._archive} is no source distribution: it has {found} at its top where one directory is due"
        )

    def _parts(self, name: str) -> tuple[str, ...]:
        if not name or _CONTROLS.search(name):
            raise self.refused(name, "has no proper name")
        if name.startswith("/") or "\\" in name or _DRIVE.match(name):
            raise self.refused(name, "has an absolute path, or one of another system")
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if ".." in parts:
            raise self.refused(name, "leaves its directory")
        try:
            os.fsencode(name)
        except UnicodeEncodeError:
            raise self.refused(name, "has a name that no file can have here") from None
        return parts

    def _directory(self, parts: tuple[str, ...], name: str) -> None:
        for depth in range(1, len(parts) + 1):
            known = self._kinds.get(parts[:depth])
            if known is None:
                ops.mkdir(os.path.join(self._root, *parts[:depth]))
                self._kinds[parts[:depth]] = "directory"
            elif known != "directory":
                raise self.refused(name, f"lies behind a {known}")

    def _copy(self, path: str, member: Member) -> None:
        # A hard link's target is the name of an earlier member.
        origin = self._parts(member.target)
        if self._kinds.get(origin) != "file":
            raise self.refused(member.name, f"links to {member.target!r}, which is no earlier file")
        source = os.path.join(self._root, *origin)
        self._bounded(os.path.getsize(source), member.name)
        ops.copy(source, path)

    def _bounded(self, size: int, name: str) -> None:
        # Copies of one file cost the archive nothing: they are counted here.
        self._bounds = self._bounds._replace(size=self._bounds.size - size)
        if self._bounds.size < 0:
            raise self.refused(name, "makes it larger than is allowed")

    def _check_link(self, parts: tuple[str, ...], target: str) -> None:
        """Walk from the link to its target; no step may leave the top directory or go through another link."""
        name = "/".join(parts)
        if not target or target.startswith("/") or _CONTROLS.search(target) or "\\" in target:
            raise self.refused(name, f"is a link to {target!r}")
        here = list(parts[:-1])
        steps = [step for step in target.split("/") if step not in ("", ".")]
        for number, step in enumerate(steps):
            if step == "..":
                if not here:
                    raise self.refused(name, f"is a link to {target!r}, which leaves the archive")
                here.pop()
                continue
            here.append(step)
            kind = self._kinds.get(tuple(here))
            if number < len(steps) - 1 and kind not in ("directory", None):
                raise self.refused(name, f"is a link to {target!r}, which leads through a {kind}")
        if not here or here == list(parts):
            raise self.refused(name, f"is a link to {target!r}")

    def _date(self, path: str, modified: float) -> None:
        # In this order a time that is no number gives the earliest.
        seconds = int(min(_LATEST, max(_EARLIEST, modified)))
        ops.utime(path, (seconds, seconds))
