"""Answers the solver's questions out of `Choices`.

A project is a package of the solver, and so is each extra of it (`flask[async]`), which depends on its base at the very
same candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import AlcoveError, InvalidRequirement, ResolutionImpossible
from alcove.requirements import grammar
from alcove.resolve.candidates import Unusable, Wanted
from alcove.resolve.choices import Choice, Choices, Claim
from alcove.resolve.demands import declares
from alcove.resolve.order import Key, is_prerelease, key
from alcove.resolve.pubgrub import (
    ANY,
    Allowed,
    BaseProvider,
    Cause,
    Clause,
    Root,
    Term,
    allowed,
    as_range,
    only,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from alcove.requirements.spec import Asked
    from alcove.resolve.demands import Demand

__all__ = ["Edge", "Limits", "Provider"]

_BUSY = 5  # conflicts from which on a project is decided earlier, or later if it is the cause of others'
_FORWARD = 1_000_000  # more than any project has versions


class Edge(NamedTuple):
    """One dependency as the solver sees it, and the demands behind it."""

    allowed: Allowed
    texts: tuple[str, ...]


class Provider(BaseProvider[str, Key]):
    """Answers the solver out of `Choices`."""

    def __init__(
        self, choices: Choices, constraints: Sequence[Asked], *, dependencies: bool
    ) -> None:
        self.choices = choices
        self.constraints = constraints
        self.edges: dict[tuple[str, Key], dict[str, Edge]] = {}
        self.asked: list[tuple[str, Asked]] = []
        self._dependencies = dependencies
        self._ranges: dict[tuple[str, Key], dict[str, Allowed]] = {}
        self._positive: Mapping[str, object] = {}
        self._decided: Mapping[str, Key] = {}
        self._pending: list[Clause] = []
        self._hinted: set[str] = set()
        self._seen: dict[str, int] = {}
        self._ranks: dict[str, int] = {}
        self._limits: dict[str, Allowed | None] = {}

    # What the user asks for.

    def roots(self, asked: Sequence[Asked]) -> list[Root]:
        """Make the solver's roots of the user's requirements, in their order."""
        self.hint([(one.name, allowed(one.specifier)) for one in asked if one.name and not one.url])
        found: list[Root] = []
        for one in asked:
            name, wanted = self._wanted(one)
            self.asked.append((name, one))
            self._claim(name, Claim(None, None, one.specifier))
            for package in (name, *(f"{name}[{extra}]" for extra in one.extras)):
                self._seen.setdefault(package, len(self._seen))
                found.append(Root(package, wanted, one))
        return found

    def _wanted(self, one: Asked) -> tuple[str, Allowed]:
        """Give the project and the candidates that a requirement of the user allows."""
        if not one.url:
            return one.name, allowed(one.specifier)
        try:
            name, at = self.choices.place(one)
        except Unusable as error:
            raise _unusable(one, error.reason, self.choices.environment.python) from error
        if not self.choices.usable(name, at):
            reason = self.choices.rejected[name, at]
            raise _unusable(one, reason, self.choices.environment.python)
        return name, only(at)

    def limit(self, package: str) -> Allowed | None:
        """Give what constraints allow of a package, None where there is none; URLs are looked at only now."""
        if package not in self._limits:
            found: Allowed | None = None
            for one in self.constraints:
                if one.name == package:
                    _, wanted = self._wanted(one)
                    found = wanted if found is None else found & wanted
            self._limits[package] = found
        return self._limits[package]

    def _claim(self, name: str, claim: Claim) -> None:
        """Note a requirement, for the rules that look at all in force."""
        if claim.specifier:
            self.choices.claims.setdefault(name, []).append(claim)

    def hint(self, wanted: Iterable[tuple[str, Allowed]]) -> None:
        """Tell the port what will be asked for soon, each project once."""
        found: list[Wanted] = []
        for name, fits in wanted:
            kept = self.choices.keeps(name)
            if name in self._hinted or (kept is not None and key(kept) in fits):
                continue
            self._hinted.add(name)
            found.append(Wanted(name, _acceptor(fits, self.limit_known(name))))
        if found:
            self.choices.candidates.prefetch(found)

    def limit_known(self, name: str) -> Allowed:
        """Give what constraints allow without looking at URLs."""
        found = ANY
        for one in self.constraints:
            if one.name == name and not one.url:
                found &= allowed(one.specifier)
        return found

    # What the solver asks.

    def receive_partial_solution_hint(
        self, positive_ranges: Mapping[str, object], decisions: Mapping[str, Key]
    ) -> None:
        """Take what is decided so far."""
        self._positive, self._decided = positive_ranges, decisions

    def choose_version(self, package: str, version_range: object) -> Key | None:
        """Give the candidate that is tried next."""
        at, withheld = self._choose(package, version_range)
        if at is None and withheld:
            self._withhold(package)
        return at

    def has_satisfying_version(self, package: str, version_range: object) -> bool:
        """Tell whether some candidate could be tried."""
        return self._choose(package, version_range).key is not None

    def _choose(self, package: str, version_range: object) -> Choice:
        """Give a candidate within a range, and whether rules held others back."""
        fits = as_range(version_range)
        name, _, extra = package.partition("[")
        if extra and name in self._positive:
            # An extra follows its base; only where that cannot be is another version proposed, which the solver then
            # finds to clash with the base as it is, and so moves the base.
            found = self._search(package, fits & as_range(self._positive[name]))
            if found.key is not None:
                return found
        return self._search(package, fits)

    def _search(self, package: str, fits: Allowed) -> Choice:
        """Give the preferred candidate within a range whose demands can be read."""
        name = package.partition("[")[0]
        for at in self.choices.directs.get(name, ()):
            if fits == only(at):
                usable = self.choices.usable(name, at) and self._extra_usable(package, at)
                return Choice(at if usable else None, withheld=False)
        withheld = False
        while True:
            choice = self.choices.choose(name, fits.__contains__, self._holds)
            if choice.key is None and choice.withheld:
                # What only a package in waiting asks for, such as a pre-release, must be had before it can be decided.
                choice = self.choices.choose(name, fits.__contains__, self._may_hold)
            withheld = withheld or choice.withheld
            if choice.key is None or self._extra_usable(package, choice.key):
                return Choice(choice.key, withheld)
            fits -= only(choice.key)

    def _holds(self, package: str, at: Key | None) -> bool:
        return self._decided.get(package) == at

    def _may_hold(self, package: str, at: Key | None) -> bool:
        """Tell whether a package is decided at a key, or needed and may still be."""
        if package in self._decided:
            return self._decided[package] == at
        return (
            at is not None and package in self._positive and at in as_range(self._positive[package])
        )

    def _extra_usable(self, package: str, at: Key) -> bool:
        """Check that the demands of an extra, or of a base with addresses in it, can be read."""
        name, _, extra = package.partition("[")
        if (package, at) in self.choices.rejected:
            return False
        try:
            self._edges(package, at)
        except (grammar.Malformed, Unusable) as error:
            reason = error.reason
            if isinstance(error, grammar.Malformed):
                reason = f"has metadata that cannot be read: {reason}"
            self.choices.rejected[package, at] = reason
            if not extra:
                self.choices.rejected[name, at] = reason
            return False
        return True

    def _withhold(self, package: str) -> None:
        """Say that nothing may be taken under the requirements in force: others could open pre-releases."""
        name = package.partition("[")[0]
        parents = {
            claim.parent: claim.version
            for claim in self.choices.claims.get(name, ())
            if claim.parent is not None
            and claim.parent != package
            and self._decided.get(claim.parent) == claim.version
        }
        if not parents:
            return
        terms = [Term(package, as_range(self._positive.get(package, ANY)), positive=True)]
        for parent, version in parents.items():
            if version is not None:
                terms.append(Term(parent, only(version), positive=True))
        self._pending.append(Clause(terms, Cause.NO_VERSIONS))

    def consume_pending_clauses(self) -> list[Clause]:
        """Hand over what `_withhold` said."""
        pending, self._pending = self._pending, []
        return pending

    def get_dependencies(self, package: str, version: Key) -> Mapping[str, Allowed]:
        """Give what a candidate depends on."""
        known = self._ranges.get((package, version))
        if known is None:
            edges = self._edges(package, version)
            known = self._ranges[package, version] = {
                to: edge.allowed for to, edge in edges.items()
            }
            for to in known:
                self._seen.setdefault(to, len(self._seen))
            self.hint((to, fits) for to, fits in known.items() if "[" not in to)
        return known

    def _edges(self, package: str, at: Key) -> dict[str, Edge]:
        """Make the dependencies of a candidate out of its facts, once. Raises `grammar.Malformed`, `Unusable`."""
        known = self.edges.get((package, at))
        if known is not None:
            return known
        name, _, extra = package.partition("[")
        extra = extra.removesuffix("]")
        edges: dict[str, Edge] = {}
        if extra:
            edges[name] = Edge(only(at), ())
        claims: list[tuple[str, Claim]] = []
        facts = self.choices.facts(name, at) if self._dependencies else None
        # An extra that is not declared adds nothing, as in pip.
        if facts and (not extra or declares(facts.extras, extra)):
            for demand in self.choices.environment.demands(facts.requires, extra):
                fits = self._fits(demand, f"{name} {self.choices.versions[name, at]}")
                claims.append((demand.name, Claim(package, at, demand.specifier)))
                for to in (demand.name, *(f"{demand.name}[{one}]" for one in demand.extras)):
                    before = edges.get(to)
                    texts = (*before.texts, demand.text) if before else (demand.text,)
                    edges[to] = Edge(before.allowed & fits if before else fits, texts)
        for to, claim in claims:
            self._claim(to, claim)
        self.edges[package, at] = edges
        return edges

    def _fits(self, demand: Demand, parent: str) -> Allowed:
        """Give the candidates that a demand allows."""
        if not demand.url:
            return allowed(demand.specifier)
        asked = self.choices.demanded(demand, parent)
        return only(self.choices.place(asked)[1])

    def prioritize(
        self,
        package: str,
        version_range: object,
        conflict_counts: Mapping[str, int],
        culprit_counts: Mapping[str, int] | None = None,
    ) -> tuple[int, int, int]:
        """Give the place of a package in the order of decisions: lower first.

        As they were met, a base before its extras; a project that often fails moves forward, so that what it needs is
        known early, and one that often makes others fail moves back.
        """
        del version_range
        rank = self._ranks.get(package)
        if rank is None:
            rank = self._rank(package, conflict_counts, culprit_counts or {})
        name, _, extra = package.partition("[")
        seen = self._seen.get(name, 0) if extra else self._seen.get(package, 0)
        return rank, seen, 1 if extra else 0

    def _rank(self, package: str, conflicts: Mapping[str, int], culprits: Mapping[str, int]) -> int:
        """Give the rank of a package by its part in conflicts: 0 for most."""
        if conflicts.get(package, 0) >= _BUSY:
            # Of those that cannot agree the one with fewer versions is decided first: it loses more by each step down
            # (s3fs before boto3). A fixed order also keeps two from taking turns.
            name = package.partition("[")[0]
            return len(self.choices.known(name)) - _FORWARD
        return 1 if culprits.get(package, 0) >= _BUSY else 0

    def settle(self, conflicts: Mapping[str, int], culprits: Mapping[str, int]) -> bool:
        """Keep from the start on the order to which conflicts led; False where there was none."""
        for package in (*conflicts, *culprits):
            rank = self._rank(package, conflicts, culprits)
            if rank:
                self._ranks[package] = rank
        return any(rank < 0 for rank in self._ranks.values())

    def widen_decision(self, package: str, version: Key) -> Allowed | None:
        """Never widen: facts of versions that nobody tries are not asked for."""
        del package, version
        return None


class Limits(Mapping[str, Allowed]):
    """Constraints as the solver looks them up: only for a package that is about to be decided."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def __getitem__(self, package: str) -> Allowed:
        found = self._provider.limit(package)
        if found is None:
            raise KeyError(package)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter({one.name for one in self._provider.constraints})

    def __len__(self) -> int:
        return len(self._provider.constraints)


def _unusable(asked: Asked, reason: str, python: str) -> AlcoveError:
    """Make the error of an address of the user that leads to nothing usable."""
    message = f"{asked.text} ({asked.origin}) {reason}"
    if reason.startswith("needs Python"):
        hint = "create the environment with another interpreter: alcove create -p VERSION"
        return ResolutionImpossible(f"{message}, this is {python}", hint=hint)
    return InvalidRequirement(message, hint="look at what is at that address")


def _acceptor(fits: Allowed, limit: Allowed) -> Callable[[str], bool]:
    """Make the test of a hint."""
    both = fits & limit

    def accepts(version: str) -> bool:
        try:
            return not is_prerelease(version) and key(version) in both
        except grammar.Malformed:
            return False

    return accepts
