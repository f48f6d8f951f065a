"""`copy`: a new environment that shows what another one shows. Links again, so it takes milliseconds."""

from __future__ import annotations

import os

from alcove.actions.held import hold, register, store_root
from alcove.actions.reading import shown
from alcove.environments import config
from alcove.environments.create import Wanted, check_place, create
from alcove.errors import AlcoveError
from alcove.files import ops, trees
from alcove.interpreters.inspect import inspect
from alcove.store import layout as store_layout
from alcove.transactions import foreign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["copy"]


def copy(
    source: Layout, target: str, settings: Settings, *, reporter: Reporter | None = None
) -> Layout:
    """Make an environment at `target` (absolute) that holds what `source` holds now, and return its layout.

    The history is not copied. AlcoveError, with nothing left behind, where there is something at `target`, or `source`
    is not whole.
    """
    check_place(target, clear=False)
    generation = shown(source)
    root = store_root(source)
    private = root == source.private
    with store_layout.lock(store_layout.store_at(root), shared=True, timeout=settings.wait):
        made = create(_wanted(source, target, generation, settings, private=private))
        try:
            register(made)
            _fill(source, made, generation, settings, reporter, private=private)
        except BaseException:
            from alcove.actions.environments import delete

            delete(made.root, settings)
            raise
    return made


def _wanted(
    source: Layout, target: str, generation: Generation, settings: Settings, *, private: bool
) -> Wanted:
    values = config.read(source.root + "/pyvenv.cfg")
    prompt = config.prompt_of(values, "")
    if prompt in ("", os.path.basename(source.root)):
        prompt = os.path.basename(target)
    return Wanted(
        path=target,
        interpreter=inspect(source.python, cache=settings.cache),
        prompt=prompt,
        command=f"alcove copy {source.root}",
        data=target + "/.alcove" if private else store_root(source),
        mode=generation.mode,
        private=private,
        system_site=values.get("include-system-site-packages") == "true",
        copies=not os.path.islink(source.python),
        placements=() if private else _of_entries(generation),
    )


def _of_entries(generation: Generation) -> Sequence[Placement]:
    return [one for one in generation.placements if one.source.startswith("e/")]


def _fill(
    source: Layout,
    made: Layout,
    generation: Generation,
    settings: Settings,
    reporter: Reporter | None,
    *,
    private: bool,
) -> None:
    """Bring what lies in the environment itself: a store of its own, what others placed, the user's own files."""
    kept = [one.source for one in generation.placements if one.source.startswith("kept/")]
    if private:
        kept += [one.source for one in _of_entries(generation)]
    for place in dict.fromkeys(kept):
        trees.make_directories(os.path.dirname(f"{made.private}/{place}"))
        _copy_tree(f"{source.private}/{place}", f"{made.private}/{place}")
    own = foreign.find(source.site_packages, generation.placements)
    own = [path for path in own if not path.endswith(".dist-info")]
    foreign.carry(source.site_packages, made.site_packages, own)
    with hold(made, settings, reporter) as held:
        if kept:
            held.change(generation.placements, why=f"alcove copy {source.root}")


def _copy_tree(source: str, target: str) -> None:
    """Copy a directory as it is, with the times of its files and directories."""
    if os.path.islink(source) or not os.path.isdir(source):
        raise AlcoveError(f"{source} is missing", hint="alcove repair")
    ops.mkdir(target)
    folders = [""]
    for path, entry in trees.walk(source):
        if entry.is_dir(follow_symlinks=False):
            ops.mkdir(f"{target}/{path}")
            folders.append(path)
        elif entry.is_symlink():
            ops.symlink(os.readlink(entry.path), f"{target}/{path}")
        else:
            ops.copy(entry.path, f"{target}/{path}")
    for path in reversed(folders):
        facts = os.stat(f"{source}/{path}")
        ops.utime(f"{target}/{path}", ns=(facts.st_atime_ns, facts.st_mtime_ns))
