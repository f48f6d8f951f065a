"""What was decided: for each distribution one version, one origin, and why it is there.

This record lies below both `resolve`, which returns it, and `locks`, which stores it.
"""

from __future__ import annotations

from alcove.records import NamedTuple

__all__ = ["Origin", "Pinned", "Resolution"]


class Origin(NamedTuple):
    """Where the file of a distribution comes from.

    `kind`: "index" (a wheel or sdist of an index or of find-links), "url" (a direct URL of an archive), "file" (an
    archive on this disk), "directory" (a source tree on this disk), "editable", "vcs".
    `url`: address or `file:` URL without credentials. `filename`: the archive's name, or "". `sha256`: hex, or "" where
    nobody knows yet. `size` in bytes or None. `subdirectory` below the archive's root or the tree, or "".
    `vcs`: (name, revision asked for, commit) for kind "vcs", else None.
    """

    kind: str
    url: str
    filename: str
    sha256: str = ""
    size: int | None = None
    subdirectory: str = ""
    vcs: tuple[str, str, str] | None = None


class Pinned(NamedTuple):
    """One distribution of a resolution: `name` normalised (PEP 503), `version` normalised (PEP 440).

    `requested`: named by the user, not only a dependency. `extras`: those asked for, normalised, sorted.
    `requires`: normalised names of the distributions here that it depends on, sorted.
    `yanked`: the reason (may be "") where its index says that it is yanked (PEP 592), else None.
    """

    name: str
    version: str
    origin: Origin
    extras: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    requested: bool = False
    yanked: str | None = None


class Resolution(NamedTuple):
    """All that was decided, in the order of names."""

    distributions: tuple[Pinned, ...]
