"""Whether what is installed already stands for what was decided, by pip's rules.

Rule (pip): the same version from an address is kept, as a wheel of this disk is; a directory or an sdist of this disk is
built and installed again, and so is what is or was editable.
"""

from __future__ import annotations

from alcove.actions.addresses import stated
from alcove.events import Notice
from alcove.wheels import direct_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.environments.generation import Placement
    from alcove.events import Reporter
    from alcove.requirements.resolution import Pinned, Resolution

__all__ = ["is_that_commit", "kept", "stands_for"]


def kept(
    resolution: Resolution,
    there: Mapping[str, Placement],
    *,
    force: bool,
    only_dependencies: bool,
    reporter: Reporter,
) -> Resolution:
    """Return the resolution in which what stands already for what was decided is marked as installed.

    `there`: what is placed, by normalised names. `only_dependencies`: what the user named himself is left out.
    """
    found = []
    for one in resolution.distributions:
        if only_dependencies and one.requested:
            continue
        if not force and stands_for(there.get(one.name), one):
            reporter.emit(Notice(_stays(one)))
            found.append(one._replace(origin=one.origin._replace(kind="installed")))
        else:
            found.append(one)
    return resolution._replace(distributions=tuple(found))


def stands_for(before: Placement | None, decided: Pinned) -> bool:
    """Tell whether `before` is kept for a decision on an address or a path."""
    from packaging.version import InvalidVersion, Version

    origin = decided.origin
    if before is None or origin.kind in ("index", "installed", "directory", "editable"):
        return False
    if '"editable":true' in before.direct_url.replace(" ", ""):
        return False
    try:
        same = Version(before.version) == Version(decided.version)
    except InvalidVersion:
        return False
    return same and (origin.kind != "file" or origin.filename.endswith(".whl"))


def is_that_commit(before: Placement | None, pin: Pinned) -> bool:
    """Tell whether `before` came from the commit of a repository that a lock pins: nothing can have changed in it (PEP 610)."""
    if before is None or not before.direct_url or pin.origin.vcs is None:
        return False
    commit = pin.origin.vcs[2]
    if len(commit) < 40 or commit.strip("0123456789abcdef"):  # it may be a branch
        return False
    known, wanted = (
        direct_url.parse(text.encode()) for text in (before.direct_url, stated(pin.origin, ""))
    )
    if known is None or wanted is None:
        return False
    return known._replace(requested="") == wanted._replace(requested="")


def _stays(one: Pinned) -> str:
    if one.origin.kind == "file":
        return (
            f"{one.name} is already installed with the same version as the provided wheel. Use"
            " --force-reinstall to force an installation of the wheel."
        )
    return f"{one.name} {one.version} is installed already and stays"
