"""Read the solver's proof that requirements exclude each other into the records that `explain` writes down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.requirements import grammar
from alcove.resolve.choices import meets
from alcove.resolve.explain import Gap, Need, failure
from alcove.resolve.order import Key, is_prerelease, key
from alcove.resolve.pubgrub import ANY, Allowed, Cause, Clause, allowed, as_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alcove.errors import AlcoveError
    from alcove.requirements.spec import Asked
    from alcove.resolve.provider import Provider

__all__ = ["Story"]


class Story:
    """Reads the solver's proof into the records that `explain` writes down."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._choices = provider.choices

    def error(self, proof: Clause) -> AlcoveError:
        """Make the error that a proof means."""
        needs: dict[Need, None] = {}
        gaps: dict[str, Clause] = {}
        parents: dict[tuple[str, str, str], list[Key]] = {}
        for clause in proof.walk():
            if clause.cause is Cause.ROOT:
                self._root(clause, needs)
            elif clause.cause is Cause.DEPENDENCY:
                self._dependency(clause, parents)
            elif clause.cause in {
                Cause.NO_VERSIONS,
                Cause.CONSTRAINT,
            }:
                gaps.setdefault(clause.terms[0].package.partition("[")[0], clause)
                if clause.cause is Cause.CONSTRAINT:
                    self._constraint(clause, needs)
        for need in self._grouped(parents):
            needs[need] = None
        ordered = sorted(needs, key=self._position)
        alone = len(ordered) == 1
        if alone and not gaps:
            told = [self._gap(ordered[0].name, ordered[0].name, ordered, alone=True)]
        else:
            told = [
                self._gap(name, clause.terms[0].package, ordered, alone=alone)
                for name, clause in gaps.items()
            ]
        python = self._choices.environment.python
        return failure(ordered, [gap for gap in told if gap is not None], python=python)

    def _position(self, need: Need) -> int:
        """Give the place of a requirement among those of the user, in their order."""
        for index, (name, asked) in enumerate(self._provider.asked):
            if not need.parent and (name, asked.origin, _shown(asked, name)) == (
                need.name,
                need.origin,
                need.text,
            ):
                return index
        return len(self._provider.asked)

    def _root(self, clause: Clause, needs: dict[Need, None]) -> None:
        """Take a requirement of the user."""
        asked: Asked = clause.origin
        name = clause.terms[-1].package.partition("[")[0]
        text = _shown(asked, name)
        needs[Need("", (), name, text, asked.origin)] = None

    def _dependency(self, clause: Clause, parents: dict[tuple[str, str, str], list[Key]]) -> None:
        """Take a dependency: which candidates of the parent that were looked at have it."""
        parent = clause.terms[0]
        child = clause.terms[1].package if len(clause.terms) > 1 else parent.package
        if parent.package.partition("[")[0] == child:
            return  # the tie between an extra and its base
        fits = as_range(parent.constraint)
        for (package, at), edges in self._provider.edges.items():
            if package == parent.package and at in fits and child in edges:
                for text in edges[child].texts:
                    found = parents.setdefault((package, child.partition("[")[0], text), [])
                    if at not in found:
                        found.append(at)

    def _grouped(self, parents: dict[tuple[str, str, str], list[Key]]) -> Iterator[Need]:
        """Put together what many versions of one parent need: the newest speaks, the others are counted."""
        groups: dict[tuple[str, str], list[tuple[str, list[Key]]]] = {}
        for (package, name, text), keys in parents.items():
            groups.setdefault((package, name), []).append((text, keys))
        for (package, name), members in groups.items():
            members.sort(key=lambda member: max(member[1]), reverse=True)
            base = package.partition("[")[0]
            several = len(members) > 3  # up to three are worth a line each
            for text, keys in members[:1] if several else members:
                versions = tuple(
                    self._choices.versions[base, at] for at in sorted(keys, reverse=True)
                )
                others = sum(len(more) for _, more in members[1:]) if several else 0
                yield Need(package, versions, name, text, others=others)

    def _constraint(self, clause: Clause, needs: dict[Need, None]) -> None:
        """Take the constraints on a project."""
        name = clause.terms[0].package.partition("[")[0]
        for one in self._provider.constraints:
            if one.name == name:
                needs[Need("", (), name, _shown(one, name), one.origin, constraint=True)] = None

    def _gap(self, name: str, package: str, needs: Iterable[Need], *, alone: bool) -> Gap | None:
        """Take a project of which nothing was left; None where the requirements tell all there is to know.

        `alone`: there is one requirement only, so that there is nothing else to tell.
        """
        fits = ANY
        literal: list[str] = []  # `===` means a text: the key alone does not tell
        for need in needs:
            if need.name == name:
                fits &= _specified(need)
                literal += _literal(need)
        listing = self._choices.listing(name)
        available: list[str] = []
        withheld: list[tuple[str, str]] = []
        listed: list[str] = []
        met = False
        for version in listing:
            at = key(version)
            reason = self._choices.rejected.get((name, at)) or self._choices.rejected.get(
                (package, at), ""
            )
            if not reason.startswith("needs Python") and (
                self._choices.candidates.yanked(name, version) is None
            ):
                listed.append(version)
            if not reason:
                available.append(version)
                reason = self._reason(name, version)
            if at in fits and meets(version, literal):
                met = met or not reason
                withheld += [(version, reason)] if reason else []
        if listing.missing:
            return Gap(name, (), (), listing.missing, listing.hint)
        if met or (fits.is_empty and not alone):
            return None  # they clash by themselves, or what they allow was tried
        excluded = self._choices.candidates.why_not(name)
        withheld += [(one.version, one.reason) for one in excluded if _within(one.version, fits)]
        listed += [one.version for one in excluded if one.reason.startswith("has a hash")]
        listed.sort(key=grammar.version, reverse=True)
        return Gap(name, tuple(available), tuple(withheld), listed=tuple(listed))

    def _reason(self, name: str, version: str) -> str:
        """Say why a version that fits may not have been taken."""
        yanked = self._choices.candidates.yanked(name, version)
        if yanked is not None:
            return f"is yanked ({yanked})" if yanked else "is yanked"
        return "is a pre-release" if is_prerelease(version) else ""


def _specified(need: Need) -> Allowed:
    """Give what a requirement allows, by its text; one with an address allows what it allows."""
    try:
        return allowed(str(grammar.requirement(need.text).specifier))
    except grammar.Malformed:
        return ANY


def _literal(need: Need) -> list[str]:
    """Return the specifier of a requirement in a list where it holds a `===`, else nothing."""
    try:
        return [str(grammar.requirement(need.text).specifier)] if "===" in need.text else []
    except grammar.Malformed:
        return []


def _within(version: str, fits: Allowed) -> bool:
    """Tell whether a version, which may be of no known form, is in a range."""
    try:
        return key(version) in fits
    except grammar.Malformed:
        return False


def _shown(asked: Asked, name: str) -> str:
    """Write a requirement of the user in short."""
    extras = f"[{','.join(asked.extras)}]" if asked.extras else ""
    if asked.editable or (asked.url and not asked.text.startswith(name)):
        return ("-e " if asked.editable else "") + asked.text
    return f"{name}{extras} @ {asked.url}" if asked.url else f"{name}{extras}{asked.specifier}"
