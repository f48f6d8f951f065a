"""The tripwire of DESIGN 4.7: a directory of the store whose time is no longer its wheel's was written by others.

Rule: one `stat` a linked directory, before every change; what is found is told once, and left to `verify` and `repair`.
"""

from __future__ import annotations

import os

from alcove.events import Warned
from alcove.files import digest
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["sharing", "tell_tripped"]


def tell_tripped(layout: Layout, shown: Generation, reporter: Reporter, *, told: str = "") -> str:
    """Say in which entries of the store that this environment links others wrote; one `stat` a linked directory.

    `told` is what this returned before: the same is not said again. "" where nobody wrote.
    """
    from alcove.store.layout import mtime_of  # noqa: PLC0415  no layer of its own, and loaded by every change

    found: dict[Placement, list[int]] = {}
    entries, stat = layout.private + "/", os.stat
    for placement in shown.placements:
        if placement.links and placement.source.startswith("e/"):
            wanted = mtime_of(placement.sha256)
            above = f"{entries}{placement.source}/lib/"
            for path in placement.links:
                try:
                    time = int(stat(above + path).st_mtime)
                except OSError:
                    continue  # for `verify` to tell
                if time != wanted:
                    found.setdefault(placement, []).append(time)
    if not found:
        return ""
    mark = digest.text_digest(*(f"{one.source} {times}" for one, times in found.items()))
    if mark != told:
        _tell_found(layout, list(found), reporter)
    return mark


def _tell_found(layout: Layout, found: Sequence[Placement], reporter: Reporter) -> None:
    names = [f"{one.name} {one.version}" for one in found]
    used = sorted({path for one in found for path in sharing(layout, one)})
    place = pasted(layout.root)
    others = f", which {_some(used)} {'share' if len(used) > 1 else 'shares'}" if used else ""
    reporter.emit(
        Warned(
            f"others wrote through a link into {_some(names)} of the store{others}",
            f"alcove verify --env {place} says what was changed; alcove repair --env {place} puts it right",
        )
    )


def _some(names: Sequence[str]) -> str:
    """Return the names in a sentence, no more than three of them."""
    shown = [*names[:3], f"{len(names) - 3} more"] if len(names) > 4 else list(names)
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def sharing(layout: Layout, placement: Placement) -> Sequence[str]:
    """Return the other environments (absolute) that have an entry."""
    from alcove.store import roots  # noqa: PLC0415  where something is to be told only
    from alcove.store.layout import store_at  # noqa: PLC0415

    data = os.path.dirname(os.path.realpath(layout.private + "/store"))
    return roots.sharing(store_at(data), placement.source[2:], besides=layout.root)
