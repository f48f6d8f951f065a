"""Two options that exclude each other name by name: which releases, and which formats, a project may be taken in.

`--no-binary`/`--only-binary` and `--all-releases`/`--only-final` share pip's rules: names with commas, `:all:`,
`:none:`, and the later one wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from alcove.requirements import grammar

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Releases", "merged"]


def merged(
    given: Iterable[tuple[bool, str]], *, first: Iterable[str] = (), second: Iterable[str] = ()
) -> tuple[frozenset[str], frozenset[str]]:
    """Apply options in the order in which they were given.

    `given`: (whether it is the first option of the pair, its value). `first`, `second`: what holds before.
    Gives the names, normalised, or `:all:`, that each of the two then has.

    >>> merged([(True, ":all:"), (False, "numpy")])
    (frozenset({':all:'}), frozenset({'numpy'}))
    """
    one, two = set(first), set(second)
    for is_first, value in given:
        target, other = (one, two) if is_first else (two, one)
        names = value.split(",")
        if ":all:" in names:
            other.clear()
            target.clear()
            target.add(":all:")
            last = len(names) - 1 - names[::-1].index(":all:")
            names = names[last + 1 :]
            if ":none:" not in names:
                continue
        for name in names:
            if name == ":none:":
                target.clear()
            elif name:
                other.discard(grammar.normalize(name))
                target.add(grammar.normalize(name))
    return frozenset(one), frozenset(two)


class Releases(NamedTuple):
    """Which projects may be had in pre-releases: normalised names, or `:all:`, as `merged` gives them."""

    every: frozenset[str] = frozenset()
    only_final: frozenset[str] = frozenset()

    def allows(self, name: str) -> bool | None:
        """Tell whether pre-releases of a project are allowed; None: as PEP 440 says."""
        if name in self.every:
            return True
        if name in self.only_final:
            return False
        if ":all:" in self.every:
            return True
        return False if ":all:" in self.only_final else None
