"""An environment made in a directory that holds something already, as venv and virtualenv do; what is there stays.

Nothing here is atomic as a whole; `pyvenv.cfg`, which makes the directory an environment, comes last.
"""

from __future__ import annotations

import os

from alcove.actions import left
from alcove.actions.create import Options, is_private
from alcove.actions.held import hold, register
from alcove.actions.stores import store_root
from alcove.environments import config
from alcove.environments.activation.scripts import render
from alcove.environments.adopt import adopt
from alcove.environments.create import Wanted, config_of
from alcove.environments.layout import BIN
from alcove.events import Silent
from alcove.files import atomic, links, ops, trees
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["copy_interpreter", "directories", "fill", "give_pip", "link_interpreter"]


def fill(
    path: str,
    settings: Settings,
    *,
    options: Options,
    interpreter: Interpreter,
    reporter: Reporter | None = None,
) -> Layout:
    """Make the environment at `path` (absolute), keeping what is there; AlcoveError where something is in the way."""
    tell = reporter or Silent()
    wanted = _wanted(path, settings, options=options, interpreter=interpreter, reporter=tell)
    layout = _adopted(wanted)
    _place_interpreters(layout, interpreter, copies=options.copies)
    for name, text, executable in render(path, prompt=wanted.prompt, bin_name=BIN):
        if name in options.activators:
            atomic.replace_file(f"{layout.bin}/{name}", text, mode=0o777 if executable else 0o666)
    if options.ignore and not os.path.lexists(f"{path}/.gitignore"):
        ops.write(f"{path}/.gitignore", b"*\n")
    atomic.replace_file(f"{path}/pyvenv.cfg", config.render(config_of(wanted)))
    if options.pip or options.wheels:
        give_pip(
            layout,
            settings,
            interpreter=interpreter,
            pip=options.pip,
            wheels=options.wheels,
            command=options.command,
        )
    return layout


def directories(path: str, settings: Settings, *, interpreter: Interpreter, command: str) -> Layout:
    """Make what is missing of the directories of an environment at `path` (absolute); AlcoveError where it cannot be."""
    options = Options(command=command)
    wanted = _wanted(path, settings, options=options, interpreter=interpreter, reporter=Silent())
    return _adopted(wanted)


def _adopted(wanted: Wanted) -> Layout:
    """Make the directories, noted in the store beside what an environment uses that lay there before and was moved."""
    if not wanted.private and left.came(wanted.path):
        left.keep(store_at(wanted.data), wanted.path)
    layout = adopt(wanted)
    register(layout)
    return layout


def _wanted(
    path: str,
    settings: Settings,
    *,
    options: Options,
    interpreter: Interpreter,
    reporter: Reporter,
) -> Wanted:
    return Wanted(
        path=path,
        interpreter=interpreter,
        prompt=options.prompt or os.path.basename(path),
        command=options.command,
        data=settings.data,
        mode=options.link_mode or settings.link_mode or "view",
        private=is_private(options, path, settings, reporter=reporter),
        system_site=options.system_site,
        copies=options.copies,
        placements=(),
        config=options.config,
        ignore=options.ignore,
        activators=options.activators,
    )


def give_pip(
    layout: Layout,
    settings: Settings,
    *,
    interpreter: Interpreter,
    command: str,
    pip: bool = True,
    wheels: Sequence[str] = (),
) -> None:
    """Make the pip of ours that of the environment, and add the `wheels` (absolute) whose projects it does not have."""
    from alcove.actions.seeding import seeds

    placements = seeds(
        store_at(store_root(layout)),
        interpreter,
        cache=settings.cache,
        pip=pip,
        wheels=wheels,
        mode=settings.link_mode or "view",
    )
    with hold(layout, settings) as held:
        here = {one.name for one in held.shown.placements if one.name != "pip"}
        coming = [one for one in placements if one.name not in here]
        names = {one.name for one in coming}
        kept = [one for one in held.shown.placements if one.name not in names]
        if set(coming) - set(held.shown.placements):
            known = {row.path for one in held.shown.placements for row in one.data}
            _make_room(layout, {row.path for one in coming for row in one.data} - known)
            held.change([*kept, *coming], why=command)


def _make_room(layout: Layout, paths: set[str]) -> None:
    """Remove the programs that another pip left in `bin`: ours have their names, as with every installer of pip."""
    for path in paths:
        full = f"{layout.root}/{path}"
        if path.startswith(f"{BIN}/pip") and os.path.lexists(full):
            trees.remove(full)


def _place_interpreters(layout: Layout, interpreter: Interpreter, *, copies: bool) -> None:
    major, minor = interpreter.version_info[:2]
    first = layout.python
    if copies:
        copy_interpreter(interpreter.executable, first, first="")
    else:
        link_interpreter(interpreter.executable, first)
    for stem in ("python", "pypy") if interpreter.implementation == "PyPy" else ("python",):
        for name in (stem, f"{stem}{major}", f"{stem}{major}.{minor}"):
            path = f"{layout.bin}/{name}"
            if path == first:
                continue
            if copies:
                copy_interpreter(first, path, first=first)
            else:
                link_interpreter(os.path.basename(first), path)


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
