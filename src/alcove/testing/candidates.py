"""A port of the solver out of plain data: `MemoryCandidates`, which also remembers what it was asked.

An index is a mapping that reads well as JSON:

    {"flask": {"3.0": ["werkzeug>=3"], "2.0": {"requires": ["werkzeug<3"], "yanked": "broken"}}}

The keys of a release: `requires`, `python` (Requires-Python in the metadata), `page_python` (on the index page: left
out at once), `extras`, `yanked` (the reason), `unfit` (why no file fits), `broken` (why its metadata cannot be used),
`hashes` (`sha256:HEX` of its files), `kind`. Under `"@ URL"` a project's name and version are found by address:
{"@ https://x/foo.zip": {"name": "foo", "version": "1.0", "requires": []}}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from alcove.errors import NoSuchDistribution
from alcove.requirements.resolution import Origin
from alcove.resolve.candidates import Direct, Excluded, Facts, Unusable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Wanted

__all__ = ["MemoryCandidates"]


class MemoryCandidates:
    """Answers the solver from a mapping. `log`: (method, name, version) of every question, in order."""

    def __init__(self, index: Mapping[str, Mapping[str, Any]], *, python: str = "3.12.1") -> None:
        self.log: list[tuple[str, str, str]] = []
        self.wanted: list[Wanted] = []
        self._python = python
        self._order: dict[str, list[str]] = {}
        self._hashes: Mapping[str, frozenset[str]] = {}
        self._places = {
            name[2:]: dict(place) for name, place in index.items() if name.startswith("@ ")
        }
        self._index = {
            name: {version: _release(value) for version, value in releases.items()}
            for name, releases in index.items()
            if not name.startswith("@ ")
        }

    def restrict(self, hashes: Mapping[str, frozenset[str]]) -> None:
        """Take the hashes that are allowed."""
        self._hashes = hashes

    def prefetch(self, wanted: Sequence[Wanted]) -> None:
        """Remember the hint."""
        self.wanted += wanted
        self.log += [("prefetch", one.name, "") for one in wanted]

    def versions(self, name: str) -> Iterator[str]:
        """Give what fits, the newest first; as in the real port nothing is done before the first is asked for."""
        self.log.append(("versions", name, ""))
        if name not in self._index:
            message = f"no index has a project called {name}"
            raise NoSuchDistribution(message)
        yield from (version for version in self._sorted(name) if not self._reason(name, version))

    def yanked(self, name: str, version: str) -> str | None:
        """Give why a version is yanked, or None."""
        reason = self._index.get(name, {}).get(version, {}).get("yanked")
        return None if reason is None else str(reason)

    def facts(self, name: str, version: str) -> Facts:
        """Give the facts of a version."""
        self.log.append(("facts", name, version))
        release = self._index[name][version]
        if release.get("broken"):
            raise Unusable(str(release["broken"]))
        url = f"https://index.example/{name}-{version}-py3-none-any.whl"
        return _facts(release, Origin("index", url, url.rpartition("/")[2]))

    def direct(self, asked: Asked) -> Direct:
        """Give what is at an address."""
        address = asked.url.partition("#")[0]
        self.log.append(("direct", asked.name, address))
        place = self._places[address]
        if place.get("broken"):
            raise Unusable(str(place["broken"]))
        kind = "editable" if asked.editable else "url"
        return Direct(place["name"], place["version"], _facts(place, Origin(kind, asked.url, "")))

    def why_not(self, name: str) -> list[Excluded]:
        """Give what `versions` left out."""
        reasons = ((version, self._reason(name, version)) for version in self._sorted(name))
        return [Excluded(version, reason) for version, reason in reasons if reason]

    def _sorted(self, name: str) -> list[str]:
        """Give all versions of a project, the newest first."""
        if name not in self._order:
            self._order[name] = sorted(self._index.get(name, ()), key=Version, reverse=True)
        return self._order[name]

    def _reason(self, name: str, version: str) -> str:
        """Say why the target cannot take a version, or ""."""
        release = self._index[name][version]
        page_python = release.get("page_python", "")
        if page_python and self._python not in SpecifierSet(page_python):
            return f"needs Python {page_python}"
        if name in self._hashes and not self._hashes[name] & set(release.get("hashes", ())):
            return "has no file with an allowed hash"
        return str(release.get("unfit", ""))


def _release(value: Any) -> dict[str, Any]:
    """Read the short form of a release: a list is what it requires."""
    return {"requires": value} if isinstance(value, list) else dict(value)


def _facts(release: Mapping[str, Any], origin: Origin) -> Facts:
    """Make the record of a release."""
    return Facts(
        tuple(release.get("requires", ())),
        origin,
        release.get("python", ""),
        tuple(release.get("extras", ())),
        release.get("kind", "wheel"),
    )
