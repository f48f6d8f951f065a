"""Requirements in, one candidate for each distribution out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.errors import InvalidRequirement, ResolutionImpossible
from alcove.events import Notice, Reporter, Silent, Warned
from alcove.requirements import grammar
from alcove.requirements.controls import Releases
from alcove.requirements.resolution import Pinned, Resolution
from alcove.resolve.choices import Choices, Policy
from alcove.resolve.demands import Environment, declares
from alcove.resolve.order import Key, key
from alcove.resolve.provider import Limits, Provider
from alcove.resolve.pubgrub import (
    ResolutionError,
    ResolutionTerminatedError,
    Resolver,
    Root,
    Solution,
)
from alcove.resolve.story import Story

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Candidates, Facts

__all__ = ["EVERYTHING", "resolve"]

_MOST_STEPS = 200_000  # a resolution that needs more is given up


class _Everything:
    """A container that has every name."""

    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING: Container[str] = _Everything()


def resolve(
    asked: Sequence[Asked],
    candidates: Candidates,
    *,
    markers: Mapping[str, str],
    constraints: Sequence[Asked] = (),
    installed: Mapping[str, str] | None = None,
    upgrade: Container[str] = (),
    releases: Releases | None = None,
    dependencies: bool = True,
    python: str | None = None,
    reporter: Reporter | None = None,
) -> Resolution:
    """Decide which candidate of each distribution is wanted.

    `markers`: the PEP 508 environment of the target. `constraints`: limits on what else brings in. `installed`:
    normalised name -> version of what is there: kept where it fits, unless its name is in `upgrade`. (`install -U foo`:
    {"foo"}, pip's only-if-needed; `--upgrade-strategy eager`: `EVERYTHING`; `--force-reinstall`: pass no `installed`.)
    `releases`: for which names pre-releases are allowed or forbidden. `dependencies`: False for `--no-deps`.
    `python`: the version that Requires-Python is held against, "" for none; that of `markers` where it is not said.

    Raises `NoSuchDistribution` where one requirement alone cannot be met, `ResolutionImpossible` where some exclude
    each other, `InvalidRequirement`, and what the port raises.
    """
    environment = Environment(markers, python=python)
    reporter = reporter or Silent()
    asked = _holding(asked, environment, reporter)
    constraints = _holding(constraints, environment, reporter)
    hashes = _hashes((*asked, *constraints))
    if hashes:
        candidates.restrict(hashes)
    limits: dict[str, tuple[str, ...]] = {}
    for one in constraints:
        limits[one.name] = (*limits.get(one.name, ()), one.specifier)
    policy = Policy(installed or {}, upgrade, releases or Releases(), limits)
    choices = Choices(candidates, environment, policy)
    provider = Provider(choices, constraints, dependencies=dependencies)
    roots = provider.roots(asked)
    solution = _solve(provider, roots)
    return _result(provider, solution.pins, solution.edges, reporter)


def _solve(provider: Provider, roots: Sequence[Root]) -> Solution[str, Key]:
    """Run the solver, and once more where conflicts changed its order on the way.

    What was decided before the order was known may be older than it needs to be. The second run knows the order from
    the start, and nearly all facts; of the two answers that one is taken in which what the user named is newer.
    """
    solver = Resolver[str, Key](provider, max_iterations=_MOST_STEPS)
    try:
        solution = solver.solve(roots, Limits(provider))
    except ResolutionTerminatedError as error:
        raise ResolutionImpossible(
            "no answer was found in reasonable time",
            hint="ask for narrower versions of the distributions concerned",
        ) from error
    except ResolutionError as error:
        if error.incompatibility is None:
            raise
        raise Story(provider).error(error.incompatibility) from None
    counts = solver.stats
    if not provider.settle(counts.package_conflict_counts, counts.package_culprit_counts):
        return solution
    again = Resolver[str, Key](provider, max_iterations=counts.rounds * 2)
    try:
        other = again.solve(roots, Limits(provider))
    except ResolutionError:
        return solution
    return min(solution, other, key=lambda one: _age(provider, one.pins))


def _age(provider: Provider, pins: Mapping[str, Key]) -> float:
    """Tell how far down the lists of versions what the user named lies: 0 is all the newest."""
    total = 0.0
    for name in sorted({name for name, asked in provider.asked if not asked.url}):
        versions = provider.choices.known(name)
        newer = sum(key(version) > pins[name] for version in versions)
        total += newer / len(versions) if versions else 0
    return total


def _holding(asked: Iterable[Asked], environment: Environment, reporter: Reporter) -> list[Asked]:
    """Leave out requirements whose marker is false here."""
    found: list[Asked] = []
    for one in asked:
        try:
            grammar.specifier(one.specifier)
            holds = environment.holds(one.marker)
        except grammar.Malformed as error:
            raise InvalidRequirement(f"{one.origin}: {error.reason}") from error
        if holds:
            found.append(one)
        else:
            reporter.emit(Notice(f"{one.text} is left out: its marker does not hold here"))
    return found


def _hashes(asked: Iterable[Asked]) -> dict[str, frozenset[str]]:
    """Give the hashes allowed for each project. As in pip, several lists allow what all of them have."""
    found: dict[str, frozenset[str]] = {}
    for one in asked:
        if one.hashes and one.name and not one.url:
            found[one.name] = found.get(one.name, frozenset(one.hashes)) & frozenset(one.hashes)
    return found


def _result(
    provider: Provider,
    pins: Mapping[str, Key],
    edges: Iterable[tuple[str, str]],
    reporter: Reporter,
) -> Resolution:
    """Make the record of what was decided."""
    extras: dict[str, set[str]] = {}
    requires: dict[str, set[str]] = {}
    for parent, child in edges:
        name, to = parent.partition("[")[0], child.partition("[")[0]
        if name != to:
            requires.setdefault(name, set()).add(to)
    for package in pins:
        name, _, extra = package.partition("[")
        if extra:
            extras.setdefault(name, set()).add(extra.removesuffix("]"))
    requested = {name for name, _ in provider.asked}
    found: list[Pinned] = []
    for name in sorted(package for package in pins if "[" not in package):
        facts = provider.choices.facts(name, pins[name])
        version = str(grammar.version(provider.choices.versions[name, pins[name]]))
        wanted = tuple(sorted(extras.get(name, ())))
        _warn_of_extras(name, version, wanted, facts, reporter)
        _warn_of_broken(provider, name, pins[name], reporter)
        listed = provider.choices.versions[name, pins[name]]
        yanked = None
        if facts.origin.kind == "index" and provider.choices.policy.installed.get(name) != listed:
            yanked = provider.choices.candidates.yanked(name, listed)
            _warn_of_yanked(name, version, yanked, reporter)
        found.append(
            Pinned(
                name,
                version,
                facts.origin,
                wanted,
                tuple(sorted(requires.get(name, ()))),
                name in requested,
                yanked,
            )
        )
    return Resolution(tuple(found))


def _warn_of_extras(
    name: str, version: str, wanted: tuple[str, ...], facts: Facts, reporter: Reporter
) -> None:
    """Tell of extras that were asked for and do not exist; as in pip they stop nothing."""
    for extra in wanted:
        if not declares(facts.extras, extra):
            there = sorted({grammar.normalize(one) for one in facts.extras or ()})
            reporter.emit(
                Warned(
                    f"{name} {version} has no extra {extra!r}",
                    f"there are: {', '.join(there) or 'none'}",
                )
            )


def _warn_of_broken(provider: Provider, name: str, taken: Key, reporter: Reporter) -> None:
    """Tell of newer versions that were left out for what is wrong with their metadata, as pip does."""
    choices = provider.choices
    for (project, at), reason in choices.rejected.items():
        if project == name and at > taken and reason.startswith("has metadata"):
            reporter.emit(
                Warned(
                    f"{name} {choices.versions[project, at]} is left out: it {reason}",
                    "its maintainers should know",
                )
            )


def _warn_of_yanked(name: str, version: str, reason: str | None, reporter: Reporter) -> None:
    """Tell of a version that its authors took back. PEP 592: "Installers SHOULD emit a warning"."""
    if reason is not None:
        reporter.emit(
            Warned(
                f"{name} {version} is yanked" + (f": {reason}" if reason else ""),
                "its authors took it back; ask for another version",
            )
        )
