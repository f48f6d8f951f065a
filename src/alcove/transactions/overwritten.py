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
from alcove.environments.generation import Generation
from alcove.errors import NotAnEnvironment
from alcove.files import atomic, ops, trees
from alcove.transactions.generations import highest
from alcove.transactions.slots import read_slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = ["foresee", "put_right"]


def put_right(layout: Layout) -> bool:
    """Bring back our link and our keys; tell whether another tool's `site-packages` was taken in."""
    _put_keys_right(layout)
    link = f"{layout.root}/lib/{layout.library}"
    if os.path.islink(link):
        return False
    taken = os.path.isdir(link)
    if taken:
        _take(layout, link)
    if not os.path.lexists(link):
        taken = _is_stopped(layout)
        if taken:
            atomic.replace_link(layout.current, layout.hidden())
        ops.symlink("../.alcove/current", link)
    return taken


def foresee(layout: Layout) -> tuple[Generation | None, Generation | None, str]:
    """Return what would be shown and hidden after `put_right`, and the site-packages (absolute) that is shown's now.

    Nothing is changed. None for a slot that does not say what it shows.
    """
    shown = read_slot(layout.slot(layout.shown()))
    hidden = read_slot(layout.slot(layout.hidden()))
    link = f"{layout.root}/lib/{layout.library}"
    if not os.path.islink(link) and os.path.isdir(link):
        return _taken(layout, shown), shown, f"{link}/site-packages"
    if not os.path.lexists(link) and _is_stopped(layout):
        return hidden, shown, f"{layout.slot(layout.hidden())}/site-packages"
    return shown, hidden, f"{layout.slot(layout.shown())}/site-packages"


def _is_stopped(layout: Layout) -> bool:
    """Tell whether `_take` was stopped when it had made a slot of what stood there, which is to be shown."""
    shown = read_slot(layout.slot(layout.shown()))
    hidden = read_slot(layout.slot(layout.hidden()))
    return (
        shown is not None
        and hidden is not None
        and hidden.outside
        and hidden.number > highest(layout, shown.number)
    )


def _put_keys_right(layout: Layout) -> None:
    path = layout.root + "/pyvenv.cfg"
    try:
        values = config.read(path)
    except NotAnEnvironment:  # for `repair`
        return
    if "uv" not in values and "alcove" in values:
        return
    values.pop("uv", None)
    values["alcove"] = __version__
    if not values.get("prompt"):
        from alcove.environments.activation.told import prompt_told  # noqa: PLC0415  nobody else needs it here

        told = prompt_told(layout.bin)
        if told not in ("", os.path.basename(layout.root)):
            values["prompt"] = repr(told)
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
    found = _taken(layout, shown)
    atomic.replace_file(f"{library}/slot.json", generations.encode(found), durable=True)
    ops.rename(library, slot)
    atomic.replace_link(layout.current, name)
    ops.symlink("../.alcove/current", library)
    ops.fsync(layout.private)


def _taken(layout: Layout, shown: Generation | None) -> Generation:
    """Return the generation that shows what another tool placed where our link was, before it is looked at."""
    before = shown.number if shown is not None else -1
    return Generation(
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
