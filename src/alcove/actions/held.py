"""An environment opened for a change by an action: locked, tidied, and with its root registered before each switch."""

from __future__ import annotations

import os
import time

from alcove.errors import BrokenEnvironment
from alcove.files import atomic
from alcove.transactions.apply import Held

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["hold", "identity", "register", "store_root"]


def store_root(layout: Layout) -> str:
    """Return the root of the store that an environment uses: `<data>`, or its own `.alcove` where it is private."""
    try:
        linked = os.readlink(layout.private + "/store")
    except OSError:
        return layout.private
    return os.path.dirname(linked)


def identity(layout: Layout) -> str:
    """Return the id of an environment; BrokenEnvironment where it has none."""
    try:
        with open(layout.private + "/id", "rb") as stream:
            found = stream.read(200).decode("ascii", "replace").strip()
    except OSError:
        found = ""
    if not found:
        raise BrokenEnvironment(
            f"{layout.root} has no id", hint=f"alcove repair --env {layout.root}"
        )
    return found


def hold(
    layout: Layout,
    settings: Settings,
    reporter: Reporter | None = None,
    *,
    wait: float | None = None,
) -> Held:
    """Return the environment ready to be entered with `with`; `wait` in seconds, the settings' otherwise."""
    held = Held(layout, wait=settings.wait if wait is None else wait, reporter=reporter)
    held.register = lambda coming: register(layout, coming)
    return held


def register(layout: Layout, coming: Generation | None = None) -> None:
    """Note in the store what keeps its entries alive: the kept generations of this environment, and the coming one.

    An environment that was copied with its id gets a new one: the same id never stands for two.
    """
    from alcove.store import roots
    from alcove.store.layout import store_at
    from alcove.transactions import generations

    store = store_at(store_root(layout))
    name = identity(layout)
    known = roots.find(store, name)
    used = generations.entries_of(layout)
    if coming is not None:
        used |= generations.sources(coming)
    if (
        known is not None
        and known.path != layout.root
        and os.path.exists(known.path + "/.alcove/id")
    ):
        with open(known.path + "/.alcove/id", "rb") as stream:
            copied = stream.read(200).decode("ascii", "replace").strip() == name
        if copied and not os.path.samefile(known.path, layout.root):
            name = os.urandom(10).hex()
            atomic.replace_file(layout.private + "/id", name.encode() + b"\n")
    if known is not None and known.path == layout.root and used <= set(known.entries):
        used = set(known.entries)  # generations that were pruned go with the next collection
    roots.register(store, name, path=layout.root, entries=used, now=time.time())
