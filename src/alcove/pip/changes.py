"""What an install changed, as pip tells it: dependencies first, by the names that the user wrote."""

from __future__ import annotations

from alcove.pip.actions import Change
from alcove.plans.plan import normalise
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.actions.install import Outcome
    from alcove.requirements.resolution import Resolution

__all__ = ["changes_of"]


def changes_of(outcome: Outcome, requirements: Iterable[str]) -> tuple[Change, ...]:
    """Return the changes of an outcome; `requirements` as the user wrote them.

    What was installed again and came out as it was (a project built anew, `--force-reinstall`) is among them.
    """
    plan = outcome.plan
    found = {normalise(one.name): one for one in (*plan.added, *plan.changed)}
    if outcome.resolution is not None:
        again = {
            one.name for one in outcome.resolution.distributions if one.origin.kind != "installed"
        }
        found.update(
            {normalise(one.name): one for one in plan.kept if normalise(one.name) in again}
        )
    written: dict[str, str] = {}
    if found:
        for text in requirements:
            if name := _named(text):
                written.setdefault(normalise(name), name)
    names = _ordered(found, outcome.resolution)
    rows = [(name, found[name]) for name in names]
    return tuple(
        Change(written.get(name, one.name), one.after, one.before, proper=one.name)
        for name, one in rows
    )


def _named(text: str) -> str:
    """Return the name that a requirement is written with: before its specifiers, or in an egg fragment; or ""."""
    egg = text.partition("#egg=")[2]
    return name_of(egg or text)


def _ordered(names: Iterable[str], resolution: Resolution | None) -> list[str]:
    """Return the names so that each comes after what it needs, in a circle as they come."""
    needs = {one.name: one.requires for one in resolution.distributions} if resolution else {}
    wanted, done = set(names), dict[str, None]()

    def take(name: str, above: frozenset[str]) -> None:
        if name in done or name in above:
            return
        for other in sorted(needs.get(name, ()), reverse=True):
            take(other, above | {name})
        done[name] = None

    for name in sorted(wanted, reverse=True):
        take(name, frozenset())
    return [name for name in done if name in wanted]
