"""The versions of one project, read from the port only as far as somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.errors import NoSuchDistribution
from alcove.requirements import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.resolve.candidates import Candidates

__all__ = ["Listing"]


class Listing:
    """What an index has of a project, the preferred version first; iterable any number of times.

    `missing`: why there is none, where no index knows the project; `hint`: what to do about it.
    """

    def __init__(self, name: str, candidates: Candidates) -> None:
        self.name = name
        self.missing = ""
        self.hint = ""
        self._candidates = candidates
        self._source: Iterator[str] | None = None
        self._read: list[str] = []
        self._complete = False

    def __iter__(self) -> Iterator[str]:
        """Give the versions; raises what the port raises, but for a project that no index has."""
        index = 0
        while True:
            if index == len(self._read) and not self._more():
                return
            yield self._read[index]
            index += 1

    def _more(self) -> bool:
        """Read one version further; False at the end."""
        if self._complete:
            return False
        try:
            if self._source is None:
                self._source = iter(self._candidates.versions(self.name))
            for version in self._source:
                if _readable(version):
                    self._read.append(version)
                    return True
        except (
            NoSuchDistribution
        ) as error:  # a generator raises it only when it is asked for the first version
            self.missing = error.message
            self.hint = error.hint if error.hint and error.hint != error.advice else ""
        self._complete = True
        return False


def _readable(version: str) -> bool:
    """Tell whether a version is of PEP 440; what is not cannot be compared, and pip ignores it too."""
    try:
        grammar.version(version)
    except grammar.Malformed:
        return False
    return True
