"""`tidy`: everything of an environment brought in line with what `current` shows, and nothing else left.

Rule: idempotent; serves roll-back and roll-forward; runs before every change and after every switch. Of its errors
only a missing file and a directory that is not empty are not errors.
"""

from __future__ import annotations

import os

from alcove.environments.layout import BIN
from alcove.errors import BrokenEnvironment
from alcove.files import atomic, links, ops, reading, trees
from alcove.pasting import pasted
from alcove.transactions import data_files, generations, slots, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["SCRIPT_LINK", "both", "link_scripts", "tidy"]

SCRIPT_LINK = "../.alcove/current/bin/"
_SCRIPTS = f"{BIN}/"


def both(layout: Layout) -> tuple[Generation, Generation | None]:
    """Return the generations of the shown and of the hidden slot (None: rubbish, or not there).

    BrokenEnvironment where the shown slot does not say what it shows.
    """
    name = layout.shown()
    shown = slots.read_slot(layout.slot(name))
    if shown is None:
        generations.refuse_newer(layout)
        raise BrokenEnvironment(
            f"{layout.root}: the slot that is shown has no readable slot.json",
            hint=f"alcove repair --env {pasted(layout.root)}",
        )
    return shown, slots.read_slot(layout.slot("b" if name == "a" else "a"))


def tidy(
    layout: Layout,
    reporter: Reporter,
    known: tuple[Generation, Generation | None] | None = None,
    *,
    sure: Collection[str] = (),
) -> tuple[Generation, Generation | None]:
    """Bring everything in line with what is shown; return the generations of the shown and of the hidden slot.

    `known`: those two, from whoever has just switched, and `sure`: directories of data files that came whole then. BrokenEnvironment where
    the shown slot does not say what it shows.
    """
    shown, hidden = known or both(layout)
    name = layout.shown()
    _drop_staged(layout.private, lambda name: name.startswith(".") and name.endswith(".tmp"))
    _drop_staged(layout.bin, atomic.is_aside)  # a place of the user's, too
    rows, other = data_files.rows(shown), data_files.rows(hidden)
    if known is None and state.is_settled(layout, shown.number):
        other = {}  # of these none was left over: who installed what the hidden slot holds, too, placed them
    link_scripts(layout, shown)  # a link that goes may stand where a data file is to come
    if known is None or rows != other:
        data_files.tidy(layout, rows, other, reporter, sure=sure)
        if any(path.startswith(_SCRIPTS) for path in other):  # one that went made room for a link
            link_scripts(layout, shown)
    if hidden is None:
        trees.remove(layout.slot("b" if name == "a" else "a"))
    _number(layout, layout.slot(name), shown.number)
    return shown, hidden


def link_scripts(layout: Layout, shown: Generation, *, only_add: bool = False) -> None:
    """Give each launcher of the shown slot its link in `bin`, and take away those of launchers that are gone."""
    wanted = {
        launcher.name: placement.source
        for placement in shown.placements
        for launcher in placement.launchers
    }
    present = set()
    with os.scandir(layout.bin) as found:
        entries = list(found)
    for entry in entries:
        name = entry.name
        if not entry.is_symlink():
            if name in wanted and not only_add and _is_copied(layout, name):
                atomic.replace_link(entry.path, SCRIPT_LINK + name, directory=layout.private)
        elif not (only_add or name in wanted) and os.readlink(entry.path).startswith(SCRIPT_LINK):
            ops.unlink(entry.path)
            continue
        present.add(name)
    for name in wanted.keys() - present:
        ready = f"{layout.private}/{wanted[name]}/links/+{name}"
        links.place_ready(SCRIPT_LINK + name, f"{layout.bin}/{name}", ready=ready)


def _is_copied(layout: Layout, name: str) -> bool:
    """Tell whether the real file `name` in `bin` is the launcher of the shown slot, too (others placed it)."""
    try:
        mine = reading.content(f"{layout.bin}/{name}")
        return mine == reading.content(f"{layout.current}/bin/{name}")
    except OSError:  # a directory, or none in the slot
        return False


def _number(layout: Layout, slot: str, number: int) -> None:
    """Keep the json of a generation that was shown, under its number."""
    path, source = f"{layout.private}/generations/{number}.json", f"{slot}/slot.json"
    try:
        if os.path.samefile(path, source):
            return
    except FileNotFoundError:
        links.relink(source, path)
        return
    if reading.content(path) != reading.content(
        source
    ):  # the environment was moved, or the file is torn
        staged = f"{layout.private}/.{number}.json.tmp"
        trees.remove(staged)
        links.relink(source, staged)
        ops.rename(staged, path)


def _drop_staged(directory: str, is_ours: Callable[[str], bool]) -> None:
    for name in os.listdir(directory):
        if is_ours(name):
            trees.remove(f"{directory}/{name}")
