"""The port of the solver: all that it may ask, and the records in which it is answered.

Whoever implements `Candidates` does the input and output: index pages, metadata, builds, what is installed. The solver
calls it from one thread, in an order that depends on the answers alone, and asks for nothing that it does not need:
`versions` of a project only when one must be chosen, and is read only as far as needed; `facts` only of a version that
is about to be tried. Names are normalised (PEP 503), versions in PEP 440's normal form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from alcove.requirements.resolution import Origin
    from alcove.requirements.spec import Asked

__all__ = ["Candidates", "Direct", "Excluded", "Facts", "Unusable", "Wanted"]


class Facts(NamedTuple):
    """What the metadata of one candidate says.

    `requires`: its Requires-Dist as written, markers included. `origin`: the file that would be installed.
    `requires_python`: a specifier or "". `extras`: its Provides-Extra in any spelling; None where nobody asked.
    `kind`: "wheel", "sdist", "directory", "vcs" or "installed" (what is there is kept).
    """

    requires: tuple[str, ...]
    origin: Origin
    requires_python: str = ""
    extras: tuple[str, ...] | None = ()
    kind: str = "wheel"


class Direct(NamedTuple):
    """The one candidate of an address or a path: the name and the version of its metadata, and its facts."""

    name: str
    version: str
    facts: Facts


class Excluded(NamedTuple):
    """A version that exists and cannot be taken.

    `reason` goes on from "NAME VERSION …": "needs Python >=3.12", "has no wheel for this interpreter and no sdist".
    """

    version: str
    reason: str


class Wanted(NamedTuple):
    """A hint: a project whose page will be asked for soon, and which of its versions may be taken.

    `accepts` is pure, quick and may be called from any thread: True for a version (PEP 440 text) that fits what is
    known now. The newest accepted one is likely to be asked for its facts next.
    """

    name: str
    accepts: Callable[[str], bool]


class Unusable(Exception):
    """Raised by `facts` and `direct`: this candidate cannot be used, and another should be tried.

    For metadata that is broken or contradicts its file name. `reason` goes on from "NAME VERSION …" ("has metadata of
    another version"). What should stop everything (no network, a build that failed) is an `AlcoveError` instead.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Candidates(Protocol):
    """What the solver may ask."""

    def restrict(self, hashes: Mapping[str, frozenset[str]]) -> None:
        """Leave out all files of these projects whose hash is not among those given (`sha256:HEX`).

        Called at most once, before anything else, where requirements have hashes.
        """

    def prefetch(self, wanted: Sequence[Wanted]) -> None:
        """Start fetching pages, and metadata of what looks best, side by side; return at once, raise nothing."""

    def versions(self, name: str) -> Iterable[str]:
        """Give the versions of a project that have a file for the target, the preferred one first.

        That is the newest first (with `--prefer-binary`: those with a wheel before all others). No two are equal. Left
        out is what the target cannot take: wheel tags, `requires-python` where the page tells it, formats that are not
        allowed, hashes. Pre-releases and yanked versions are in it. It is read lazily, and once.
        Raises `alcove.errors.NoSuchDistribution` where no index has the project; other errors stop the resolution.
        """

    def yanked(self, name: str, version: str) -> str | None:
        """Give the reason (may be "") where all files of a version that fit are yanked (PEP 592), else None."""

    def facts(self, name: str, version: str) -> Facts:
        """Give the facts of a version, of what is installed where that is this version. Raises `Unusable`."""

    def direct(self, asked: Asked) -> Direct:
        """Give the candidate at the URL or path of a requirement. Raises `Unusable`; other errors stop everything."""

    def why_not(self, name: str) -> Sequence[Excluded]:
        """Give the versions that `versions` left out, newest first; asked only to explain a failure."""
