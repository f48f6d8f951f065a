"""What a placement of an environment tells the solver: its version and its facts, from the entry or from its metadata."""

from __future__ import annotations

import os

from alcove.errors import InvalidWheel, NotAFile
from alcove.files import reading
from alcove.requirements.resolution import Origin
from alcove.resolve.candidates import Facts
from alcove.store import entries
from alcove.wheels import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.store.layout import Store

__all__ = ["facts_of"]


def facts_of(layout: Layout, store: Store, placement: Placement) -> tuple[str, Facts] | None:
    """Return (version in normal form, facts) of what is placed; None where its version is none (PEP 440).

    None, too, for one of others without metadata that can be read, as for pip.
    """
    from packaging.version import InvalidVersion, Version

    try:
        version = str(Version(placement.version))
    except InvalidVersion:
        return None
    if placement.source.startswith("e/"):
        entry = entries.read(store, placement.source[2:])
        known = (entry.requires, entry.requires_python, entry.extras)
    else:
        place = f"{layout.private}/{placement.source}/dist-info"
        if not os.path.isdir(place):  # a dry run: what others placed is not kept yet
            place = f"{layout.site_packages}/{placement.dist_info}"
        try:
            text = metadata.parse(reading.content(f"{place}/METADATA"), placement.name)
        except (FileNotFoundError, InvalidWheel, NotAFile):
            return None  # as a power cut leaves it
        known = (text.requires, text.requires_python, text.extras)
    origin = Origin("installed", "", "", placement.sha256)
    return version, Facts(known[0], origin, known[1], known[2], "installed")
