"""What is written for one environment alone: launchers that name its interpreter, and RECORDs that no entry has ready."""

from __future__ import annotations

import os

from alcove.environments.views import Slot
from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Launcher, Placement
    from alcove.environments.layout import Layout

__all__ = ["slot"]


def slot(layout: Layout, name: str, *, mode: str) -> Slot:
    """Return the slot `name` ("a" or "b") of an environment, ready to be written; its twin gives hard links."""
    twin = layout.slot("b" if name == "a" else "a")
    return Slot(
        path=layout.slot(name),
        private=layout.private,
        twin=twin if os.path.isfile(twin + "/slot.json") else "",
        python=layout.python,
        mode=mode,
        entries=_entries(layout),
        launcher=_launcher,
        record=_record,
        written=[],
    )


def _entries(layout: Layout) -> str:
    """Return the directory that `.alcove/e` leads to."""
    link = layout.private + "/e"
    try:
        return os.path.join(layout.private, os.readlink(link))
    except OSError as error:
        from alcove.errors import BrokenEnvironment  # noqa: PLC0415
        from alcove.pasting import pasted  # noqa: PLC0415

        raise BrokenEnvironment(
            f"{link}, which leads to the store, cannot be followed: {error.strerror}",
            hint=f"alcove repair --env {pasted(layout.root)}",
        ) from None


def _launcher(placement: Placement, launcher: Launcher, slot: Slot) -> bytes:
    from alcove.wheels import launchers  # noqa: PLC0415  a change without new scripts does not need it

    if launcher.module:
        return launchers.launcher(slot.python, launcher.module, launcher.attribute)
    text = reading.content(f"{slot.private}/{placement.source}/scripts/{launcher.name}")
    return launchers.rewrite_shebang(text, slot.python)


def _record(placement: Placement, slot: Slot) -> bytes:
    from alcove.environments.own_record import compose  # noqa: PLC0415  rare

    return compose(placement, slot)
