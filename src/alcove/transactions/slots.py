"""The hidden slot brought to a generation by the difference, and the switch (DESIGN section 3)."""

from __future__ import annotations

from alcove.environments import generation as generations
from alcove.environments import views
from alcove.files import atomic, durable, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.environments.views import Slot

__all__ = ["bring", "finish", "read_slot", "switch"]


def read_slot(path: str) -> Generation | None:
    """Return the generation that the slot at `path` (absolute) shows; None where the slot is missing or rubbish."""
    from alcove.errors import BrokenEnvironment  # noqa: PLC0415

    try:
        return generations.load(path + "/slot.json")
    except (OSError, BrokenEnvironment):
        return None


def bring(slot: Slot, have: Generation | None, want: Generation) -> None:
    """Bring the hidden slot from what it shows (`have`) to `want`; its slot.json goes first.

    A slot that cannot be trusted (`have` is None, another place, another mode) is made anew.
    """
    try:
        ops.unlink(slot.path + "/slot.json")
    except FileNotFoundError:
        have = None
    if have is None or (have.prefix, have.mode) != (want.prefix, want.mode):
        trees.remove(slot.path)
        views.make_slot(slot)
        for placement in want.placements:
            views.show(slot, placement)
        return
    old, new = have.placed(), want.placed()
    going = [placement for name, placement in old.items() if new.get(name) != placement]
    coming = [placement for name, placement in new.items() if old.get(name) != placement]
    for placement in going:
        views.hide(slot, placement)
    before = {path for placement in going for path in placement.directories}
    if before:
        views.drop_directories(
            slot, before - {path for one in want.placements for path in one.directories}
        )
    for placement in coming:
        views.show(slot, placement)


def finish(slot: Slot, want: Generation) -> None:
    """Write the hidden slot's slot.json, last, and make it and all before it durable."""
    path = slot.path + "/slot.json"
    durable.prepare(slot.written)
    ops.write(path, generations.encode(want))
    ops.fsync(path)


def switch(layout: Layout, name: str) -> None:
    """Show the slot `name` ("a" or "b"): one rename, then durable."""
    atomic.replace_link(layout.current, name)
    ops.fsync(layout.private)
