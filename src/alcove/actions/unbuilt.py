"""What a dry run knows of a distribution that is neither built nor unpacked: its metadata, and an entry without files.

Rule: nothing is built to say what would be installed, where that can be known without (PEP 643).
"""

from __future__ import annotations

import os

from alcove.actions.obtained import metadata_of
from alcove.builds.sdist import static_metadata
from alcove.errors import BuildFailed
from alcove.events import Warned
from alcove.files import digest
from alcove.files.refusals import REFUSED
from alcove.wheels import metadata
from alcove.wheels.entry import Entry, LinkRules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.errors import StoreError
    from alcove.events import Reporter

__all__ = ["entry_of", "instead", "static"]

_NO_RULES = LinkRules((), (), (), (), "", ())


def static(path: str) -> bytes | None:
    """Return the PKG-INFO of the sdist `path` (absolute) where its backend need not be asked; else None."""
    try:
        return static_metadata(path)
    except BuildFailed:
        return None  # the backend is asked as it would be in earnest, and says what is wrong


def instead(error: StoreError, wheel: str, reporter: Reporter) -> bytes:
    """Return the METADATA of the `wheel` (absolute) that the store may not take, which is told; else `error` is raised."""
    cause = error.__cause__
    if not isinstance(cause, OSError) or cause.errno not in REFUSED:
        raise error
    content = metadata_of(wheel)
    reporter.emit(Warned(error.message, error.hint))
    return content


def entry_of(content: bytes, where: str) -> Entry:
    """Return the entry of a distribution of which `content` (METADATA or PKG-INFO) is known; InvalidWheel.

    Its sha256 is that of the archive `where` (absolute), for reports; "" where that is a directory.
    """
    found = metadata.parse(content, where)
    stem = f"{found.name.replace('-', '_')}-{found.version}"
    return Entry(
        directory="",
        name=found.name,
        version=found.version,
        wheel="",
        sha256=digest.sha256_of(where) if os.path.isfile(where) else "",
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
