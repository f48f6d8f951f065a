"""What other makers of environments write over ours, put right again (DESIGN section 3).

`virtualenv` replaces our link `lib/pythonX.Y` by a directory: it becomes the content of the next generation, and the one
before stays in the history. `uv venv --allow-existing` and `python -m venv` rewrite `pyvenv.cfg`: our keys come back, and
a `uv` key goes, for PyCharm skips an environment that has one. Each step is done or not yet, so a second run goes on.
"""

from __future__ import annotations

import os
import time

from alcove import __version__
from alcove.environments import config, views
from alcove.environments import generation as generations
from alcove.errors import NotAnEnvironment
from alcove.files import atomic, ops, trees
from alcove.transactions.generations import highest
from alcove.transactions.slots import read_slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = ["put_right"]


def put_right(layout: Layout) -> bool:
    """Bring back our link and our keys; tell whether another tool's `site-packages` was taken in."""
    _put_keys_right(layout.root + "/pyvenv.cfg")
    link = f"{layout.root}/lib/{layout.library}"
    if os.path.islink(link):
        return False
    taken = os.path.isdir(link)
    if taken:
        _take(layout, link)
    if not os.path.lexists(link):
        taken = _go_on(layout)
        ops.symlink("../.alcove/current", link)
    return taken


def _go_on(layout: Layout) -> bool:
    """Show what `_take` had made a slot of when it was stopped."""
    shown = read_slot(layout.slot(layout.shown()))
    hidden = read_slot(layout.slot(layout.hidden()))
    if (
        shown is None
        or hidden is None
        or not hidden.outside
        or hidden.number <= highest(layout, shown.number)
    ):
        return False
    atomic.replace_link(layout.current, layout.hidden())
    return True


def _put_keys_right(path: str) -> None:
    try:
        values = config.read(path)
    except NotAnEnvironment:  # for `repair`
        return
    if "uv" not in values and "alcove" in values:
        return
    values.pop("uv", None)
    values["alcove"] = __version__
    atomic.replace_file(path, config.render(values), durable=True)


def _take(layout: Layout, library: str) -> None:
    """Make a slot of the directory that stands where our link was, and show it as the next generation."""
    shown = read_slot(layout.slot(layout.shown()))
    name = layout.hidden()
    slot = layout.slot(name)
    trees.remove(slot)
    for path in ("site-packages", "site-packages/__pycache__", "bin"):
        trees.make_directories(f"{library}/{path}")
    anchor = f"{library}/site-packages/{views.ANCHOR}"
    if not os.path.lexists(anchor):
        ops.write(anchor, views.ANCHOR_TEXT)
    before = shown.number if shown is not None else -1
    found = generations.Generation(
        number=highest(layout, before) + 1,
        parent=before,
        time=int(time.time()),
        why="changed outside",
        asked=(),
        mode=shown.mode if shown is not None else "view",
        prefix=layout.root,
        outside=True,
        placements=(),
    )
    atomic.replace_file(f"{library}/slot.json", generations.encode(found), durable=True)
    ops.rename(library, slot)
    atomic.replace_link(layout.current, name)
    ops.symlink("../.alcove/current", library)
    ops.fsync(layout.private)
