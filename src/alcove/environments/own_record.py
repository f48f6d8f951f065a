"""The RECORD of a distribution that stands in an environment otherwise than its entry's prepared RECORD says.

Rule (DESIGN 4.5): links first, then its own files and scripts, then every file of the wheel with its hash.
"""

from __future__ import annotations

import os

from alcove.files import digest
from alcove.store import entries
from alcove.store.layout import Store
from alcove.wheels import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Placement
    from alcove.environments.views import Slot

__all__ = ["compose"]


def compose(placement: Placement, slot: Slot) -> bytes:
    """Return the text of RECORD for `placement`, whose dist-info stands in `slot` already (RECORD aside)."""
    dist_info = f"{slot.site_packages}/{placement.dist_info}"
    store = Store("", "", slot.private + "/e", "", "")
    complete = entries.full(store, placement.source.removeprefix("e/"))
    own = []
    for name in sorted(os.listdir(dist_info)):
        path = f"{dist_info}/{name}"
        if not os.path.islink(path) and name != "RECORD":
            own.append(
                record.row(
                    f"{placement.dist_info}/{name}", digest.sha256_of(path), os.stat(path).st_size
                )
            )
    nested = tuple(f"dist-info/{name}/" for name in placement.dist_links)
    files = []
    for file in complete:
        if file.path.startswith("lib/"):
            files.append(record.row(file.path[4:], file.sha256, file.size))
        elif file.path.startswith(nested or ("\0",)):
            files.append(
                record.row(f"{placement.dist_info}/{file.path[10:]}", file.sha256, file.size)
            )
    sizes = {file.path: file.size for file in complete}
    return record.compose(
        placement.dist_info,
        [*placement.links, *(f"{placement.dist_info}/{name}" for name in placement.dist_links)],
        dist_info=own,
        scripts=[launcher.name for launcher in placement.launchers],
        outside=[
            record.row(f"../../../{file.path}", file.sha256, sizes.get(file.source))
            for file in placement.data
        ],
        files=files,
    )
