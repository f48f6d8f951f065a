"""Which name was probably meant, where nobody has the one that was asked for.

Rule: only names that this machine has met (in `--find-links`, in the cache) are offered: a guess must not lead to a project
that somebody registered for the sake of a common misspelling.
"""

from __future__ import annotations

import os

from alcove.index.filenames import is_archive, normalised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["cached_names", "hint", "name_of"]

_MOST = 20_000  # files that are looked at: it is only for a message
_NO_PROJECTS = {
    "python": "python is not a distribution: alcove create -p VERSION takes another interpreter",
    "python3": "python3 is not a distribution: alcove create -p VERSION takes another interpreter",
}


def hint(name: str, known: Iterable[str]) -> str:
    """Say what to do about a project (normalised name) that nobody has; `known`: normalised names."""
    import difflib  # noqa: PLC0415 - for a message only

    if name in _NO_PROJECTS:
        return _NO_PROJECTS[name]
    near = difflib.get_close_matches(name, sorted(set(known) - {name}), n=1, cutoff=0.8)
    if near:
        return f"did you mean {near[0]}?"
    return "check the spelling, or name its index with --index-url or --extra-index-url"


def name_of(filename: str) -> str:
    """Return the normalised name of the project that a file name begins with, "" where it is no archive."""
    if not is_archive(filename):
        return ""
    # PEP 427: a wheel's name holds no dash; PEP 625: nor does that of an sdist, but older ones do.
    parts = filename.partition("-") if filename.endswith(".whl") else filename.rpartition("-")
    return normalised(parts[0])


def cached_names(files: str) -> set[str]:
    """Return the names of the projects of which the cache has a file; `files` (absolute): AB/SHA256/FILENAME below it."""
    found: set[str] = set()
    looked = 0
    for _, _, names in os.walk(files):
        looked += len(names)
        found.update(map(name_of, names))
        if looked > _MOST:
            break
    return found - {""}
