"""The steps of an environment that is made in place: where hooks stand between them, or a directory holds something."""

from __future__ import annotations

import os

from alcove.actions.create import Options, is_private
from alcove.actions.held import hold, register
from alcove.actions.held import store_root as store_root_of
from alcove.environments.adopt import adopt
from alcove.environments.create import Wanted
from alcove.environments.layout import BIN, Layout
from alcove.events import Silent
from alcove.files import atomic, links, ops, trees
from alcove.venv import running

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import SimpleNamespace

    from alcove.settings import Settings

__all__ = ["copy_interpreter", "directories", "give_pip", "link_interpreter"]


def directories(path: str, settings: Settings, *, command: str) -> Layout:
    """Make what is missing of the directories of an environment at `path` (absolute); AlcoveError where that cannot be."""
    interpreter = running.interpreter()
    private = is_private(Options(), path, settings, reporter=Silent())
    layout = adopt(
        Wanted(
            path=path,
            interpreter=interpreter,
            prompt="",
            command=command,
            data=settings.data,
            mode=settings.link_mode or "view",
            private=private,
            system_site=False,
            copies=False,
            placements=(),
        )
    )
    register(layout)
    return layout


def give_pip(context: SimpleNamespace, settings: Settings, *, command: str) -> None:
    """Make the pip of ours, and the setuptools of Pythons that bring one, the ones of the environment."""
    from alcove.actions.seeding import seeds
    from alcove.store.layout import store_at

    interpreter = running.interpreter()
    layout = Layout(context.env_dir, interpreter.library)
    bundled = running.bundled_setuptools()
    placements = seeds(
        store_at(store_root_of(layout)),
        interpreter,
        cache=settings.cache,
        pip=True,
        wheels=[bundled] if bundled else [],
        mode=settings.link_mode or "view",
    )
    with hold(layout, settings) as held:
        here = {one.name for one in held.shown.placements if one.name != "pip"}
        coming = [one for one in placements if one.name not in here]
        names = {one.name for one in coming}
        kept = [one for one in held.shown.placements if one.name not in names]
        _make_room(layout, {row.path for one in coming for row in one.data})
        held.change([*kept, *coming], why=command)


def _make_room(layout: Layout, paths: set[str]) -> None:
    """Remove the programs that another pip left in `bin`: ours have their names, as with every installer of pip."""
    for path in paths:
        full = f"{layout.root}/{path}"
        if path.startswith(f"{BIN}/pip") and os.path.lexists(full):
            trees.remove(full)


def link_interpreter(source: str, target: str) -> None:
    """Make `target` (absolute) a link that says `source`, whatever link or file was there; nothing where it does."""
    if not (os.path.islink(target) and os.readlink(target) == source):
        atomic.replace_link(target, source)


def copy_interpreter(source: str, target: str, *, first: str) -> None:
    """Make `target` (absolute) a copy of the program `source`; one more name of the copy `first` where that is one."""
    staged = atomic.aside(target)
    if source == first and not os.path.islink(first):
        links.relink(first, staged)
    else:
        ops.copy(source, staged)
        ops.chmod(staged, 0o755)
    ops.rename(staged, target)  # also over a program that runs
