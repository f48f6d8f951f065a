"""What a dry run knows of a distribution that is not in the store: its metadata, and an entry without files.

Rule: nothing is built to say what would be installed, where that can be known without (PEP 643).
"""

from __future__ import annotations

import os

from alcove.builds.sdist import static_metadata
from alcove.errors import BuildFailed
from alcove.files import digest
from alcove.store.layout import directory_name
from alcove.wheels import metadata, names
from alcove.wheels.entry import Entry, LinkRules

__all__ = ["entry_of", "static"]

_NO_RULES = LinkRules((), (), (), (), "", ())


def static(path: str) -> bytes | None:
    """Return the PKG-INFO of the sdist `path` (absolute) where its backend need not be asked; else None."""
    try:
        return static_metadata(path)
    except BuildFailed:
        return None  # the backend is asked as it would be in earnest, and says what is wrong


def entry_of(content: bytes, where: str, sha256: str = "") -> Entry:
    """Return the entry of a distribution of which `content` (METADATA or PKG-INFO) is known; InvalidWheel.

    `sha256` (hex) of its wheel; "" where that is not built yet: then the entry has no directory, and the sha256 that it
    tells is that of the archive `where` (absolute), for reports; "" where that is a directory.
    """
    found = metadata.parse(content, where)
    stem = f"{found.name.replace('-', '_')}-{found.version}"
    return Entry(
        directory=_directory(found, sha256) if sha256 else "",
        name=found.name,
        version=found.version,
        wheel="",
        sha256=sha256 or (digest.sha256_of(where) if os.path.isfile(where) else ""),
        tags=(),
        requires_python=found.requires_python,
        requires=found.requires,
        extras=found.extras,
        entry_points=(),
        rules=_NO_RULES,
        dist_info=(),
        dist_info_name=f"{stem}.dist-info",
        scripts=(),
        data=(),
        headers=(),
    )


def _directory(found: metadata.Metadata, sha256: str) -> str:
    version = names.canonical_version(found.version)
    return directory_name(names.normalise(found.name), version, sha256)
