"""Which store an environment uses."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = ["store_root"]


def store_root(layout: Layout) -> str:
    """Return the root of the store that an environment uses: `<data>`, or its own `.alcove` where it is private."""
    try:
        linked = os.readlink(layout.private + "/store")
    except OSError:
        return layout.private
    return os.path.dirname(linked)
