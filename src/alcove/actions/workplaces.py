"""The isolated environments in which wheels are built: views like any other, gone when the build is done."""

from __future__ import annotations

from alcove.actions.held import store_root
from alcove.environments.create import Wanted, create
from alcove.environments.layout import open_layout
from alcove.interpreters.inspect import inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.request import Request
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["fill", "workplace"]


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


def fill(
    layout: Layout, texts: Sequence[str], outer: Request, settings: Settings, reporter: Reporter
) -> None:
    """Install the requirements `texts` into a workplace, with the index options of the request that needs the build."""
    from alcove.actions.install import install
    from alcove.actions.request import Request

    request = Request(
        directory=layout.root,
        command="build requirements",
        requirements=tuple(texts),
        sources=outer.sources,
        offline=outer.offline,
        depth=outer.depth + 1,
    )
    install(open_layout(layout.root), request, settings, reporter=reporter)
