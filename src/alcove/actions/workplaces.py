"""The isolated environments in which wheels are built: views like any other, gone when the build is done."""

from __future__ import annotations

from alcove.actions.held import store_root
from alcove.environments.create import Wanted, create
from alcove.interpreters.inspect import inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.settings import Settings

__all__ = ["workplace"]


def workplace(path: str, parent: Layout, settings: Settings) -> Layout:
    """Return an empty environment at `path` (absolute) with the interpreter and the store of `parent`."""
    wanted = Wanted(
        path=path,
        interpreter=inspect(parent.python, cache=settings.cache),
        prompt="build",
        command="alcove build",
        data=store_root(parent),
        mode="view",
        private=False,
        system_site=False,
        copies=False,
        placements=(),
    )
    return create(wanted)
