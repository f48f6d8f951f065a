"""What differs in the shown slot put right where it stands, and a slot that is rubbish made anew; for `repair` alone.

Rule: each path is replaced by one rename; a directory that stands where none of ours was is kept aside, never removed.
The caller holds the environment's lock.
"""

from __future__ import annotations

import os

from alcove.environments import rendering, views
from alcove.events import Silent
from alcove.files import atomic, links, ops, reading, trees
from alcove.transactions import data_files, foreign, generations, slots, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.comparing import Difference
    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.environments.views import Slot

__all__ = [
    "drop_hidden",
    "drop_left",
    "drop_restored",
    "keep",
    "make_way",
    "put_back",
    "remake",
    "show",
]


def put_back(
    layout: Layout, shown: Generation, wrong: list[tuple[Placement, Difference]]
) -> list[str]:
    """Put right what differs in the shown slot; return the absolute paths to which foreign directories were moved.

    The entries must be whole. The hidden slot goes: what was changed in place through a hard link was changed there too.
    """
    state.forget(layout)
    drop_hidden(layout)
    slot = rendering.slot(layout, layout.shown(), mode=shown.mode)
    if shown.prefix != layout.root:
        slot = slot._replace(python=shown.prefix + layout.python[len(layout.root) :])
    moved = []
    # RECORD names the hashes of its neighbours, so what is written for the environment comes last.
    for placement, one in sorted(wrong, key=lambda pair: pair[1].kind == "own"):
        path = f"{slot.path}/{one.path}"
        moved += _real_directories(layout, slot.path, os.path.dirname(one.path))
        if os.path.isdir(path) and not os.path.islink(path):
            moved.append(keep(layout, path))
        staged = atomic.aside(f"{layout.private}/restored")
        _make(slot, placement, one, staged)
        if not os.path.islink(staged):
            ops.fsync(staged)
        ops.rename(staged, path)
    return moved


def keep(layout: Layout, path: str) -> str:
    """Move what stands at `path` (absolute) to where it is kept aside, and return that place (absolute)."""
    kept = f"{layout.private}/replaced/{os.path.basename(path)}-{os.urandom(4).hex()}"
    trees.make_directories(os.path.dirname(kept))
    ops.rename(path, kept)
    return kept


def make_way(layout: Layout, path: str) -> list[str]:
    """Let a file stand at `path` (relative to the environment): what else stands there, or where a directory above it has to be, is kept.

    Return the places (absolute) to which it was moved. A link to a directory is one.
    """
    moved = []
    names = path.split("/")
    for count in range(1, len(names)):
        above = f"{layout.root}/{'/'.join(names[:count])}"
        if os.path.lexists(above) and not os.path.isdir(above):
            moved.append(keep(layout, above))
    real = f"{layout.root}/{path}"
    if os.path.lexists(real) and not os.path.isfile(real):
        moved.append(keep(layout, real))
    return moved


def _real_directories(layout: Layout, top: str, below: str) -> list[str]:
    """Make the directories `below` (relative) the directory `top`; return where what is none was moved to.

    A link to a directory is none: what were written through it would end with somebody else.
    """
    moved = []
    path = top
    for name in below.split("/") if below else ():
        path = f"{path}/{name}"
        if os.path.islink(path) or (os.path.lexists(path) and not os.path.isdir(path)):
            moved.append(keep(layout, path))
        if not os.path.lexists(path):
            ops.mkdir(path)
    return moved


def _make(slot: Slot, placement: Placement, one: Difference, staged: str) -> None:
    """Make at `staged` (absolute) what is to stand at the path of a difference."""
    if one.kind == "link":
        ops.symlink(one.source, staged)
    elif one.kind == "file":
        source = f"{slot.private}/{placement.source}/{one.source}"
        if one.source.startswith("dist-info/"):
            links.relink(source, staged)
        else:
            links.place_file(source, staged, mode=views.mode_of(slot, placement))
    elif one.kind == "guard":
        ops.write(staged, views.ANCHOR_TEXT)
    elif one.kind == "script":
        launcher = next(each for each in placement.launchers if each.name == one.source)
        ops.write(staged, slot.launcher(placement, launcher, slot), 0o777)
    else:
        ops.write(staged, _own(slot, placement, os.path.basename(one.path)))


def _own(slot: Slot, placement: Placement, name: str) -> bytes:
    """Return the content of a file of the dist-info that is written for this environment."""
    if name == "direct_url.json":
        return placement.direct_url.encode()
    if name == "REQUESTED":
        return b""
    if placement.record not in ("", "seed"):
        return slot.record(placement, slot)
    prepared = "RECORD.requested" if placement.requested else "RECORD"
    return reading.content(f"{slot.private}/{placement.source}/dist-info/{prepared}")


def drop_hidden(layout: Layout) -> None:
    """Remove the hidden slot; its slot.json goes first, so that it is rubbish from then on."""
    hidden = layout.slot(layout.hidden())
    if os.path.isdir(hidden):
        trees.remove(hidden + "/slot.json")
    trees.remove(hidden)


def drop_restored(layout: Layout) -> bool:
    """Remove the hidden slot where others wrote into it, as who puts a backup over an environment: nobody knows what it holds.

    Tells whether that seems to be what somebody did.
    """
    found = state.is_restored(layout)
    if state.is_hidden_restored(layout):
        drop_hidden(layout)
    return found


def drop_left(layout: Layout, shown: Generation, *, restored: bool) -> None:
    """Remove the data files of other states than `shown` where a backup was put over: what came since stays then."""
    rows = data_files.rows(shown)
    for other in generations.readable(layout) if restored else ():
        left = {path: row for path, row in data_files.rows(other).items() if path not in rows}
        data_files.remove(layout, left, Silent())  # one of another content may be of another state


def remake(layout: Layout, want: Generation) -> None:
    """Show `want` in a slot made anew, whatever the switch says now; the user's files of the other slot come along."""
    state.forget(layout)
    try:
        old = os.readlink(layout.current)
    except OSError:
        old = "b"
    name = "b" if old == "a" else "a"
    site = f"{layout.slot('a' if name == 'b' else 'b')}/site-packages"
    own = foreign.find(site, want.placements) if os.path.isdir(site) else []
    own = [path for path in own if not path.endswith(".dist-info")]
    slot = rendering.slot(layout, name, mode=want.mode)
    slots.bring(slot, None, want._replace(prefix=layout.root))
    slot.written.extend(foreign.carry(site, slot.site_packages, own))
    slots.finish(slot)
    show(layout, name)
    drop_hidden(layout)  # its slot.json may say what is not there


def show(layout: Layout, name: str) -> None:
    """Make `current` lead to the slot `name` ("a" or "b"); a directory in its place is kept aside."""
    if os.path.isdir(layout.current) and not os.path.islink(layout.current):
        keep(layout, layout.current)
    slots.switch(layout, name)
