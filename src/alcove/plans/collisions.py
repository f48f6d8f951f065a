"""Two distributions, one path: linked directories are parted until no two meet; a file goes to one of them. Pure.

Rule (DESIGN 4.1): a directory that two distributions own is real all the way to where they part. A path that two own
goes to the first in the order of names, whatever came first in time, and back to the other when that one goes.
"""

from __future__ import annotations

from alcove.errors import PathCollision
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alcove.environments.generation import Placement

    Children = Callable[[str, str], list[tuple[str, bool]]]

__all__ = ["Collision", "arrange"]


class Collision(NamedTuple):
    """`path` is owned by `winner` and wanted by `loser` (names of distributions) too."""

    path: str
    winner: str
    loser: str


def arrange(
    placements: Sequence[Placement], children: Children
) -> tuple[tuple[Placement, ...], tuple[Collision, ...]]:
    """Return the placements, in the order of names, so that no two own a path; and the paths that two wanted.

    `children(source, path)` lists (name, is it a directory) of a directory of a distribution's `lib`.
    PathCollision where a file of one is a directory of another.
    """
    placed = sorted(placements, key=lambda placement: placement.dist_info.lower())
    while meeting := _meetings(placed):
        placed = [
            _part(placement, meeting, children)
            if not meeting.isdisjoint(placement.links) or not meeting.isdisjoint(placement.trees)
            else placement
            for placement in placed
        ]
    return _give_files(placed)


def _meetings(placed: Sequence[Placement]) -> set[str]:
    """Return the linked or whole directories that another distribution has too."""
    whole: set[str] = set()
    meeting: set[str] = set()
    for placement in placed:
        for path in placement.links + placement.trees:
            if path in whole:
                meeting.add(path)
            whole.add(path)
    for placement in placed:
        meeting.update(path for path in placement.directories if path in whole)
    return meeting


def _part(placement: Placement, meeting: set[str], children: Children) -> Placement:
    """Make the directories in `meeting` real ones, one level deep."""
    links = [path for path in placement.links if path not in meeting]
    trees = [path for path in placement.trees if path not in meeting]
    directories = list(placement.directories)
    files = list(placement.files)
    for paths, rest in ((placement.links, links), (placement.trees, trees)):
        for path in paths:
            if path in meeting:
                directories.append(path)
                for name, is_directory in children(placement.source, path):
                    if not is_directory:
                        files.append(f"{path}/{name}")
                    elif name != "__pycache__":
                        rest.append(f"{path}/{name}")
    return placement._replace(
        links=tuple(links),
        trees=tuple(trees),
        directories=tuple(sorted(directories)),
        files=tuple(files),
        record=placement.record or "parted",
        natural=False,
    )


def _give_files(placed: Sequence[Placement]) -> tuple[tuple[Placement, ...], tuple[Collision, ...]]:
    directories: dict[str, str] = {}
    for placement in placed:
        for path in placement.directories + placement.links + placement.trees:
            directories[path] = placement.name
    owners: dict[str, str] = {}
    hashes: dict[str, str] = {}
    collisions: list[Collision] = []
    result = []
    for placement in placed:
        lost: set[str] = set()
        for path in placement.files:
            if path in directories:
                raise PathCollision(
                    f"{path} is a file of {placement.name} and a directory of {directories[path]}",
                    hint="these two distributions cannot be in one environment",
                )
            _claim(path, path, placement.name, owners=owners, lost=lost, collisions=collisions)
        for launcher in placement.launchers:
            _claim(
                f"bin/{launcher.name}",
                f"//bin/{launcher.name}",
                placement.name,
                owners=owners,
                lost=lost,
                collisions=collisions,
            )
        for file in placement.data:
            key = f"//{file.path}"
            alike = hashes.get(key) == file.sha256
            _claim(
                file.path,
                key,
                placement.name,
                owners=owners,
                lost=lost,
                collisions=[] if alike else collisions,
            )
            hashes.setdefault(key, file.sha256)
        result.append(_without(placement, lost) if lost else placement)
    return tuple(result), tuple(collisions)


def _claim(
    path: str,
    key: str,
    name: str,
    *,
    owners: dict[str, str],
    lost: set[str],
    collisions: list[Collision],
) -> None:
    winner = owners.setdefault(key, name)
    if winner != name:
        lost.add(key)
        collisions.append(Collision(path, winner, name))


def _without(placement: Placement, lost: set[str]) -> Placement:
    return placement._replace(
        files=tuple([path for path in placement.files if path not in lost]),
        launchers=tuple([one for one in placement.launchers if f"//bin/{one.name}" not in lost]),
        data=tuple([file for file in placement.data if f"//{file.path}" not in lost]),
        record=placement.record or "parted",
        natural=False,
    )
