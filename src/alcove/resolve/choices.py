"""Which candidate of a project is taken next: pip's rules, without any solving.

Installed versions that fit are kept unless an upgrade is asked, the newest is preferred, pre-releases and yanked
versions need a reason. The rules look at the requirements that are in force at that moment, as pip's do.
"""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import InvalidRequirement
from alcove.requirements import addresses, grammar
from alcove.requirements.spec import Asked
from alcove.resolve.candidates import Direct, Unusable
from alcove.resolve.listing import Listing
from alcove.resolve.order import Key, is_prerelease, key

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from alcove.requirements.controls import Releases
    from alcove.resolve.candidates import Candidates, Facts
    from alcove.resolve.demands import Demand, Environment

__all__ = ["Choice", "Choices", "Claim", "Policy", "meets"]


class Claim(NamedTuple):
    """One requirement on a project, in force while `parent` (None: the user) is decided at `version`."""

    parent: str | None
    version: Key | None
    specifier: str


class Choice(NamedTuple):
    """A candidate, or None; `withheld`: versions that fit were not taken, for reasons that may change."""

    key: Key | None
    withheld: bool


class Policy(NamedTuple):
    """What the user wants beyond requirements. `upgrade`: names for which the newest is taken, not the installed."""

    installed: Mapping[str, str]
    upgrade: Container[str]
    releases: Releases
    constraints: Mapping[str, tuple[str, ...]]


class Choices:
    """The projects of one resolution: their listings, facts, direct origins, and what was found unusable."""

    def __init__(self, candidates: Candidates, environment: Environment, policy: Policy) -> None:
        self.candidates = candidates
        self.environment = environment
        self.policy = policy
        self.rejected: dict[tuple[str, Key], str] = {}
        self.claims: dict[str, list[Claim]] = {}
        self.versions: dict[tuple[str, Key], str] = {}
        self._listings: dict[str, Listing] = {}
        self._facts: dict[tuple[str, Key], Facts] = {}
        self._places: dict[tuple[str, str, bool], tuple[str, Key]] = {}
        self._ranks: dict[str, int] = {}
        self.directs: dict[str, list[Key]] = {}

    def listing(self, name: str) -> Listing:
        """Give the versions of a project."""
        found = self._listings.get(name)
        if found is None:
            found = self._listings[name] = Listing(name, self.candidates)
        return found

    def known(self, name: str) -> list[str]:
        """Give all versions of a project that was looked up before; nothing of others, so that none is looked up."""
        found = self._listings.get(name)
        return list(found) if found is not None else []

    def facts(self, name: str, at: Key) -> Facts:
        """Give the facts of a candidate, asked once."""
        known = self._facts.get((name, at))
        if known is None:
            known = self._facts[name, at] = self.candidates.facts(name, self.versions[name, at])
        return known

    def keeps(self, name: str) -> str | None:
        """Give the installed version of a project that nobody wants upgraded, or None."""
        return None if name in self.policy.upgrade else self.policy.installed.get(name)

    def place(self, asked: Asked) -> tuple[str, Key]:
        """Give the name and the key of the candidate at a URL or path; it is asked for once. Raises `Unusable`."""
        identity = (asked.name, _identity(asked.url), asked.editable)
        known = self._places.get(identity)
        if known is not None:
            return known
        direct = self.candidates.direct(asked)
        name, version = grammar.normalize(direct.name), str(grammar.version(direct.version))
        if asked.name and name != asked.name:
            message = f"{asked.origin}: {asked.url} is {name}, not {asked.name}"
            raise InvalidRequirement(message, hint=f"write {name} @ {_without_egg(asked.url)}")
        found = self._places.get((name, *identity[1:])) or self._enter(
            Direct(name, version, direct.facts)
        )
        self._places[identity] = self._places[name, identity[1], asked.editable] = found
        return found

    def _enter(self, direct: Direct) -> tuple[str, Key]:
        """Remember a candidate that does not come from an index."""
        rank = self._ranks[direct.name] = self._ranks.get(direct.name, 0) + 1
        at = key(direct.version, rank)
        self.versions[direct.name, at] = direct.version
        self._facts[direct.name, at] = direct.facts
        self.directs.setdefault(direct.name, []).append(at)
        return direct.name, at

    def demanded(self, demand: Demand, parent: str) -> Asked:
        """Make of a demand with a URL what `place` takes. Raises `grammar.Malformed`."""
        if not addresses.is_url(demand.url):
            message = f"{demand.url!r} is not a URL that can be installed from"
            raise grammar.Malformed(message)
        path = addresses.path_of(demand.url, "/") if demand.url.lower().startswith("file:") else ""
        return Asked(
            demand.text, demand.name, demand.extras, url=demand.url, path=path, origin=parent
        )

    def choose(
        self, name: str, accepts: Callable[[Key], bool], holds: Callable[[str, Key | None], bool]
    ) -> Choice:
        """Give the candidate that is preferred among those whose key is accepted.

        `holds`: whether the requirements of a package at a key are in force.
        """
        specifiers = self._in_force(name, holds)
        literal = _literal(specifiers)
        withheld = False
        held_back: list[str] = []
        for version, installed in self._preferred(name):
            at = key(version)
            if not accepts(at) or (name, at) in self.rejected:
                continue
            if literal and not meets(version, literal):
                withheld = True  # `===1` has the key of 1.0, and means another text
                continue
            self.versions[name, at] = version
            if not installed:
                if not self._admits_prerelease(name, version, specifiers):
                    withheld = True
                    held_back.append(version)
                    continue
                if not self._admits_yanked(name, version, specifiers):
                    withheld = True
                    continue
            if self.usable(name, at):
                return Choice(at, withheld)
        if held_back and self._only_prereleases(name, specifiers):
            return Choice(self._last_resort(name, held_back, specifiers), withheld)
        return Choice(None, withheld)

    def _last_resort(self, name: str, versions: Iterable[str], specifiers: list[str]) -> Key | None:
        """Give the first usable one of the pre-releases that were held back."""
        for version in versions:
            at = key(version)
            if self._admits_yanked(name, version, specifiers) and self.usable(name, at):
                return at
        return None

    def usable(self, name: str, at: Key) -> bool:
        """Look at the facts of a candidate; what cannot be used is remembered with its reason."""
        if (name, at) in self.rejected:
            return False
        try:
            facts = self.facts(name, at)
            demands = self.environment.demands(facts.requires)
            for demand in demands:
                grammar.specifier(demand.specifier)
        except Unusable as error:
            self.rejected[name, at] = error.reason
            return False
        except grammar.Malformed as error:
            self.rejected[name, at] = f"has metadata that cannot be read: {error.reason}"
            return False
        if not self.environment.allows_python(facts.requires_python):
            self.rejected[name, at] = f"needs Python {facts.requires_python}"
            return False
        return True

    def _preferred(self, name: str) -> Iterator[tuple[str, bool]]:
        """Give the versions in the order in which they are tried, and whether each is the installed one."""
        installed = self.policy.installed.get(name)
        if installed is None:
            for version in self.listing(name):
                yield version, False
            return
        at = key(installed)
        pending = True
        if name not in self.policy.upgrade:
            yield installed, True
            pending = False
        for version in self.listing(name):
            here = key(version)
            if pending and here <= at:
                # pip: among versions to choose from, an installed one stands where its version puts it.
                yield installed, True
                pending = False
            # `===` may ask for another text of the same version
            if here != at or version != installed:
                yield version, False
        if pending:
            yield installed, True

    def _in_force(self, name: str, holds: Callable[[str, Key | None], bool]) -> list[str]:
        """Give the specifiers of all requirements and constraints on a project that hold now."""
        found = list(self.policy.constraints.get(name, ()))
        for parent, version, specifier in self.claims.get(name, ()):
            if parent is None or holds(parent, version):
                found.append(specifier)
        return found

    def _admits_prerelease(self, name: str, version: str, specifiers: list[str]) -> bool:
        """Tell whether a version may be taken as far as pre-releases go, the last resort aside."""
        if not is_prerelease(version):
            return True
        allowed = self.policy.releases.allows(name)
        if allowed is not None:
            return allowed
        # PEP 440: a specifier that mentions a pre-release asks for them.
        return any(grammar.specifier(one).prereleases for one in specifiers)

    def _only_prereleases(self, name: str, specifiers: list[str]) -> bool:
        """Tell whether no final release meets what is required. PEP 440: then pre-releases are allowed."""
        if self.policy.releases.allows(name) is False:
            return False
        return not any(
            not is_prerelease(version) and meets(version, specifiers)
            for version in self.listing(name)
        )

    def _admits_yanked(self, name: str, version: str, specifiers: list[str]) -> bool:
        """Tell whether a version may be taken as far as yanking goes (PEP 592, as pip reads it)."""
        if self.candidates.yanked(name, version) is None:
            return True
        if not any(_pins(specifier) for specifier in specifiers):
            return False
        fitting = (one for one in self.listing(name) if meets(one, specifiers))
        return all(self.candidates.yanked(name, one) is not None for one in fitting)


def meets(version: str, specifiers: list[str]) -> bool:
    """Tell whether a version meets all of some specifiers, pre-release or not."""
    parsed = grammar.version(version)
    return all(grammar.specifier(one).contains(parsed, prereleases=True) for one in specifiers)


def _literal(specifiers: list[str]) -> list[str]:
    """Give those in which a `===` asks for a text, which only the version itself can tell."""
    return [one for one in specifiers if "===" in one]


def _pins(specifier: str) -> bool:
    """Tell whether a specifier names one version: `===`, or `==` without a wildcard."""
    return any(
        one.operator == "===" or (one.operator == "==" and not one.version.endswith(".*"))
        for one in grammar.specifier(specifier)
    )


def _without_egg(url: str) -> str:
    """Give a URL without the name in its fragment."""
    address, _, fragment = url.partition("#")
    rest = "&".join(part for part in fragment.split("&") if not part.startswith("egg="))
    return f"{address}#{rest}" if rest else address


def _identity(url: str) -> str:
    """Give what makes two addresses the same place: without credentials, and without the egg fragment."""
    parts = urllib.parse.urlsplit(url)
    kept = sorted(
        part for part in parts.fragment.split("&") if part and not part.startswith("egg=")
    )
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "file" and host == "localhost":
        host = ""
    path = parts.path.rstrip("/") or "/"
    return urllib.parse.urlunsplit((parts.scheme.lower(), host, path, parts.query, "&".join(kept)))
