"""`autoremove`: what nobody asked for and nothing needs any more. We know what was asked for (REQUESTED)."""

from __future__ import annotations

from alcove.actions.install import uninstall
from alcove.actions.needs import lazy_target, needs, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.install import Outcome
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["autoremove", "orphans"]


def orphans(layout: Layout, settings: Settings) -> list[str]:
    """Return the names of what neither was asked for nor is needed, with its extras, by what was; sorted.

    What others installed counts as asked for, unless they say otherwise: they may have no mark for it.
    """
    target = lazy_target(layout, settings)
    there = {one.normalised: one for one in visible(layout, settings)}
    mine = {name: one for name, one in there.items() if one.location == layout.site_packages}
    pending: list[tuple[str, tuple[str, ...]]] = [
        (name, ())
        for name, one in there.items()
        if name == "pip" or name not in mine or one.requested() or one.installer() != "alcove"
    ]
    seen = set(pending)
    while pending:
        name, extras = pending.pop()
        for need in needs(there[name], lambda: target().markers, extras=extras):
            asked = (need.name, need.extras)
            if need.name in there and asked not in seen:
                seen.add(asked)
                pending.append(asked)
    needed = {name for name, _ in seen}
    return sorted(one.name for name, one in mine.items() if name not in needed)


def autoremove(
    layout: Layout,
    settings: Settings,
    *,
    names: Sequence[str] = (),
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Outcome:
    """Remove the orphans (`names`, where they are known already) in one generation.

    NoSuchDistribution where there are none.
    """
    going = list(names) or orphans(layout, settings)
    return uninstall(
        layout,
        going,
        settings,
        command="alcove autoremove",
        dry_run=dry_run,
        reporter=reporter,
        wait=wait,
    )
