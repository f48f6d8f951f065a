"""Bytecode made at once for what an install brought: in the store for what is linked, beside the files for what is not."""

from __future__ import annotations

from alcove.actions.stores import store_root
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout

__all__ = ["compile_placed"]


def compile_placed(layout: Layout, placements: Iterable[Placement]) -> None:
    """Compile what was placed in an environment and is shown, with its interpreter; StoreError where that cannot run."""
    from alcove.store.bytecode import compile_entries, compile_files

    site = layout.site_packages
    linked, real = [], []
    for one in placements:
        if one.links and one.source.startswith("e/"):
            linked.append(one.source[2:])
        real += [f"{site}/{path}" for path in one.trees]
        real += [f"{site}/{path}" for path in one.files if path.endswith(".py")]
    compile_entries(store_at(store_root(layout)), linked, python=layout.python)
    compile_files(real, python=layout.python)
