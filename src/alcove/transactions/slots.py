"""The hidden slot brought to a generation by the difference, and the switch (DESIGN section 3)."""

from __future__ import annotations

from alcove.environments import generation as generations
from alcove.environments import views
from alcove.files import atomic, durable, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.environments.views import Slot

_MANY = 24  # distributions

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
        _show(slot, want.placements)
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
    _show(slot, coming)


def _show(slot: Slot, placements: Sequence[Placement]) -> None:  # noqa: C901  two halves of one loop
    """Show distributions; many of them by two threads, since the kernel makes inodes for both at once."""
    if len(placements) < _MANY:
        for placement in placements:
            views.show(slot, placement)
        return
    from _thread import allocate_lock, start_new_thread  # noqa: PLC0415  `threading` costs more than it brings

    done = allocate_lock()
    done.acquire()
    failures: list[BaseException] = []

    def half() -> None:
        try:
            for placement in placements[1::2]:
                if failures:
                    break
                views.show(slot, placement)
        except BaseException as error:  # noqa: BLE001  raised again by the thread that waits
            failures.append(error)
        finally:
            done.release()

    start_new_thread(half, ())
    try:
        for placement in placements[0::2]:
            if failures:
                break
            views.show(slot, placement)
    except BaseException as error:
        failures.append(error)
        raise
    finally:
        done.acquire()  # nothing is rolled back while the other half still writes
    if failures:
        raise failures[0]


def finish(slot: Slot, want: Generation) -> None:
    """Write the hidden slot's slot.json, last: it is on disk only after all before it, and before the switch."""
    path = slot.path + "/slot.json"
    durable.order(slot.written)
    ops.write(path, generations.encode(want))
    durable.order([path])


def switch(layout: Layout, name: str) -> None:
    """Show the slot `name` ("a" or "b"): one rename, then durable."""
    atomic.replace_link(layout.current, name)
    ops.fsync(layout.private)
