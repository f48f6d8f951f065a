"""One distribution shown in a slot, and taken out of it again (DESIGN sections 3 and 4).

Rule: writes only into a slot that is not shown, or into an environment that is not yet there.
"""

from __future__ import annotations

import os

from alcove.files import links, ops, reading, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alcove.environments.generation import Launcher, Placement

__all__ = [
    "ANCHOR",
    "ANCHOR_TEXT",
    "GUARD",
    "Slot",
    "drop_directories",
    "guard",
    "hide",
    "make_slot",
    "mode_of",
    "show",
]

ANCHOR = "_alcove.pth"
ANCHOR_TEXT = b"../../../.alcove/store\n"  # joined lexically by `site`, so it survives a move of the environment
# A real directory that holds links has a file of nobody's: pip takes away a directory in which it sees no file but
# those of the distribution that it removes, and a link to a directory of another one is no file to it.
GUARD = ".alcove-shared"


class Slot(NamedTuple):
    """A slot being prepared: absolute paths of the slot, of `.alcove`, and of the twin to take hard links from, or "".

    `entries` is where `e` leads: one link less to follow for each of a thousand files. `written` gathers the paths
    of files with new content, which must be durable before the slot is shown. `python` is what launchers name;
    `launcher` makes the text of one; `record` gives the text of a RECORD of its own.
    """

    path: str
    private: str
    twin: str
    python: str
    mode: str
    entries: str
    launcher: Callable[[Placement, Launcher, Slot], bytes]
    record: Callable[[Placement, Slot], bytes]
    written: list[str]

    @property
    def site_packages(self) -> str:
        """The slot's site-packages, absolute."""
        return self.path + "/site-packages"

    def base(self, placement: Placement) -> str:
        """Return the directory of what a placement is made from: an entry, or what was kept."""
        kind, _, name = placement.source.partition("/")
        return f"{self.entries}/{name}" if kind == "e" else f"{self.private}/{placement.source}"


def make_slot(slot: Slot, *, anchor: str = "") -> None:
    """Make the directories of an empty slot, with the `.pth` file that names the store: that of the twin, or `anchor`."""
    ops.mkdir(slot.path)
    ops.mkdir(slot.path + "/bin")
    ops.mkdir(slot.site_packages)
    ops.mkdir(slot.site_packages + "/__pycache__")
    target = f"{slot.site_packages}/{ANCHOR}"
    twin = anchor or f"{slot.twin}/site-packages/{ANCHOR}"
    if links.place_alike(ANCHOR_TEXT, target, twin=twin):
        slot.written.append(target)


def show(slot: Slot, placement: Placement) -> None:
    """Place a distribution in a slot; real directories that it shares may be there already."""
    site = slot.site_packages
    base = slot.base(placement)
    library = f"{base}/lib"
    for directory in placement.directories:
        _directory(f"{site}/{directory}")
    for path in placement.links:
        up = "../" * (path.count("/") + 2)
        text = f"{up}{placement.source}/lib/{path}"
        if "/" in path:
            links.place_link(text, f"{site}/{path}", twin=f"{slot.twin}/site-packages/{path}")
            _guard(slot, path.rpartition("/")[0])
        else:
            links.place_ready(text, f"{site}/{path}", ready=f"{base}/links/{path}")
    mode = mode_of(slot, placement)
    for path in placement.trees:
        slot.written.extend(
            links.place_tree(
                f"{library}/{path}",
                f"{site}/{path}",
                mode=mode,
                bytecode=placement.record != "seed",  # few ever import it, and each is an inode
            )
        )
    for path in placement.files:
        if path.endswith(".py") and "/" in path:
            _directory(f"{site}/{path.rpartition('/')[0]}/__pycache__")
        if links.place_file(f"{library}/{path}", f"{site}/{path}", mode=mode):
            slot.written.append(f"{site}/{path}")
    _show_dist_info(slot, placement)
    for launcher in placement.launchers:
        _show_launcher(slot, placement, launcher)


def mode_of(slot: Slot, placement: Placement) -> str:
    """Return how the real files of a distribution are placed."""
    if slot.mode != "view":
        return slot.mode
    if placement.record == "seed":
        # The pip of ours is real files that nobody edits: pip and uv replace files, they do not write into them.
        return "hardlink"
    # In a view only what is edited in place, or writes itself, has trees: a hard link would let it reach the store.
    return "copy" if placement.trees else "view"


def guard(slot: Slot, placements: Iterable[Placement]) -> None:
    """Give the directories of shown distributions the guards that an alcove of before did not make."""
    for directory in {
        path.rpartition("/")[0]
        for one in placements
        if one.directories
        for path in one.links
        if "/" in path
    }:
        _guard(slot, directory)


def _guard(slot: Slot, directory: str) -> None:
    target = f"{slot.site_packages}/{directory}/{GUARD}"
    if os.path.lexists(target):
        return
    try:
        if links.place_alike(ANCHOR_TEXT, target, twin=f"{slot.site_packages}/{ANCHOR}"):
            slot.written.append(target)
    except FileExistsError:
        return  # the other of two processes was quicker


def _directory(path: str) -> None:
    try:
        ops.mkdir(path)
    except FileExistsError:
        if os.path.islink(path) or not os.path.isdir(path):
            raise


def _show_dist_info(slot: Slot, placement: Placement) -> None:
    target = f"{slot.site_packages}/{placement.dist_info}"
    base = slot.base(placement)
    source = f"{base}/dist-info"
    ops.mkdir(target)
    for name in placement.dist_files:
        _relink(slot, f"{source}/{name}", f"{target}/{name}")
    for name in placement.dist_links:
        if placement.record == "kept":
            # Its RECORD is that of who placed it and names no link: uv went through one and took what is kept away.
            if os.path.isdir(f"{source}/{name}"):
                placed = links.place_tree(
                    f"{source}/{name}", f"{target}/{name}", mode="hardlink", bytecode=False
                )
                slot.written.extend(placed)
            continue
        up = "../" * (name.count("/") + 3)
        text = f"{up}{placement.source}/dist-info/{name}"
        links.place_ready(text, f"{target}/{name}", ready=f"{base}/links/@{name}")
    if placement.record == "kept":
        return  # what others placed brings all of its own files
    if placement.requested:
        try:
            _relink(slot, f"{source}/REQUESTED", f"{target}/REQUESTED")
        except FileNotFoundError:  # an entry that was unpacked before it was prepared there
            ops.write(f"{target}/REQUESTED", b"")
    if placement.direct_url:
        _write(slot, f"{target}/direct_url.json", placement.direct_url.encode())
    if placement.record not in ("", "seed"):
        _write(slot, f"{target}/RECORD", slot.record(placement, slot))
    else:
        prepared = "RECORD.requested" if placement.requested else "RECORD"
        _relink(slot, f"{source}/{prepared}", f"{target}/RECORD")


def _show_launcher(slot: Slot, placement: Placement, launcher: Launcher) -> None:
    target = f"{slot.path}/bin/{launcher.name}"
    if slot.twin and os.path.isfile(twin := f"{slot.twin}/bin/{launcher.name}"):
        text = slot.launcher(placement, launcher, slot)
        if reading.content(twin) == text:
            _relink(slot, twin, target)
            return
    else:
        text = slot.launcher(placement, launcher, slot)
    _write(slot, target, text, 0o777)


def _write(slot: Slot, path: str, content: bytes, mode: int = 0o666) -> None:
    ops.write(path, content, mode)
    slot.written.append(path)


def _relink(slot: Slot, source: str, target: str) -> None:
    if links.relink(source, target):
        slot.written.append(target)


def hide(slot: Slot, placement: Placement) -> None:
    """Take a distribution out of a slot; its real directories go later, when nobody needs them (`drop_directories`)."""
    site = slot.site_packages
    for path in placement.links:
        _unlink(f"{site}/{path}")
    for path in placement.trees:
        trees.remove(f"{site}/{path}")
    for path in placement.files:
        _unlink(f"{site}/{path}")
        head, _, tail = f"/{path}".rpartition("/")
        if tail.endswith(".py"):
            _forget_bytecode(f"{site}{head}/__pycache__", tail[:-3])
    trees.remove(f"{site}/{placement.dist_info}")
    for launcher in placement.launchers:
        _unlink(f"{slot.path}/bin/{launcher.name}")


def _unlink(path: str) -> None:
    try:
        ops.unlink(path)
    except FileNotFoundError:  # others removed it while this slot was the one that is shown
        return


def drop_directories(site: str, directories: Iterable[str]) -> None:
    """Remove real directories (relative to `site`, absolute) that no distribution needs, where nothing is but bytecode."""
    for directory in sorted(directories, key=len, reverse=True):
        path = f"{site}/{directory}"
        try:
            names = set(os.listdir(path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        if names <= {"__pycache__", GUARD} and not os.path.islink(path):
            trees.remove(path)
        elif GUARD in names and not os.path.islink(path):
            ops.unlink(f"{path}/{GUARD}")


def _forget_bytecode(directory: str, stem: str) -> None:
    try:
        names = os.listdir(directory)
    except FileNotFoundError:
        return
    for name in names:
        if name.startswith(stem + ".") and name.endswith(".pyc"):
            ops.unlink(f"{directory}/{name}")
