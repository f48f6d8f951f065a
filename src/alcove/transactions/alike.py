"""Two scripts whose names some file systems take for one: refused where the environment lies on such a one."""

from __future__ import annotations

from alcove.errors import PathCollision
from alcove.files import case
from alcove.wheels.names import folded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout

__all__ = ["refuse_alike"]


def refuse_alike(layout: Layout, placements: Sequence[Placement]) -> None:
    """Raise PathCollision where one of two scripts would take the other's place in `bin`; their names are different."""
    if not case.is_ignored(f"{layout.root}/pyvenv.cfg"):
        return
    seen: dict[str, tuple[str, str]] = {}
    for one in placements:
        for launcher in one.launchers:
            name, owner = seen.setdefault(folded(launcher.name), (launcher.name, one.name))
            if name != launcher.name:
                raise PathCollision(
                    f"{name} of {owner} and {launcher.name} of {one.name} are one file in {layout.bin}",
                    hint="an environment on a file system that tells upper from lower case can hold both",
                )
