"""The difference between what is installed and what is wanted: what stays, comes, goes and changes. Pure."""

from __future__ import annotations

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alcove.environments.generation import Placement

__all__ = ["Change", "Plan", "normalise", "plan"]


class Change(NamedTuple):
    """One distribution: `before` and `after` are versions, "" where it is not there."""

    name: str
    before: str
    after: str
    source: str


class Plan(NamedTuple):
    """What a transaction will do, each in the order of names."""

    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    changed: tuple[Change, ...]
    kept: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.added or self.removed or self.changed)

    def as_data(self) -> dict[str, object]:
        """Return the plan as JSON can hold it."""
        return {
            "added": [{"name": one.name, "version": one.after} for one in self.added],
            "removed": [{"name": one.name, "version": one.before} for one in self.removed],
            "changed": [
                {"name": one.name, "from": one.before, "to": one.after} for one in self.changed
            ],
            "kept": [{"name": one.name, "version": one.after} for one in self.kept],
        }


def normalise(name: str) -> str:
    """Return a name as PEP 503 normalises it: lower case, runs of `-`, `_` and `.` as one `-`.

    >>> normalise("Foo.Bar__baz")
    'foo-bar-baz'
    """
    name = name.lower().replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name


def plan(installed: Sequence[Placement], wanted: Iterable[Placement]) -> Plan:
    """Return what must be done so that `installed` becomes `wanted`; the marks of what was requested do not count."""
    before = {normalise(placement.name): placement for placement in installed}
    after = {normalise(placement.name): placement for placement in wanted}
    added, removed, changed, kept = [], [], [], []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if new is None:
            if old is not None:
                removed.append(Change(old.name, old.version, "", old.source))
        elif old is None:
            added.append(Change(new.name, "", new.version, new.source))
        elif (old.source, old.direct_url) != (new.source, new.direct_url):
            changed.append(Change(new.name, old.version, new.version, new.source))
        else:
            kept.append(Change(new.name, old.version, new.version, new.source))
    return Plan(tuple(added), tuple(removed), tuple(changed), tuple(kept))
