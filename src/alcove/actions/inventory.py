"""What an environment was found to hold, remembered in the cache for as long as nothing there was touched.

Rule: a memory is only a saving. It counts while the directories and files that it was read from have the times and
sizes that they had; it is one file below `<cache>/inventories/`, may be deleted at any time, and whatever is wrong
with it makes it none. WHEEL, INSTALLER and REQUESTED are told by their directory's time: who changes them puts
another file in their place. What was changed a moment ago is not remembered: the next change might bear the same time.
"""

from __future__ import annotations

import os

from alcove.environments.installed import Contents, Distribution, Known, added_by, read_all
from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Inventory", "take", "write"]

_HEAD = "alcove inventory 1"
_SETTLED = (
    50_000_000  # ns: no file system's clock is coarser, but for those that count whole seconds
)
_SECOND = 1_000_000_000


class Inventory:
    """The `contents` of a directory of modules, and what was remembered about them besides.

    `note`: lines of another module, "" without any; `keep` remembers them with the contents.
    """

    def __init__(
        self, contents: Contents, *, note: str = "", path: str = "", text: str = ""
    ) -> None:
        self.contents = contents
        self.note = note
        self._path = path
        self._text = text

    def keep(self, note: str) -> None:
        """Remember `note` (whole lines) as true of these contents, where they can be remembered."""
        if self._text:
            write(self._path, self._text + note)

    def beside(self, directory: str) -> str:
        """Return the file beside this memory that is for `directory` (absolute); "" where there is none of either."""
        try:
            there = os.stat(directory)
        except OSError:
            return ""
        folder = os.path.dirname(self._path)
        return f"{folder}/{there.st_dev:x}-{there.st_ino:x}.verdicts" if folder else ""


def take(site: str, *, cache: str) -> Inventory:
    """Return what the directory of modules `site` (absolute) holds, with what its `.pth` files add.

    `cache`: the directory of caches (absolute); "" for no memory.
    """
    if not cache:
        return Inventory(read_all((site,)))
    try:
        there = os.stat(site)
    except OSError:
        return Inventory(read_all((site,)))
    path = f"{cache}/inventories/{there.st_dev:x}-{there.st_ino:x}"
    recalled = _recall(path, site)
    return recalled if recalled is not None else _read(path, site)


def _recall(path: str, site: str) -> Inventory | None:
    """Return the inventory in the file `path` if it is of `site` as it is now."""
    try:
        text = reading.content(path).decode()
        head, rows, note = text.split("\n\n", 2)
        said, where, *places = head.split("\n")
        if said != _HEAD or where != site or not all(map(_stands, places)):
            return None
        found = [_distribution(row, site) for row in rows.split("\n")]
    except (OSError, ValueError):
        return None
    if None in found:
        return None
    contents = Contents(tuple(one for one in found if one is not None), ())
    return Inventory(contents, note=note, path=path, text=text[: len(text) - len(note)])


def _stands(line: str) -> bool:
    place, _, time = line.partition("\t")
    return _time(place) == int(time)


def _distribution(row: str, site: str) -> Distribution | None:
    """Return the distribution of a row; None where its metadata is not what it was, ValueError for no row."""
    name, normalised, version, place, base, metadata, asked, installer, build, direct, *times = (
        row.split("\t")
    )
    location = place or site
    info = f"{location}/{base}"
    file = f"{info}/{metadata}" if metadata else info
    if list(map(str, _times(info, file))) != times:
        return None
    known = Known._make((asked == "1", installer, build, direct == "1"))
    return Distribution._make((name, normalised, version, location, info, metadata, b"", "", known))


def _read(path: str, site: str) -> Inventory:
    """Read `site` and remember it at `path`, where that can be done."""
    from time import time_ns

    start = time_ns()
    contents = read_all((site,))
    text = _spelled(site, contents, _looked_at(site), start)
    if text:
        write(path, text)
    return Inventory(contents, path=path, text=text)


def _looked_at(site: str) -> list[str]:
    """Return the directories and `.pth` files that decide what `site` holds; nothing where that is not all."""
    try:
        names = os.listdir(site)
    except OSError:
        return []
    if any(name.endswith(".egg-link") for name in names):
        return []
    paths = [site]
    for name in sorted(names):
        if name.endswith(".pth"):
            added = added_by(site, name)
            if any(map(os.path.isfile, added)):  # an archive
                return []
            paths += [f"{site}/{name}", *added]
    return paths


def _spelled(site: str, contents: Contents, looked_at: Iterable[str], start: int) -> str:
    """Return the text of a memory; "" where it would not hold. `start`: when the reading began, ns since 1970."""
    places = [(path, _time(path)) for path in looked_at]
    if contents.problems or not places or not contents.distributions:
        return ""
    rows = []
    for one in contents.distributions:
        file = f"{one.info}/{one.metadata}" if one.metadata else one.info
        times = _times(one.info, file)
        if not all(_settled(time, start) for time in times[:2]):
            return ""
        place = "" if one.location == site else one.location
        direct = os.path.lexists(f"{one.info}/direct_url.json")
        facts = (
            *(one.name, one.normalised, one.version, place, os.path.basename(one.info)),
            *(one.metadata, "01"[one.requested()], one.installer(), one.build(), "01"[direct]),
        )
        rows.append([*facts, *map(str, times)])
    lines = [[_HEAD], [site], *([path, str(time)] for path, time in places), [], *rows]
    plain = all(cell.isprintable() for line in lines for cell in line)
    settled = all(_settled(time, start) for _, time in places)
    return "\n".join(map("\t".join, lines)) + "\n\n" if plain and settled else ""


def _settled(time: int, start: int) -> bool:
    return time + (2 * _SECOND if time % _SECOND == 0 else _SETTLED) < start


def _time(path: str) -> int:
    """Return when a directory's or a file's content or place was last changed, in ns since 1970; 0 for nothing there."""
    try:
        there = os.stat(path)
    except OSError:
        return 0
    return there.st_mtime_ns if os.name == "nt" else there.st_ctime_ns


def _times(info: str, file: str) -> tuple[int, int, int]:
    """Return what changes when the metadata directory `info` gets or loses a file, or its main file is written.

    Of the file the mtime: it may be a hard link, whose ctime other environments change.
    """
    there = os.stat(info)
    main = os.stat(file) if file != info else there
    changed = there.st_mtime_ns if os.name == "nt" else there.st_ctime_ns
    return changed, main.st_mtime_ns, main.st_size


def write(path: str, text: str) -> None:
    """Write the file `path` (absolute) of a memory; a cache that cannot be written remembers nothing."""
    from alcove.files import atomic, trees

    try:
        trees.make_directories(os.path.dirname(path))
        atomic.replace_file(path, text.encode())
    except OSError:
        return
