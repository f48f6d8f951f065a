"""`upgrade`: the newest versions that fit together, of what is named or of the whole environment."""

from __future__ import annotations

from alcove.actions.install import Outcome, install
from alcove.actions.listing import distributions
from alcove.environments.installed import normalise
from alcove.errors import NoSuchDistribution
from alcove.plans.plan import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.request import Request
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["upgrade"]


def upgrade(
    layout: Layout,
    names: Sequence[str],
    settings: Settings,
    *,
    request: Request,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Outcome:
    """Upgrade `names` (any spelling), or everything where there are none, in one generation.

    With names, only they go up, and what they need as far as they need it; else the whole environment is solved again.
    What came from elsewhere than an index stays as it is. `request` brings the options. NoSuchDistribution where a name
    is not installed.
    """
    there = {one.normalised: one for one in distributions(layout)}
    missing = [name for name in names if normalise(name) not in there]
    if missing:
        raise NoSuchDistribution(
            f"{', '.join(missing)}: not installed in {layout.root}",
            hint="alcove install adds what is not there",
        )
    wanted = [
        one.name
        for one in there.values()
        if one.normalised != "pip"
        and not one.direct_url()
        and (not names or one.normalised in {normalise(name) for name in names})
    ]
    if not wanted:
        return Outcome(plan((), ()), -1, ())
    # With everything, only what was asked for is named: the rest must not look asked for afterwards.
    asked = [name for name in wanted if names or there[normalise(name)].requested()] or wanted
    coming = request._replace(requirements=tuple(asked), upgrade=("*",) if names else ("**",))
    return install(layout, coming, settings, reporter=reporter, wait=wait)
