"""The hidden slot brought to a generation by the difference, and the switch (DESIGN section 3)."""

from __future__ import annotations

import errno
import os

from alcove.environments import generation as generations
from alcove.environments import views
from alcove.environments.layout import FILLING
from alcove.files import atomic, durable, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.environments.views import Slot

    class Beside(Protocol):
        """What is to be done while a slot is made: how long it takes, in hard links, and the work itself."""

        @property
        def weight(self) -> int: ...

        def prepare(self) -> list[str]:
            """Do it; return the paths (absolute) of the files whose content was written."""


_INODE = 2  # a new file or directory takes as long as so many hard links
_TREE = 40  # so does a directory materialised whole, of which nobody knows how large it is
_MUCH = 250  # what takes as long as so many hard links is worth a second process
_NO_SLOT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR)  # all that is there goes
_PIECE = 50  # what one of two processes does before it asks what is left
_COMING = "/.slot.json.tmp"  # below `.alcove`: what gets its place in the slot last; `tidy` removes what a stop leaves of it

__all__ = ["bring", "finish", "read_slot", "switch"]


def read_slot(path: str) -> Generation | None:
    """Return the generation that the slot at `path` (absolute) shows; None where the slot is missing or rubbish."""
    from alcove.errors import BrokenEnvironment  # noqa: PLC0415

    try:
        return generations.load(path + "/slot.json")
    except (OSError, BrokenEnvironment):
        return None


def bring(
    slot: Slot, have: Generation | None, want: Generation, *, beside: Beside | None = None
) -> None:
    """Bring the hidden slot from what it shows (`have`) to `want`; its slot.json goes first.

    `beside` is done as well, at the same time where that is worth it. A slot that cannot be trusted (`have` is None, another
    place, another mode) is made anew. Its new slot.json is written aside, to be on disk by the time at which `finish` names it.
    """
    try:
        ops.unlink(slot.path + "/slot.json")
    except OSError as error:
        if error.errno not in _NO_SLOT:
            raise
        have = None
    if have is None or (have.prefix, have.mode) != (want.prefix, want.mode):
        trees.remove(slot.path)
        views.make_slot(slot)
        _show(slot, want, coming=want.placements, beside=beside)
        return
    old, new = have.placed(), want.placed()
    going = [placement for name, placement in old.items() if new.get(name) != placement]
    coming: list[Placement] = []
    staying: list[Placement] = []
    for name, placement in new.items():
        (staying if old.get(name) == placement else coming).append(placement)
    for placement in going:
        views.hide(slot, placement)
    before = {path for placement in going for path in placement.directories}
    if before:
        needed = {path for one in want.placements for path in one.directories}
        linked = {path.rpartition("/")[0] for one in want.placements for path in one.links}
        views.drop_directories(slot.site_packages, before - needed)
        for directory in (before & needed) - linked:
            trees.remove(f"{slot.site_packages}/{directory}/{views.GUARD}")
    _show(slot, want, coming=coming, beside=beside)
    views.guard(slot, staying)


def _show(
    slot: Slot, want: Generation, *, coming: Sequence[Placement], beside: Beside | None
) -> None:
    """Show what is `coming`, write what `want` says and do what is to be done `beside` that; much of it in two processes."""
    weights = [_weight(placement) for placement in coming]
    total = sum(weights) + (beside.weight if beside is not None else 0)
    if total >= _MUCH:
        from alcove.files import halves  # noqa: PLC0415  few changes are as large

        groups = _grouped(coming, weights, max(2 * total // halves.MOST, _PIECE))
        _share(slot, want, groups=groups, beside=beside)
        return
    _describe(slot, want)
    durable.Order().begin(slot.written)
    if beside is not None:
        slot.written.extend(beside.prepare())
    for placement in coming:
        views.show(slot, placement)


def _share(
    slot: Slot, want: Generation, *, groups: Sequence[Sequence[Placement]], beside: Beside | None
) -> None:
    """Do what `_show` does in two processes."""
    from alcove.files import halves  # noqa: PLC0415  as above

    order = durable.Order()  # each process has one for what it writes
    start = len(slot.written)

    def begin() -> None:
        order.begin(slot.written[start:])
        del slot.written[start:]

    def prepare() -> None:
        if beside is not None:
            slot.written.extend(beside.prepare())
        begin()

    def describe() -> None:
        _describe(slot, want)
        begin()

    def showing(group: Sequence[Placement]) -> Callable[[], None]:
        def show() -> None:
            for placement in group:
                views.show(slot, placement)
            begin()

        return show

    halves.share([prepare, describe, *map(showing, groups)], order.end)


def _grouped(
    placements: Sequence[Placement], weights: Sequence[int], least: int
) -> list[list[Placement]]:
    """Return the placements in groups, each of which but the last weighs `least` or more."""
    groups: list[list[Placement]] = []
    room = 0
    for placement, weight in zip(placements, weights, strict=True):
        if room <= 0:
            groups.append([])
            room = least
        groups[-1].append(placement)
        room -= weight
    return groups


def _weight(placement: Placement) -> int:
    """Return about how long it takes to show a distribution, in hard links."""
    return (
        _INODE
        + len(placement.links)
        + len(placement.dist_files)
        + len(placement.dist_links)
        + _INODE * (len(placement.directories) + len(placement.files) + len(placement.launchers))
        + _TREE * len(placement.trees)
    )


def _describe(slot: Slot, want: Generation) -> None:
    """Write what will be the hidden slot's slot.json, aside."""
    trees.remove(slot.private + _COMING)
    ops.write(slot.private + _COMING, generations.encode(want))
    slot.written.append(slot.private + _COMING)


def finish(slot: Slot) -> None:
    """Give the hidden slot its slot.json, last: it is there only after all before it, and on disk before the switch."""
    path = slot.path + "/slot.json"
    durable.order(slot.written)
    ops.rename(slot.private + _COMING, path)
    durable.order([path])


def switch(layout: Layout, name: str) -> None:
    """Show the slot `name` ("a" or "b"): one rename, then durable."""
    atomic.replace_link(layout.current, name)
    ops.fsync(layout.private)
    if os.path.lexists(layout.private + FILLING):
        from alcove.environments.unfinished import used  # noqa: PLC0415  rare

        used(layout.root)
