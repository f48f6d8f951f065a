"""A new environment that is made together with what it holds: both, or none."""

from __future__ import annotations

import os

from alcove.actions.held import hold, register
from alcove.actions.install import install
from alcove.environments.create import create as make
from alcove.environments.create import refusal
from alcove.environments.layout import is_environment
from alcove.files import atomic, ops, trees
from alcove.store import roots
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.install import Outcome
    from alcove.actions.request import Request
    from alcove.environments.create import Wanted
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["filled"]


def filled(
    wanted: Wanted,
    request: Request | None,
    settings: Settings,
    *,
    clear: bool,
    pip: bool,
    wheels: Sequence[str],
    reporter: Reporter,
) -> tuple[Layout, Outcome | None]:
    """Make the environment, give a private one what it is seeded with, and install; what was made goes again where that fails."""
    root = None if wanted.private else roots.find(store_at(wanted.data), wanted.path)
    old = _put_aside(wanted.path) if clear else ""
    outcome = None
    try:
        layout = make(wanted)
        register(layout)
        if wanted.private and (pip or wheels):
            _seed(layout, wanted, settings, pip=pip, wheels=wheels, reporter=reporter)
        if request is not None:
            outcome = install(layout, request, settings, reporter=reporter)
    except BaseException:
        _take_back(wanted, old, root)
        raise
    if old:
        trees.remove(old)
    return layout, outcome


def _put_aside(path: str) -> str:
    """Move the environment at `path` (absolute) aside and return where it is; "" where there is none.

    Where `path` is a link, what it leads to is moved, and an empty directory takes its place.
    """
    if not is_environment(path):
        return ""
    real = os.path.realpath(path) if os.path.islink(path) else path
    old = atomic.aside(real)
    try:
        ops.rename(real, old)
    except OSError as error:
        raise refusal(error, path) from error
    if real != path:
        ops.mkdir(real)
    return old


def _take_back(wanted: Wanted, old: str, root: roots.Root | None) -> None:
    """Remove what was made of the new environment, and put the old one back where there was one."""
    path = wanted.path
    real = os.path.realpath(path) if os.path.islink(path) else path
    if is_environment(real):
        # Without pyvenv.cfg it is no environment any more: stopped here, nothing half looks like one.
        trees.remove(f"{real}/pyvenv.cfg")
        trees.remove(real)
    if not wanted.private:
        roots.remove(store_at(wanted.data), path)
    if not old:
        return
    if real != path:
        trees.remove(real)
    ops.rename(old, real)
    if root is not None:
        roots.register(store_at(wanted.data), path, root.entries, now=root.seen)


def _seed(
    layout: Layout,
    wanted: Wanted,
    settings: Settings,
    *,
    pip: bool,
    wheels: Sequence[str],
    reporter: Reporter,
) -> None:
    from alcove.actions.seeding import seeds

    placements = seeds(
        store_at(layout.private),
        wanted.interpreter,
        cache=settings.cache,
        pip=pip,
        wheels=wheels,
        mode=wanted.mode,
    )
    with hold(layout, settings, reporter) as held:
        held.change(placements, why=wanted.command)
