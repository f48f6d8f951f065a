"""What a change adds outside the slots: data files and scripts, and what is in their way.

Data files whose directory is missing come with it, by one rename (DESIGN section 4.6).
"""

from __future__ import annotations

import errno
import os

from alcove.errors import TransactionError
from alcove.files import ops, trees
from alcove.transactions import data_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.transactions.data_files import Row

__all__ = ["Incoming", "refuse_scripts"]


class Incoming:
    """The data files that a change adds. A directory that is missing for them is made aside with all that it will hold.

    `weight`: about how long `prepare` takes, in hard links. `beside`: the files whose directory is there, which other files
    may be in; `whole`: the directories that came with all their files, after `add`. Paths are relative to the environment.
    """

    __slots__ = (
        "_entries",
        "_layout",
        "_new",
        "_shown",
        "_trees",
        "_want",
        "beside",
        "weight",
        "whole",
    )

    def __init__(
        self, layout: Layout, shown: dict[str, Row], want: dict[str, Row], *, entries: str = ""
    ) -> None:
        self._layout = layout
        self._entries = entries or f"{layout.private}/e"  # where `e` leads, as `views.Slot` has it
        new = {path: row for path, row in want.items() if path not in shown} if shown else want
        self._new, self._shown, self._want = new, shown, want
        self._trees, there = _by_missing(layout.root, data_files.by_directory(new))
        self.beside = {path: new[path] for path in there}
        self.whole: set[str] = set()
        self.weight = len(new) - len(there) + 2 * sum(map(len, self._trees.values()))

    def refuse_unwritable(self, shown: Generation, want: Generation) -> None:
        """Raise TransactionError where this user may not write into a directory that the change of data files writes into.

        So, too, for the links of scripts and the json of states. What comes after the switch would fail there, and with it
        every later command.
        """
        root = self._layout.root
        old, new = self._shown, self._want
        going: dict[str, Row] = {}
        sure = {top.rpartition("/")[0] for top in self._trees}
        sure.update(path.rpartition("/")[0] for path in self.beside)
        if old and old != new:  # quick, and nearly all changes leave hundreds of them as they are
            going = {path: row for path, row in old.items() if path not in new}
            stays = old.keys() & new.keys()
            sure.update(
                path.rpartition("/")[0] for path in stays if old[path].sha256 != new[path].sha256
            )
        perhaps = {
            above for one in data_files.by_directory(going) for above in ("", *_down_to(one))
        }
        folders = {f"{root}/{one}" if one else root for one in sure | perhaps}
        for folder in (*folders, self._layout.bin, f"{self._layout.private}/generations"):
            if not os.access(folder, os.W_OK | os.X_OK) and os.path.isdir(folder):
                from alcove.transactions import unwritable  # noqa: PLC0415  hardly ever

                unwritable.refuse(self._layout, shown, want, sure=sure, going=going)
                return

    def prepare(self) -> list[str]:
        """Make the missing directories aside; return the paths (absolute) of files with new content."""
        written = []
        for number, (top, below) in enumerate(self._trees.items()):
            aside, start = self._aside(number), len(top)
            trees.remove(aside)
            for directory in sorted({path for one in below for path in _down_to(one)}):
                if directory.startswith(top):
                    ops.mkdir(f"{aside}{directory[start:]}")
            for directory, names in below.items():
                for name in sorted(names):
                    path = f"{directory}/{name}"
                    target = f"{aside}{path[start:]}"
                    if data_files.place(self._source(self._new[path]), target, path):
                        written.append(target)
        return written

    def _aside(self, number: int) -> str:
        """Return where a missing directory is made (absolute); what a stop leaves of it `tidy` removes."""
        return f"{self._layout.private}/.incoming-{number}.tmp"

    def _source(self, row: Row) -> str:
        kind, _, below = row.source.partition("/")
        return f"{self._entries}/{below}" if kind == "e" else f"{self._layout.private}/{row.source}"

    def add(self) -> None:
        """Place all in the environment: what was made aside, and what belongs into directories that are there."""
        one_by_one = dict(self.beside)
        for number, (top, below) in enumerate(self._trees.items()):
            if _moved(self._aside(number), f"{self._layout.root}/{top}"):
                self.whole.update(below)
                continue
            paths = [f"{directory}/{name}" for directory, names in below.items() for name in names]
            one_by_one.update((path, self._new[path]) for path in paths)
        for path, row in one_by_one.items():
            if path.startswith("etc/") and os.path.lexists(f"{self._layout.root}/{path}"):
                continue  # what the user changed, and an uninstall or undo left
            try:
                data_files.place_in(self._layout, path, row)
            except FileExistsError:
                continue  # the same content, or the user's own, as `refuse_collisions` saw
            data_files.alias(self._layout, path)


def _by_missing(
    root: str, names: dict[str, set[str]]
) -> tuple[dict[str, dict[str, set[str]]], list[str]]:
    """Return files (their names by directory) by the topmost directory that is missing for them below `root`, and the rest.

    The rest are the paths of those whose directory is there.
    """
    there: set[str] = set()
    trees_found: dict[str, dict[str, set[str]]] = {}
    rest: list[str] = []
    for directory, found in names.items():
        for above in _down_to(directory):
            if above in there:
                continue
            if above in trees_found or not os.path.lexists(f"{root}/{above}"):
                trees_found.setdefault(above, {})[directory] = found
                break
            there.add(above)
        else:
            rest += [f"{directory}/{name}" if directory else name for name in found]
    return trees_found, rest


def _down_to(directory: str) -> Iterator[str]:
    """Yield the directories above a relative one, the topmost first, and itself; nothing for "".

    >>> list(_down_to("share/man/man1"))
    ['share', 'share/man', 'share/man/man1']
    """
    at = directory.find("/")
    while at >= 0:
        yield directory[:at]
        at = directory.find("/", at + 1)
    if directory:
        yield directory


def _moved(source: str, target: str) -> bool:
    """Rename a directory; False where something stands there by now, or the two are not of one file system."""
    try:
        ops.rename(source, target)
    except OSError as error:
        if error.errno not in _IN_THE_WAY:
            raise
        return False
    return True


_IN_THE_WAY = (errno.EXDEV, errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.ENOENT)


def refuse_scripts(
    layout: Layout, shown: Generation, want: Generation, *, leaving: Collection[str] = ()
) -> None:
    """Raise TransactionError where a script of `want` would take the place of a file that is not of `shown`, nor of `leaving`.

    PathCollision where it would take that of another script of `want`. `leaving`: absolute paths.
    """
    names = [launcher.name for one in want.placements for launcher in one.launchers]
    text = "\n".join(names)
    if not text.isascii() or len(set(text.lower().split("\n"))) < len(names):
        from alcove.transactions.alike import refuse_alike  # noqa: PLC0415  hardly ever needed

        refuse_alike(layout, want.placements)
    mine = {launcher.name for one in shown.placements for launcher in one.launchers}
    mine.update(
        row.path[len("bin/") :]
        for one in shown.placements
        for row in one.data
        if row.path.startswith("bin/")
    )
    for placement in want.placements:
        for launcher in placement.launchers:
            path = f"{layout.bin}/{launcher.name}"
            if launcher.name in mine or path in leaving or not os.path.lexists(path):
                continue
            if not data_files.is_script_link(path):
                raise TransactionError(
                    f"{path} is there already and {placement.name} wants to place a script of that name",
                    hint="move it away, or remove it, and try again",
                )
