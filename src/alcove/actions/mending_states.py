"""What is wrong with the states of an environment and the slot that shows one, each with what puts it right.

Rule: that of `mending`: looking for the next thing changes nothing.
"""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import frame
from alcove.actions.aside import Aside
from alcove.actions.finding import Mend
from alcove.actions.scripts import content_of
from alcove.environments.flipped import righted
from alcove.environments.generation import load
from alcove.environments.layout import SLOTS
from alcove.errors import AlcoveError, BrokenEnvironment
from alcove.files import atomic, links, ops, trees
from alcove.transactions import generations, restore, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alcove.actions.finding import Finding
    from alcove.environments.comparing import Difference
    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout

__all__ = ["bits", "in_place", "number", "slot", "switch", "to_show"]


def bits(layout: Layout) -> Iterator[Mend]:
    """Put back what the disk changed in the json of a generation, where it is one bit and the checksum tells which.

    The hidden slot's is looked at where the shown one's cannot be read; else the next change makes that slot anew.
    """
    try:
        frame.shown_of(layout)
    except AlcoveError:  # one of the two may be what is to be shown
        names = list(SLOTS)
    else:
        names = [layout.shown()]
    paths = [f"{layout.slot(name)}/slot.json" for name in names]
    paths += [
        f"{layout.private}/generations/{number}.json" for number in generations.numbers(layout)
    ]
    for path in paths:
        try:
            load(path)
        except OSError:
            continue
        except BrokenEnvironment:
            text = righted(content_of(path) or b"")
            if text:
                write = partial(atomic.replace_file, path, text, durable=True)
                yield Mend(f"{path} had one bit changed, and is as it was", write)


def switch(layout: Layout) -> Iterator[Mend]:
    """Make the switch show a whole slot, if one of the two is; and drop jsons that nobody can read."""
    for number in generations.numbers(layout):
        path = f"{layout.private}/generations/{number}.json"
        try:
            generations.load(layout, number)
        except AlcoveError:
            if os.path.isdir(path) and not os.path.islink(path):
                yield Aside(layout, path).mend()
            else:
                yield Mend(f"{path} could not be read and is gone", partial(ops.unlink, path))
    try:
        frame.shown_of(layout)
    except AlcoveError:
        name, found = frame.best_known(layout)
        if name:
            text = f"{layout.current} leads to {name}, which shows state {found.number}"
            yield Mend(text, partial(_show, layout, name))


def _show(layout: Layout, name: str) -> None:
    state.forget(layout)
    restore.show(layout, name)


def to_show(layout: Layout) -> tuple[str, Generation]:
    """Return the slot that is to be shown, "" where none of the two is whole, and the generation."""
    try:
        found = frame.shown_of(layout)
        return layout.shown(), found
    except AlcoveError:
        return frame.best_known(layout)


def slot(layout: Layout) -> Iterator[Mend]:
    """Make the shown slot anew from its json where none of the two is whole, or where its directories are gone."""
    name, want = to_show(layout)
    parts = (f"{layout.slot(name)}/site-packages", f"{layout.slot(name)}/bin") if name else ()
    if parts and all(os.path.isdir(path) and not os.path.islink(path) for path in parts):
        return
    yield Mend(f"state {want.number} is made anew", partial(restore.remake, layout, want))


def in_place(layout: Layout, shown: Generation, found: Sequence[Finding]) -> Iterator[Mend]:
    """Put back what differs in the shown slot, and data files; the rest is the work of opening the environment."""
    placed = shown.placed()
    wrong = [(placed[one.dist_info], one.difference) for one in found if one.difference is not None]
    if wrong:
        paths = dict.fromkeys(one.path for _, one in wrong)  # some are of two distributions
        texts = [f"{layout.current}/{path} is as it was" for path in paths]
        yield Mend(texts[0], lambda: _put_back(layout, shown, wrong, texts))
        yield from (Mend(text, tuple) for text in texts[1:])  # said by the first
    for one in found:
        if one.data:
            yield Mend(f"{one.path} is as it was", partial(_drop_data, layout, one))
        if one.part == "link":
            yield Mend(f"{one.path} is as it was", partial(_drop_link, layout, one.path))
    if found:
        yield Mend("", partial(state.forget, layout))


def _put_back(
    layout: Layout,
    shown: Generation,
    wrong: list[tuple[Placement, Difference]],
    texts: Sequence[str],
) -> list[str]:
    moved = restore.put_back(layout, shown, wrong)
    return [*texts, *(f"what stood in the way is kept as {path}" for path in moved)]


def _drop_data(layout: Layout, one: Finding) -> list[str]:
    moved = restore.make_way(layout, one.data)
    if one.what == "changed":
        trees.remove(one.path)  # `tidy` places it again
    return [
        *(f"what stood in the way is kept as {path}" for path in moved),
        f"{one.path} is as it was",
    ]


def _drop_link(layout: Layout, path: str) -> list[str]:
    moved = []
    if os.path.isdir(path) and not os.path.islink(path):
        moved.append(f"what stood in the way is kept as {restore.keep(layout, path)}")
    trees.remove(path)  # `tidy`, too
    return [*moved, f"{path} is as it was"]


def number(layout: Layout, shown: Generation, *, dropped: bool = False) -> Iterator[Mend]:
    """Keep the json of the state that is shown under its number, where that is missing, or will be `dropped`."""
    path = f"{layout.private}/generations/{shown.number}.json"
    if dropped or not os.path.lexists(path):
        yield Mend(f"{path} is there again", partial(_link_again, layout, path))


def _link_again(layout: Layout, path: str) -> None:
    links.relink(f"{layout.current}/slot.json", path)
